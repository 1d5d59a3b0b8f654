"""Single files of a checkout as they were when it was made, whatever lies in their place now."""

import os
import shutil
from pathlib import Path

import pytest

from bot.adapters.git.git import GitCommandLine
from bot.core.ports import Checkout
from bot.ids import TreeSha
from tests.adapters.git.origin import REPO, Content, Gitlink, Link, Origin, Program, fetched, files_below

FILES: dict[str, Content] = {
    "a.py": b"a\n",
    "docs/deep/er/read.md": b"# Read\n",
    "docs/tool": Program(b"#!/bin/sh\n"),
    "link": Link("a.py"),
    "m": Gitlink("3" * 40),
    "mine/x": b"x\n",
    "t\u00e9xt\n.txt": b"odd\n",
}


@pytest.fixture
def made(git: GitCommandLine, origin: Origin) -> tuple[Checkout, TreeSha]:
    tree = fetched(git, origin.commit(FILES))
    return git.checkout(REPO, tree, "agent"), tree


def damage(root: Path, how: str) -> None:
    if how == "written":
        for path in ("a.py", "docs/deep/er/read.md", "docs/tool"):
            (root / path).write_text("not mine\n")
        (root / "docs/tool").chmod(0o600)
    elif how == "removed":
        shutil.rmtree(root / "docs")
        for path in ("a.py", "link", "t\u00e9xt\n.txt"):
            (root / path).unlink()
    elif how == "a folder in its place":
        (root / "a.py").unlink()
        (root / "a.py" / "b" / "c").mkdir(parents=True)
        (root / "a.py" / "b" / "c" / "d").write_text("x")
    elif how == "a file in the folder's place":
        shutil.rmtree(root / "docs")
        (root / "docs").write_text("x")
    elif how == "a link in the folder's place":
        shutil.rmtree(root / "docs" / "deep")
        (root / "docs" / "deep").symlink_to(root.parent)
        (root / "a.py").unlink()
        (root / "a.py").symlink_to("/etc/passwd")
    else:
        (root / "a.py").write_text("not mine\n")
        (root / "docs" / "deep" / "er" / "read.md").write_text("not mine\n")
        (root / "docs" / "deep").chmod(0)
        (root / "docs").chmod(0o500)


@pytest.mark.parametrize(
    "how",
    [
        "written",
        "removed",
        "a folder in its place",
        "a file in the folder's place",
        "a link in the folder's place",
        "closed",
    ],
)
def test_whatever_happened_to_them_they_are_as_they_were(
    git: GitCommandLine, made: tuple[Checkout, TreeSha], how: str
) -> None:
    checkout, tree = made
    damage(checkout.path, how)
    left = git.snapshot(checkout)
    changed = [change.path for change in git.changed_in(checkout, tree, left)]
    assert changed
    assert set(git.put_back(checkout, changed)) == set(changed) & set(FILES)
    assert git.snapshot(checkout) == tree
    assert sorted(path.name for path in checkout.path.parent.iterdir()) == [checkout.path.name]


def test_only_what_is_asked_for_and_what_was_there_is_put_back(
    git: GitCommandLine, made: tuple[Checkout, TreeSha]
) -> None:
    checkout, tree = made
    root = checkout.path
    (root / "mine/x").write_text("mine\n")
    (root / "new").write_text("new\n")
    (root / "a.py").write_text("not mine\n")
    stamp = os.stat(root / "docs/tool").st_ctime_ns
    assert git.put_back(checkout, ["new", "a.py", "nowhere", "../a.py", "docs", ""]) == ("a.py",)
    assert files_below(root) | {"a.py": b"a\n", "mine/x": b"mine\n", "new": b"new\n"} == files_below(root)
    assert os.stat(root / "docs/tool").st_ctime_ns == stamp
    assert git.put_back(checkout, []) == ()
    changed = git.changed_in(checkout, tree, git.snapshot(checkout))
    assert [(change.kind.value, change.path) for change in changed] == [("M", "mine/x"), ("A", "new")]


def test_what_it_was_made_with_counts_and_not_what_was_snapshot_since(
    git: GitCommandLine, made: tuple[Checkout, TreeSha]
) -> None:
    checkout, tree = made
    (checkout.path / "new").write_text("new\n")
    (checkout.path / "a.py").write_text("not mine\n")
    later = git.snapshot(checkout)
    git.restore(checkout, later, git.bundle(checkout, later, tree))
    assert git.put_back(checkout, ["new", "a.py"]) == ("a.py",)
    assert [change.path for change in git.changed_in(checkout, tree, git.snapshot(checkout))] == ["new"]


def test_a_submodules_folder(git: GitCommandLine, made: tuple[Checkout, TreeSha]) -> None:
    checkout, tree = made
    (checkout.path / "m" / "x").write_text("in the folder")
    git.snapshot(checkout)
    assert git.put_back(checkout, ["m"]) == ("m",)
    assert (
        git.changed_in(checkout, tree, git.snapshot(checkout))[-1].path == "m"
    )  # an empty folder is no gitlink any more


def test_files_belong_to_the_box_and_the_folder_stays_closed(
    git: GitCommandLine, made: tuple[Checkout, TreeSha]
) -> None:
    checkout, _ = made
    shutil.rmtree(checkout.path / "docs")
    mode = checkout.path.stat().st_mode
    git.put_back(checkout, ["docs/tool", "docs/deep/er/read.md"])
    assert checkout.path.stat().st_mode == mode
    owner = os.geteuid() if checkout.box_uid is None else checkout.box_uid
    assert {path.lstat().st_uid for path in (checkout.path, *checkout.path.rglob("*"))} == {owner}
