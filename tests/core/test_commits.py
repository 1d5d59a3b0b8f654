"""How commits get to a branch, and what GitHub's own signed ones cannot hold."""

import pytest

from bot.core.policy.branch_rules import BranchRules
from bot.core.policy.commits import MOST_BYTES, MOST_FILES, by_api, cannot_carry, contradiction
from bot.core.policy.model import CommitPolicy
from bot.core.ports import ChangedFile, ChangeKind

SIGNED, FREE = BranchRules(signatures=True), BranchRules()


def changed(path: str = "a.py", mode: str = "100644", old: str = "100644") -> ChangedFile:
    kind = ChangeKind.DELETED if mode == "000000" else ChangeKind.MODIFIED
    return ChangedFile(kind, path, old, mode, "b" * 40)


@pytest.mark.parametrize(
    ("policy", "head", "base", "api"),
    [
        (CommitPolicy.AUTO, FREE, FREE, False),
        (CommitPolicy.AUTO, SIGNED, FREE, True),
        (CommitPolicy.AUTO, FREE, SIGNED, True),
        (CommitPolicy.API, FREE, FREE, True),
        (CommitPolicy.PUSH, FREE, FREE, False),
    ],
)
def test_which_way(policy: CommitPolicy, head: BranchRules, base: BranchRules, api: bool) -> None:
    assert by_api(policy, head, base) is api
    assert contradiction(policy, head, base) == ""


def test_a_push_that_the_branch_refuses_is_a_contradiction() -> None:
    assert "this branch takes only signed commits" in contradiction(CommitPolicy.PUSH, SIGNED, FREE)
    assert "the base branch takes only signed commits" in contradiction(CommitPolicy.PUSH, FREE, SIGNED)


@pytest.mark.parametrize(
    ("changes", "size", "reason"),
    [
        ([changed(), changed("gone.sh", "000000", "100755"), changed("plain now", "100644", "100755")], 10, ""),
        ([changed("run.sh", "100755")], 10, "`run.sh` is an executable file"),
        ([changed("link", "120000", "000000")], 10, "`link` is a symbolic link"),
        ([changed("vendor/x", "160000")], 10, "`vendor/x` is a submodule"),
        ([changed(f"{n}.py") for n in range(MOST_FILES + 1)], 10, "101 files change, and it takes 100 at most"),
        ([changed()], MOST_BYTES + 1, "the files have 25,000,001 bytes together, and it takes 25,000,000 at most"),
    ],
)
def test_what_it_cannot_carry(changes: list[ChangedFile], size: int, reason: str) -> None:
    assert cannot_carry(changes, size) == reason
