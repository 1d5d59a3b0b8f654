"""Which specs are meant by what was named, and that mending writes what it said and nothing else."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.core.specs.layouts import SpecPlace
from bot.core.specs.model import SpecFormat
from bot.errors import UserFault
from bot.local_lint import Bench, Chosen
from tests.core.specs.writing import with_criteria

FEATURE = SpecPlace("specs/014-export", SpecFormat.SPECKIT)
CUT = SpecPlace("specs/0001-cut.md", SpecFormat.NATIVE)
OTHER = SpecPlace("docs/other.spec.md", SpecFormat.NATIVE)
SPEC = with_criteria("- **AC-1** (accept) a")
FILES = {
    "specs/014-export/spec.md": "# Feature\n",
    "specs/014-export/tasks.md": "# Tasks\n",
    "specs/0001-cut.md": SPEC,
    "docs/other.spec.md": SPEC,
    "docs/notes.md": SPEC,
}


def bench(folder: Path, files: Mapping[str, str]) -> Bench:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())
    return Bench.at(folder)


def chosen(folder: Path, *names: str, by_tool: bool = False, files: Mapping[str, str] = FILES) -> Chosen:
    return bench(folder, files).choose([folder / name for name in names], by_tool=by_tool)


def test_all_specs_are_meant_when_none_is_named(tmp_path: Path) -> None:
    assert chosen(tmp_path) == Chosen((OTHER, CUT, FEATURE))
    assert chosen(tmp_path, by_tool=True) == Chosen(())


def test_several_files_of_one_spec_are_one_spec(tmp_path: Path) -> None:
    names = ("specs/014-export/tasks.md", "specs/0001-cut.md", "specs/014-export/spec.md", "specs/014-export")
    assert chosen(tmp_path, *names) == Chosen((FEATURE, CUT))


def test_a_folder_means_the_specs_in_it(tmp_path: Path) -> None:
    assert chosen(tmp_path, "specs") == Chosen((CUT, FEATURE))
    assert chosen(tmp_path, ".") == Chosen((OTHER, CUT, FEATURE))
    assert chosen(tmp_path, "specs/014-export/contracts", files={**FILES, "specs/014-export/contracts/a.md": ""}) == (
        Chosen((FEATURE,))
    )


def test_what_a_person_names_is_a_spec_and_what_a_tool_names_may_be_none(tmp_path: Path) -> None:
    notes = SpecPlace("docs/notes.md", SpecFormat.NATIVE)
    assert chosen(tmp_path, "docs/notes.md", "specs/0001-cut.md") == Chosen((notes, CUT))
    assert chosen(tmp_path, "docs/notes.md", "specs/0001-cut.md", by_tool=True) == Chosen((CUT,))
    config = {**FILES, ".github/specbot.yml": "specs: [docs/*.md]\n"}
    assert chosen(tmp_path, "docs/notes.md", "specs/0001-cut.md", by_tool=True, files=config) == Chosen((notes,))


def test_a_file_that_is_gone_is_left_out_or_looked_for_in_its_spec(tmp_path: Path) -> None:
    assert chosen(tmp_path, "specs/9.md", "specs/0001-cut.md") == Chosen((CUT,), ("specs/9.md",))
    assert chosen(tmp_path, "specs/014-export/plan.md") == Chosen((FEATURE,))
    assert chosen(tmp_path, "specs/9.md", "specs/015-x/spec.md", by_tool=True) == (
        Chosen((), ("specs/9.md", "specs/015-x/spec.md"))
    )


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("specs/9.md", "there is no file specs/9.md"),
        ("src", "there is no spec in src"),
        ("..", "lies outside of"),
    ],
)
def test_words_that_lead_to_no_spec_are_a_fault(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(UserFault, match=message):
        chosen(tmp_path, name, files={**FILES, "src/a.py": ""})


def test_nothing_at_all_is_a_fault_of_a_person_only(tmp_path: Path) -> None:
    with pytest.raises(UserFault, match="there is no spec here"):
        chosen(tmp_path, files={"README.md": ""})
    assert chosen(tmp_path, by_tool=True, files={"README.md": ""}) == Chosen(())


def test_mending_writes_what_it_said(tmp_path: Path) -> None:
    place = bench(tmp_path, {**FILES, "specs/0001-cut.md": SPEC.replace("**AC-1**", "AC-1").replace("\n", "\r\n")})
    untouched = (tmp_path / "docs/other.spec.md").stat()
    mended = [place.mend(one) for one in place.choose([]).places]
    assert b"- AC-1" in (tmp_path / "specs/0001-cut.md").read_bytes()
    for one in mended:
        place.write(one)
    assert (tmp_path / "specs/0001-cut.md").read_bytes() == SPEC.replace("\n", "\r\n").encode()
    assert (tmp_path / "docs/other.spec.md").stat() == untouched
    cut = next(one for one in mended if one.before.path == CUT.path)
    assert [f.rule for f in cut.before.findings] == ["SB101", "SB009"]
    assert [f.rule for f in cut.mending.mended] == ["SB009"]
    assert (cut.after.path, cut.after.findings) == (CUT.path, ())
    assert place.lint([CUT])[0].findings == ()


def test_the_tree_and_the_configuration_are_those_of_the_folder(tmp_path: Path) -> None:
    text = "---\nscope: [src/**]\n---\n" + with_criteria("- **AC-1** It is fast.\n  ```sh verify\n  a\n  ```")
    place = bench(tmp_path, {"specs/a.md": text, ".github/specbot.yml": "severities: {SB301: off}\n"})
    assert [f.rule for f in place.lint(place.choose([]).places)[0].findings] == ["SB124"]
