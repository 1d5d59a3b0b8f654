"""A branch moves forward from where it was expected, or not at all."""

from pathlib import Path

import pytest

from bot.adapters.git.git import GitCommandLine
from bot.errors import LeaseLost, NotThere, Refused, Unsafe
from bot.ids import Sha
from tests.adapters.git.origin import BOT, REPO, Origin


@pytest.fixture
def head(git: GitCommandLine, origin: Origin) -> Sha:
    made = origin.commit({"a": b"1"})
    git.fetch(REPO, [made])
    return made


def work(git: GitCommandLine, head: Sha, message: str = "work") -> Sha:
    return git.commit(REPO, git.tree(REPO, head), [head], message, BOT)


def test_forward_and_again(git: GitCommandLine, origin: Origin, head: Sha) -> None:
    commit = work(git, head)
    git.push(REPO, commit, "main", expected=head)
    assert origin.head() == commit
    git.push(REPO, commit, "main", expected=head)
    git.push(REPO, commit, "main", expected=None)
    assert git.branch_head(REPO, "main") == commit


def test_a_new_branch(git: GitCommandLine, origin: Origin, head: Sha) -> None:
    commit = work(git, head)
    git.push(REPO, commit, "specbot/run-7-1-abc-1", expected=None)
    assert origin.head("specbot/run-7-1-abc-1") == commit
    with pytest.raises(LeaseLost):
        git.push(REPO, work(git, commit), "specbot/run-7-1-abc-1", expected=None)
    with pytest.raises(LeaseLost):
        git.push(REPO, commit, "gone", expected=head)


def test_somebody_else_pushed(git: GitCommandLine, origin: Origin, head: Sha) -> None:
    commit = work(git, head)
    theirs = origin.commit({"a": b"theirs"}, head)
    with pytest.raises(LeaseLost):
        git.push(REPO, commit, "main", expected=head)
    assert origin.head() == theirs


def test_never_by_force(git: GitCommandLine, origin: Origin, head: Sha) -> None:
    sideways = git.commit(REPO, git.tree(REPO, head), [], "another root", BOT)
    with pytest.raises(Refused, match="does not contain"):
        git.push(REPO, sideways, "main", expected=head)
    later = work(git, head)
    git.push(REPO, later, "main", expected=head)
    with pytest.raises(Refused, match="does not contain"):
        git.push(REPO, head, "main", expected=later)
    assert origin.head() == later


def test_the_servers_refusal_is_told(git: GitCommandLine, origin: Origin, head: Sha) -> None:
    origin.git("config", "core.bare", "false")
    origin.git("config", "receive.denyCurrentBranch", "refuse")
    origin.git("config", "core.worktree", str(origin.path.parent))
    with pytest.raises(Refused, match="checked out"):
        git.push(REPO, work(git, head), "main", expected=head)
    assert origin.head() == head


def test_hooks_of_a_local_clone_are_not_run(git: GitCommandLine, origin: Origin, head: Sha, tmp_path: Path) -> None:
    marker = tmp_path / "hook ran"
    for name in ("pre-receive", "update", "post-receive", "post-update", "reference-transaction"):
        hook = origin.path / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch '{marker}'\n")
        hook.chmod(0o755)
    git.push(REPO, work(git, head), "main", expected=head)
    assert origin.head() != head
    assert not marker.exists()


def test_an_unknown_commit_is_not_pushed(git: GitCommandLine, origin: Origin, head: Sha) -> None:
    for expected, branch in ((head, "main"), (None, "new")):
        with pytest.raises((NotThere, Refused)):
            git.push(REPO, Sha("1" * 40), branch, expected=expected)
    with pytest.raises(Unsafe):
        git.push(REPO, Sha("HEAD"), "new", expected=None)
    assert git.branch_head(REPO, "new") is None
