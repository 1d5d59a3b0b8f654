"""A commit that one machine made comes to another one: whole, checked, and only the one that was asked for."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.adapters.git.git import GitCommandLine
from bot.errors import NotThere, Unsafe
from bot.ids import Sha, TreeSha
from tests.adapters.git.origin import BOT, REPO, Origin, adapter, fetched

LIMIT = 1 << 20


@pytest.fixture
def head(git: GitCommandLine, origin: Origin) -> Sha:
    long = b"".join(b"line %d\n" % n for n in range(400))
    commit = origin.commit({"a.py": long, "b/c.py": b"c\n"})
    fetched(git, commit)
    return commit


@pytest.fixture
def other(tmp_path: Path, origin: Origin, head: Sha) -> Iterator[GitCommandLine]:
    """Another machine, which has the head."""
    made = adapter(tmp_path / "elsewhere", origin.path)
    fetched(made, head)
    yield made
    made.close()


def grown(git: GitCommandLine, head: Sha, name: str) -> Sha:
    """One commit more, with one file more."""
    checkout = git.checkout(REPO, git.tree(REPO, head), name)
    (checkout.path / name).write_text(f"{name}\n")
    with (checkout.path / "a.py").open("a") as file:
        file.write(f"{name}\n")
    tree = git.keep_snapshot(checkout, git.snapshot(checkout))
    git.discard(checkout)
    return git.commit(REPO, tree, [head], f"Add {name}", BOT)


def test_another_machine_has_the_commit_with_all_that_is_in_it(
    git: GitCommandLine, other: GitCommandLine, head: Sha
) -> None:
    first = grown(git, head, "one")
    second = grown(git, first, "two")
    tree = git.tree(REPO, second)
    assert other.missing(REPO, [head, first, second]) == (first, second)
    assert not other.has_tree(REPO, tree)
    for commit, beyond in ((first, head), (second, first), (second, first)):
        pack = git.pack(REPO, commit, beyond, limit=LIMIT)
        assert len(pack) < 2000, "the unchanged lines are not sent again"
        other.unpack(REPO, commit, pack)
    assert other.missing(REPO, [head, first, second]) == ()
    assert other.has_tree(REPO, tree)
    assert other.entries(REPO, tree) == git.entries(REPO, tree)
    assert other.contents(REPO, other.entries(REPO, tree)) == git.contents(REPO, git.entries(REPO, tree))
    other.push(REPO, second, "work", expected=None)
    assert other.branch_head(REPO, "work") == second


def test_a_commit_without_a_change_is_carried_too(git: GitCommandLine, other: GitCommandLine, head: Sha) -> None:
    same = git.commit(REPO, git.tree(REPO, head), [head], "Nothing", BOT)
    other.unpack(REPO, same, git.pack(REPO, same, head, limit=LIMIT))
    assert other.missing(REPO, [same]) == ()


def test_another_commit_than_the_one_that_was_asked_for_is_refused(
    git: GitCommandLine, other: GitCommandLine, head: Sha
) -> None:
    wanted = grown(git, head, "one")
    later = replace(BOT, at=BOT.at + timedelta(seconds=1))
    stranger = git.commit(REPO, git.tree(REPO, wanted), [head], "Add one", later)
    with pytest.raises(Unsafe, match="does not hold"):
        other.unpack(REPO, wanted, git.pack(REPO, stranger, head, limit=LIMIT))
    assert other.missing(REPO, [wanted]) == (wanted,)


def test_what_it_builds_on_has_to_be_there(git: GitCommandLine, other: GitCommandLine, head: Sha) -> None:
    first = grown(git, head, "one")
    second = grown(git, first, "two")
    with pytest.raises(NotThere):
        other.unpack(REPO, second, git.pack(REPO, second, first, limit=LIMIT))
    assert other.missing(REPO, [second]) == (second,)


@pytest.mark.parametrize("spoil", [lambda b: b[:-1], lambda b: b[:40], lambda b: b"", lambda b: b"BUND" + b[4:]])
def test_a_damaged_pack_is_refused(git: GitCommandLine, other: GitCommandLine, head: Sha, spoil: object) -> None:
    commit = grown(git, head, "one")
    assert callable(spoil)
    with pytest.raises((Unsafe, NotThere)):
        other.unpack(REPO, commit, spoil(git.pack(REPO, commit, head, limit=LIMIT)))
    assert other.missing(REPO, [commit]) == (commit,)


@pytest.mark.parametrize("many", [False, True], ids=["loose", "packed"])
def test_a_hostile_pack_is_refused(other: GitCommandLine, origin: Origin, head: Sha, many: bool) -> None:
    filling = {f"n{number}": b"%d" % number for number in range(600)} if many else {"n": b"n"}
    evil = origin.raw_tree(
        [("40000", b".git", origin.tree({"hooks/x": b"x"})), ("40000", b"filling", origin.tree(filling))]
    )
    commit = origin.commit_tree(evil, head)
    origin.git("pack-objects", "--revs", "-q", "pack", stdin=f"{commit}\n^{head}\n".encode())
    (pack,) = origin.path.glob("pack-*.pack")
    with pytest.raises(Unsafe):
        other.unpack(REPO, commit, pack.read_bytes())
    assert other.missing(REPO, [commit]) == (commit,)
    assert not other.has_tree(REPO, TreeSha(evil))


def test_too_much_is_not_packed(git: GitCommandLine, head: Sha) -> None:
    commit = grown(git, head, "one")
    with pytest.raises(Unsafe, match="more than 100 bytes"):
        git.pack(REPO, commit, head, limit=100)
    with pytest.raises(NotThere):
        git.pack(REPO, Sha("1" * 40), head, limit=LIMIT)
