"""Trees that no honest git would make: they do not come in, and if they did, they would not be laid out."""

import os
import shutil
from pathlib import Path

import pytest

from bot.adapters.git.git import GitCommandLine
from bot.errors import Unsafe
from bot.ids import Sha, TreeSha
from tests.adapters.git.origin import REPO, Content, Origin, fetched, files_below

NAMES = [
    b".git",
    b".GIT",
    b".git.",
    b".git ",
    b"git~1",
    b".git::$INDEX_ALLOCATION",
    ".g\u200cit".encode(),
    b"..",
    b".",
    b"",
    b"a/b",
    b"/etc",
    b"..\\..\\.git\\x",
]


def evil_tree(origin: Origin, name: bytes) -> str:
    inner = origin.tree({"hooks/post-checkout": b"#!/bin/sh\n", "config": b"[core]\n"})
    return origin.raw_tree([("40000", name, inner), ("100644", b"a", origin.blob(b"a"))])


@pytest.mark.parametrize("name", NAMES)
def test_hostile_names_do_not_come_in_or_are_not_laid_out(git: GitCommandLine, origin: Origin, name: bytes) -> None:
    commit = origin.commit_tree(evil_tree(origin, name))

    def life() -> None:
        # Some names are no flaw to fsck; then ours is the judgement.
        git.checkout(REPO, fetched(git, commit), "t")

    with pytest.raises(Unsafe):
        life()


@pytest.mark.parametrize("name", [name for name in NAMES if name != b"a/b"])
def test_hostile_names_are_not_laid_out_even_when_they_are_in(
    git: GitCommandLine, origin: Origin, tmp_path: Path, name: bytes
) -> None:
    fetched(git, origin.commit({"a": b"a"}))
    tree = TreeSha(evil_tree(origin, name))
    smuggle(origin, tmp_path)
    for call in (lambda: git.checkout(REPO, tree, "t"), lambda: git.entries(REPO, tree)):
        with pytest.raises(Unsafe):
            call()
    assert list((tmp_path / "state" / "w").iterdir()) == []


def smuggle(origin: Origin, tmp_path: Path) -> None:
    """Put the origin's objects into the mirror behind git's back."""
    shutil.copytree(origin.path / "objects", tmp_path / "state/mirrors/7.git/objects", dirs_exist_ok=True)


def test_a_link_and_a_folder_of_one_name_lead_nowhere(git: GitCommandLine, origin: Origin, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    fetched(git, origin.commit({"a": b"a"}))
    link, inner = origin.blob(str(outside).encode()), origin.tree({"planted": b"x"})
    trees = [
        origin.raw_tree([("120000", b"d", link), ("40000", b"d", inner)]),
        origin.raw_tree([("40000", b"d", inner), ("120000", b"d", link)]),
        origin.raw_tree([("120000", b"d", link), ("100644", b"d", origin.blob(b"x"))]),
        origin.raw_tree([("100644", b"d", origin.blob(b"x")), ("160000", b"d", "3" * 40)]),
    ]
    smuggle(origin, tmp_path)
    for tree in trees:
        with pytest.raises(Unsafe):
            git.checkout(REPO, TreeSha(tree), "t")
    for tree in trees[2:]:
        with pytest.raises(Unsafe, match="twice"):
            git.entries(REPO, TreeSha(tree))
    assert files_below(outside) == {}


def test_a_tree_bomb_is_cut_off(git: GitCommandLine, origin: Origin) -> None:
    tree = origin.tree({"f": b""})
    for _ in range(6):
        tree = origin.raw_tree([("40000", b"%d" % n, tree) for n in range(10)])
    bomb = fetched(git, origin.commit_tree(tree))
    with pytest.raises(Unsafe):
        git.checkout(REPO, bomb, "t")


def test_a_bomb_of_bytes_is_not_laid_out(git: GitCommandLine, origin: Origin, tmp_path: Path) -> None:
    blob = origin.blob(bytes(32 << 20))
    bomb = fetched(git, origin.commit_tree(origin.raw_tree([("100644", b"%03d" % n, blob) for n in range(150)])))
    with pytest.raises(Unsafe, match="too large"):
        git.checkout(REPO, bomb, "t")


def test_a_deep_tree_is_refused(git: GitCommandLine, origin: Origin) -> None:
    tree = origin.tree({"f": b""})
    for _ in range(140):
        tree = origin.raw_tree([("40000", b"d", tree)])
    with pytest.raises(Unsafe):
        git.checkout(REPO, fetched(git, origin.commit_tree(tree)), "t")


def test_hostile_names_in_a_change_are_told_apart(git: GitCommandLine, origin: Origin) -> None:
    odd: dict[str, Content] = {"ok": b"", "a\nb": b"", "\x1b[31mred": b"", "--output=x": b""}
    old, new = fetched(git, origin.commit({})), fetched(git, origin.commit(odd))
    assert {change.path for change in git.changed(REPO, old, new)} == set(odd)
    latin = origin.raw_tree([("100644", b"caf\xe9", origin.blob(b""))])
    bad = fetched(git, origin.commit_tree(latin))
    with pytest.raises(Unsafe, match="UTF-8"):
        git.changed(REPO, old, bad)
    assert [change.kind for change in git.changed(REPO, bad, old)] == ["D"]


def test_a_spec_that_is_a_link_is_no_file(git: GitCommandLine, origin: Origin) -> None:
    tree = origin.raw_tree([("120000", b"spec.md", origin.blob(b"/etc/passwd"))])
    seen = fetched(git, origin.commit_tree(tree))
    assert git.read(REPO, seen, "spec.md") is None
    checkout = git.checkout(REPO, seen, "t")
    assert os.readlink(checkout.path / "spec.md") == "/etc/passwd"
    assert git.read(REPO, git.keep_snapshot(checkout, git.snapshot(checkout)), "spec.md") is None


def test_honest_old_flaws_do_come_in(git: GitCommandLine, origin: Origin) -> None:
    """Trees and commits that old tools wrote; GitHub serves histories that hold them."""
    tree = origin.raw_tree([("040000", b"d", origin.tree({"f": b"old"}))])
    head = origin.store("commit", f"tree {tree}\nauthor A <a>1 +0000\ncommitter A 1 +0000\n\nold\n".encode())
    assert git.read(REPO, fetched(git, Sha(head)), "d/f") == b"old"
