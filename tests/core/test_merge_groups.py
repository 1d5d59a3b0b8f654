"""Which pull request a merge group adds, told from its branch."""

import pytest

from bot.core.merge_groups import MergeGroup
from bot.core.pulls import RepoRef
from bot.ids import InstallationId, RepoId, Sha

SHA = "929f8209d40f77f4abc622a499c93a83babdbe64"


@pytest.mark.parametrize(
    ("branch", "number"),
    [
        (f"gh-readonly-queue/main/pr-104-{SHA}", 104),
        (f"gh-readonly-queue/release/2.x/pr-1-{SHA}", 1),
        (f"gh-readonly-queue/pr-7-{SHA}/pr-8-{SHA}", 8),
        (f"gh-readonly-queue/main/pr-0-{SHA}", None),
        ("gh-readonly-queue/main/pr-104", None),
        ("main", None),
        ("", None),
    ],
)
def test_the_number_in_a_groups_branch(branch: str, number: int | None) -> None:
    repo = RepoRef(InstallationId(1), RepoId(6), "ann", "text")
    group = MergeGroup(repo, Sha(SHA), branch, Sha("f" * 40), "main")
    assert group.number == number
    assert group.group_id == f"queue-6-{SHA}"
