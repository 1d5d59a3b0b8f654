"""`specbot lint` as people and tools call it: what is printed where, and with which status it ends."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.commands.calling import Said, specbot
from tests.core.specs.writing import with_criteria

SPEC = "specs/a.md"
GOOD = with_criteria("- **AC-1** (accept) a")
SCOPED = "---\nscope: [nowhere/**]\n---\n" + GOOD
BROKEN = "---\nstatsu: draft\n---\n" + GOOD


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "specs").mkdir()
    return tmp_path


def lint(folder: Path, *words: str, text: str = "") -> Said:
    if text:
        (folder / SPEC).write_bytes(text.encode())
    return specbot("lint", *words, cwd=folder)


def test_a_good_spec_is_not_worth_a_word(folder: Path) -> None:
    assert lint(folder, text=GOOD) == Said(0, "", "")
    assert lint(folder, "-v") == Said(0, "", "No findings in 1 spec\n")
    assert json.loads(lint(folder, "--json").out) == [{"path": SPEC, "findings": []}]
    assert lint(folder, "--fix") == Said(0, "", "")
    assert lint(folder, "--fix", "--diff") == Said(0, "", "")


def test_errors_fail_and_warnings_only_where_it_is_strict(folder: Path) -> None:
    said = lint(folder, text=BROKEN)
    assert said.code == 1
    first, summary = said.out.splitlines()
    assert first.startswith(f"{SPEC}:2:1 SB004 error Unknown key `statsu`. (Did you mean `status`?)")
    assert summary.startswith("1 error in 1 spec; `specbot lint --fix` mends it;")
    said = lint(folder, text=SCOPED)
    assert (said.code, "SB124 warning" in said.out) == (0, True)
    assert lint(folder, "--strict").code == 1
    assert lint(folder, "--strict", text=with_criteria("- **AC-1** a")).code == 0, "a notice is no warning"


def test_json_says_all_of_a_finding(folder: Path) -> None:
    said = lint(folder, "--json", text=BROKEN)
    [read] = json.loads(said.out)
    assert (said.code, read["path"]) == (1, SPEC)
    assert read["findings"] == [
        {
            "rule": "SB004",
            "severity": "error",
            "path": SPEC,
            "line": 2,
            "column": 1,
            "end_line": 2,
            "message": "Unknown key `statsu`.",
            "hint": "Did you mean `status`?",
            "fixable": True,
        }
    ]


def test_fixing_says_what_was_mended_and_what_is_left(folder: Path) -> None:
    text = BROKEN + "- **AC-1** (accept) b\n"
    said = lint(folder, "--fix", text=text)
    mended, left, summary = said.out.splitlines()
    assert mended == f"{SPEC}:2:1 SB004 mended Unknown key `statsu`."
    assert left.startswith(f"{SPEC}:9:1 SB007 error")
    assert summary.startswith("1 mended; 1 error in 1 spec;")
    assert (said.code, (folder / SPEC).read_text()) == (1, text.replace("statsu", "status"))
    said = lint(folder, "--fix", text=BROKEN)
    assert (said.code, said.out.splitlines()[-1]) == (0, "1 mended; no findings in 1 spec")
    [read] = json.loads(lint(folder, "--fix", "--json", text=BROKEN).out)
    assert (read["findings"], [f["rule"] for f in read["mended"]]) == ([], ["SB004"])


def test_the_difference_is_shown_and_nothing_is_written(folder: Path) -> None:
    text = BROKEN.replace("\n", "\r\n") + "x\u200b"
    said = lint(folder, "--fix", "--diff", text=text)
    assert said.code == 1, "the file still has its error"
    assert (folder / SPEC).read_bytes() == text.encode()
    subprocess.run(["git", "apply", "-"], cwd=folder, input=said.out.encode(), check=True)
    assert (folder / SPEC).read_bytes() == text.replace("statsu", "status").replace("\u200b", "").encode()


def test_what_a_tool_names_is_linted_or_left_out(folder: Path) -> None:
    (folder / "README.md").write_text("x")
    assert lint(folder, "--hook", "README.md") == Said(0, "", "")
    assert lint(folder, "--hook", "specs/b.md") == Said(0, "", "specbot: specs/b.md is not there and was left out\n")
    assert lint(folder, "--hook", "README.md", SPEC, text=BROKEN).code == 1
    assert lint(folder, "specs/b.md", SPEC).code == 1
    assert lint(folder, "README.md").code == 1, "a person means it"


@pytest.mark.parametrize(
    "words",
    [["specs/b.md"], ["--diff"], ["--fix", "--diff", "--json"], ["--explain", "SB999"], ["--what"]],
    ids=" ".join,
)
def test_a_wrong_call_ends_with_2(folder: Path, words: list[str]) -> None:
    said = lint(folder, *words, text=GOOD)
    assert (said.code, said.out) == (2, "")
    assert said.err


def test_rules_are_listed_and_explained(folder: Path) -> None:
    listed = lint(folder, "--rules").out
    assert "SB103  error    Tasks that wait for each other\n" in listed
    assert lint(folder, "--explain", "all").out == listed
    said = lint(folder, "--explain", "sb103")
    assert (said.code, said.out.startswith("# SB103 Tasks that wait for each other\n")) == (0, True)
    assert "SB103 (Tasks that wait for each other)" in lint(folder, "--explain", "SB1O3").err
