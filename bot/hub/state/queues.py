"""Merge queues: what waits to be merged into a branch that may only be reached through its queue."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """A pull request in the queue of its base; the queue's order is that of the ids.

    Its merge group is the branch `head_ref` (a full ref) at `head_sha`: the pull request's head, as it was when it was added, merged into
    `base_sha`, which is the group of the entry before it, or the tip of the base.
    """

    id: int
    repository_id: int
    branch: str
    issue_id: int
    queued_by_id: int
    pull_head: str
    queued_at: datetime
    head_ref: str = ""
    head_sha: str = ""
    base_sha: str = ""
