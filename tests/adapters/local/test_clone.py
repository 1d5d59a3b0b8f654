"""A spec in the user's own clone, one file or a folder: what becomes a commit, and what it is compared with."""

import subprocess
from pathlib import Path

import pytest

from bot.adapters.local.clone import Clone
from bot.errors import UserFault

FOLDER = "specs/001-cut"


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "config", "user.email", "ada@example.org")
    git(tmp_path, "config", "user.name", "Ada")
    write(tmp_path, {"cut.py": "", ".gitignore": "*.tmp\n"})
    return Clone.around(committed(tmp_path, "First"))


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", "-C", str(folder), *words], capture_output=True, text=True, check=True).stdout.strip()


def write(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def committed(root: Path, message: str) -> Path:
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", message)
    return root


def names(clone: Clone, commit: str) -> list[str]:
    return git(clone.root, "ls-tree", "-r", "--name-only", commit, "--", "specs").split()


def test_a_folder_is_taken_whole_by_any_of_its_files(clone: Clone) -> None:
    write(clone.root, {f"{FOLDER}/spec.md": "# A", f"{FOLDER}/tasks.md": "# T", f"{FOLDER}/x.tmp": "ignored"})
    before = git(clone.root, "status", "--porcelain")
    for named in (FOLDER, f"{FOLDER}/tasks.md"):
        work = clone.find_work(clone.root / named)
        assert (work.spec_path, work.branch) == (FOLDER, "specbot/001-cut-1")
        assert names(clone, work.head) == [f"{FOLDER}/spec.md", f"{FOLDER}/tasks.md"]
        assert work.base == git(clone.root, "rev-parse", "HEAD")
    assert git(clone.root, "status", "--porcelain") == before


def test_a_file_that_was_deleted_in_the_folder_is_gone_in_the_commit(clone: Clone) -> None:
    write(clone.root, {f"{FOLDER}/spec.md": "# A", f"{FOLDER}/plan.md": "# P"})
    committed(clone.root, "The spec")
    (clone.root / FOLDER / "plan.md").unlink()
    assert names(clone, clone.find_work(clone.root / FOLDER).head) == [f"{FOLDER}/spec.md"]


def test_a_folder_that_grew_is_compared_with_what_was_before_it(clone: Clone) -> None:
    first = git(clone.root, "rev-parse", "HEAD")
    write(clone.root, {f"{FOLDER}/spec.md": "# A"})
    committed(clone.root, "The spec")
    write(clone.root, {f"{FOLDER}/tasks.md": "# T", "cut.py": "done"})
    head = git(committed(clone.root, "The work"), "rev-parse", "HEAD")
    work = clone.find_work(clone.root / FOLDER)
    assert (work.head, work.base) == (head, first)


def test_a_file_is_compared_with_what_was_before_its_last_change(clone: Clone) -> None:
    write(clone.root, {"specs/a.md": "# A"})
    once = git(committed(clone.root, "The spec"), "rev-parse", "HEAD")
    write(clone.root, {"specs/a.md": "# B"})
    committed(clone.root, "Another")
    assert clone.find_work(clone.root / "specs/a.md").base == once


def test_what_is_no_spec_is_said(clone: Clone) -> None:
    (clone.root / "src").mkdir()
    for named, words in (("src", "folder of no spec"), ("specs/nothing.md", "there is no file")):
        with pytest.raises(UserFault) as caught:
            clone.find_work(clone.root / named)
        assert words in caught.value.message
        assert caught.value.hint


def test_formats_that_are_switched_off_are_not_folders(clone: Clone) -> None:
    write(clone.root, {f"{FOLDER}/spec.md": "# A", ".github/specbot.yml": "formats: native\n"})
    assert clone.find_work(clone.root / FOLDER / "spec.md").spec_path == f"{FOLDER}/spec.md"
