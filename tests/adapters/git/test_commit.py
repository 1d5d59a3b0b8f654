"""Commits depend on nothing but what they were given."""

from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from bot.adapters.git.git import GitCommandLine
from bot.core.ports import Authorship
from bot.errors import Defect, NotThere, Unsafe
from bot.ids import Sha, TreeSha
from tests.adapters.git.origin import BOT, REPO, Origin, adapter, fetched

MESSAGE = "Cut at a word boundary\n\nSpec: specs/0001-cut.md\nCo-authored-by: Ada Lövelace <ada@example.org>\n"


def test_equal_arguments_make_equal_commits_everywhere(git: GitCommandLine, origin: Origin, tmp_path: Path) -> None:
    head = origin.commit({"a": b"1"})
    tree = fetched(git, head)
    made = git.commit(REPO, tree, [head], MESSAGE, BOT)
    assert git.commit(REPO, tree, [head], MESSAGE, BOT) == made
    tokyo = replace(BOT, at=BOT.at.astimezone(timezone(timedelta(hours=9))))
    assert git.commit(REPO, tree, [head], MESSAGE, tokyo) == made
    other = adapter(tmp_path / "elsewhere", origin.path)
    assert other.commit(REPO, fetched(other, head), [head], MESSAGE, BOT) == made
    later = replace(BOT, at=BOT.at + timedelta(seconds=1))
    assert git.commit(REPO, tree, [head], MESSAGE, later) != made


def test_a_commit_says_what_it_was_given_and_stays(git: GitCommandLine, origin: Origin, tmp_path: Path) -> None:
    head = origin.commit({"a": b"1"})
    side = origin.commit({"a": b"1", "b": b"2"}, head, branch="side")
    tree = fetched(git, side)
    git.fetch(REPO, [head])
    made = git.commit(REPO, tree, [head, side], MESSAGE, BOT)
    assert git.tree(REPO, made) == tree
    assert git.merge_base(REPO, made, side) == side
    git.push(REPO, made, "said", expected=None)
    told = origin.git("cat-file", "commit", made)
    date = int(BOT.at.timestamp())
    assert told.split("\n\n", 1)[0].split("\n") == [
        f"tree {tree}",
        f"parent {head}",
        f"parent {side}",
        f"author Specbot <bot@example.org> {date} +0000",
        f"committer Specbot <bot@example.org> {date} +0000",
    ]
    assert told.split("\n\n", 1)[1] == MESSAGE.strip()
    assert (tmp_path / "state/mirrors/7.git/refs/bot/commits" / made).exists()


@pytest.mark.parametrize("author", [Authorship("a\nb", "c", BOT.at), Authorship("a", "c>", BOT.at)])
def test_an_author_that_git_cannot_keep_is_refused(git: GitCommandLine, origin: Origin, author: Authorship) -> None:
    tree = fetched(git, origin.commit({"a": b"1"}))
    with pytest.raises(Unsafe):
        git.commit(REPO, tree, [], "x", author)


def test_bad_input_is_refused(git: GitCommandLine, origin: Origin) -> None:
    head = origin.commit({"a": b"1"})
    tree = fetched(git, head)
    with pytest.raises(Unsafe):
        git.commit(REPO, tree, [], "a\0b", BOT)
    with pytest.raises(Unsafe):
        git.commit(REPO, tree, [Sha("HEAD")], "x", BOT)
    with pytest.raises(Unsafe):
        git.commit(REPO, TreeSha("--help"), [], "x", BOT)
    with pytest.raises(Defect):
        git.commit(REPO, tree, [], "x", replace(BOT, at=BOT.at.replace(tzinfo=None)))
    with pytest.raises(NotThere):
        git.commit(REPO, tree, [Sha("1" * 40)], "x", BOT)
    with pytest.raises(NotThere):
        git.commit(REPO, TreeSha("2" * 40), [head], "x", BOT)
