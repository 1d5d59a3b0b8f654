"""Merge groups: the commits that a merge queue makes of pull requests and wants checked before it merges them. Pure."""

import re
from dataclasses import dataclass

from bot.core.pulls import RepoRef
from bot.ids import CriterionName, Digest, PrNumber, RepoId, RunId, Sha

_NUMBER = re.compile(r"gh-readonly-queue/.+/pr-(?P<number>[1-9][0-9]{0,9})-[0-9a-f]{7,64}")
"""The branch of a group, as in GitHub's own example of the event: `gh-readonly-queue/main/pr-104-929f82…`. Nothing rests on the SHA in it."""


@dataclass(frozen=True, slots=True)
class MergeGroup:
    """`head` is the merged commit on the branch `head_ref`, `base_sha` its parent in the queue (the base branch, or the group before it), and
    `base_ref` the branch it is to be merged into. Branches without `refs/heads/`."""

    repo: RepoRef
    head: Sha
    head_ref: str
    base_sha: Sha
    base_ref: str

    @property
    def number(self) -> PrNumber | None:
        """The pull request that the group adds to the queue, told from its branch's name; None when the name does not say."""
        match = _NUMBER.fullmatch(self.head_ref)
        return PrNumber(int(match["number"])) if match else None

    @property
    def group_id(self) -> RunId:
        """Under which everything about the group is kept, in the place of a run."""
        return group_id(self.repo.repo_id, self.head)


def group_id(repo: RepoId, head: Sha) -> RunId:
    """The id of the group that has this commit."""
    return RunId(f"queue-{repo}-{head}")


@dataclass(frozen=True, slots=True)
class CitedRed:
    """The red half of a criterion that was not run again: where it stands recorded, by the record's hash in the ledger of `number`."""

    criterion: CriterionName
    number: PrNumber
    record: Digest


@dataclass(frozen=True, slots=True)
class GroupProof:
    """What a verification of a merge group rests on besides its verdicts: the red halves that were cited."""

    cited: tuple[CitedRed, ...] = ()
