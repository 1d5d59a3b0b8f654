"""`specbot new` as a person calls it, in folders of several kinds."""

from pathlib import Path

import pytest

from tests.commands.calling import specbot


def repository(folder: Path, *paths: str) -> Path:
    for path in (".git/HEAD", *paths):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("")
    return folder


def test_the_skeleton_is_written_and_linted_without_a_word(tmp_path: Path) -> None:
    root = repository(tmp_path, "src/a.py", "tests/test_a.py", "specs/0007-old.md")
    said = specbot("new", "Cut it at a word", cwd=root)
    assert (said.code, said.out) == (0, "specs/0008-cut-it-at-a-word.md\n")
    first, second = said.err.splitlines()
    assert "`python -m pytest -q tests`, because `tests` holds tests in Python" in first
    assert "specbot lint specs/0008-cut-it-at-a-word.md" in second
    text = (root / said.out.strip()).read_text()
    assert "# Cut it at a word\n" in text
    linted = specbot("lint", said.out.strip(), cwd=root)
    assert linted.code == 0
    assert "SB" not in linted.out
    (root / said.out.strip()).write_text(text.replace("draft", "ready"))
    assert "SB303" in specbot("lint", said.out.strip(), cwd=root).out


def test_from_a_folder_below_the_path_leads_to_the_same_place(tmp_path: Path) -> None:
    root = repository(tmp_path, "src/a.go", "go.mod")
    said = specbot("new", "Нити", cwd=root / "src")
    assert said.out == "../specs/0001-нити.md\n"
    assert "go test ./..." in (root / "specs/0001-нити.md").read_text()


def test_in_a_monorepo_the_project_around_the_author_speaks(tmp_path: Path) -> None:
    root = repository(tmp_path, "api/src/a.py", "api/tests/test_a.py", "api/setup.py", "web/package.json")
    (root / "api/tests/test_a.py").write_text("import unittest\n")
    said = specbot("new", "Cut it", cwd=root / "api/src")
    assert said.out == "../../specs/0001-cut-it.md\n"
    text = (root / "specs/0001-cut-it.md").read_text()
    assert 'scope: [api/src/**, api/tests/**]\nkeep: ["cd api && python -m unittest discover -s tests"]\n' in text
    assert "  cd api && python -m unittest tests/test_cut_it.py\n" in text
    assert specbot("lint", "specs", cwd=root).out == ""


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    root = repository(tmp_path, "specs/plain.md")
    (root / "specs/cut.md").write_text("mine")
    for words in (["Cut"], ["Else", "--path", "specs/cut.md"], ["Else", "--path", "specs"]):
        said = specbot("new", *words, cwd=root)
        assert (said.code, said.out) == (2, "")
        assert "already" in said.err
    assert (root / "specs/cut.md").read_text() == "mine"


@pytest.mark.parametrize(
    ("path", "fault"),
    [("../x.md", "lies outside"), (".kiro/specs/a/requirements.md", "Kiro's own files"), ("out/x.md", "lies outside")],
)
def test_a_path_is_refused_where_no_native_spec_can_stand(tmp_path: Path, path: str, fault: str) -> None:
    root = repository(tmp_path / "repository", "a.py")
    (tmp_path / "elsewhere").mkdir()
    (root / "out").symlink_to(tmp_path / "elsewhere")
    said = specbot("new", "Cut", "--path", path, cwd=root)
    assert said.code == 2
    assert fault in said.err
    assert "Traceback" not in said.err
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_specs_folder_that_leads_out_is_refused(tmp_path: Path) -> None:
    root = repository(tmp_path / "repository", "a.py")
    (tmp_path / "elsewhere").mkdir()
    (root / "specs").symlink_to(tmp_path / "elsewhere")
    assert "lies outside" in specbot("new", "Cut", cwd=root).err
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_path_that_no_glob_names_is_written_and_said(tmp_path: Path) -> None:
    root = repository(tmp_path, "a.py")
    said = specbot("new", "Cut", "--path", "notes/cut.md", cwd=root)
    assert (said.code, said.out) == (0, "notes/cut.md\n")
    assert "counts for nothing" in said.err


def test_beside_other_tools_specs_one_line_says_so(tmp_path: Path) -> None:
    root = repository(tmp_path, ".kiro/specs/a/requirements.md", "openspec/changes/b/proposal.md")
    said = specbot("new", "Cut", cwd=root)
    assert said.out == "specs/0001-cut.md\n"
    assert said.err.startswith("The specs here are Kiro and OpenSpec's")
    assert "The specs here" not in specbot("new", "Again", cwd=root).err


def test_hostile_manifests_and_folders_without_git_are_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_bytes(b"[" * 2_000_000)
    (tmp_path / "pyproject.toml").mkdir()
    (tmp_path / "Makefile").symlink_to("nowhere")
    said = specbot("new", "Cut", cwd=tmp_path)
    assert (said.code, said.out) == (0, "specs/0001-cut.md\n")
    assert "no test command was found" in said.err


def test_a_title_is_needed(tmp_path: Path) -> None:
    for words in ([], [" "]):
        said = specbot("new", *words, cwd=tmp_path)
        assert said.code == 2
        assert "TITLE" in said.err or "a spec needs a title" in said.err
    assert list(tmp_path.iterdir()) == []
