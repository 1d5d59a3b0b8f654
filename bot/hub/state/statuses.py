"""Commit statuses: the older kind of report, by whoever may write them, one line for each context."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CommitStatus:
    """One status. They are never changed: the newest of a context on a commit counts."""

    id: int
    repository_id: int
    sha: str
    state: str
    context: str
    description: str | None
    target_url: str | None
    creator_id: int
    created_at: datetime
