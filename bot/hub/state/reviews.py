"""Reviews of a pull request and the comments on lines of its diff."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

ReviewState = Literal["PENDING", "COMMENTED", "APPROVED", "CHANGES_REQUESTED", "DISMISSED"]
Side = Literal["LEFT", "RIGHT"]


@dataclass(frozen=True, slots=True)
class Review:
    """One submitted (or pending) review, bound to the commit that it looked at."""

    id: int
    repository_id: int
    issue_id: int
    author_id: int
    state: ReviewState
    body: str
    commit_id: str
    submitted_at: datetime | None
    via_app_id: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a review comment stands: line numbers count in the file of that side; `position` counts in the file's patch.

    A comment on a whole file has no line.
    """

    path: str
    line: int | None = None
    side: Side = "RIGHT"
    start_line: int | None = None
    start_side: Side | None = None
    position: int | None = None
    hunk: str = ""

    @property
    def subject_type(self) -> str:
        """`line` or `file`, as GitHub says it."""
        return "file" if self.line is None else "line"


@dataclass(frozen=True, slots=True)
class ReviewComment:
    """A comment at a place of the diff between the merge base and `commit_id`. `resolved_by_id` counts on the one that began a thread."""

    id: int
    repository_id: int
    issue_id: int
    review_id: int | None
    author_id: int
    body: str
    place: Place
    commit_id: str
    created_at: datetime
    updated_at: datetime
    in_reply_to_id: int | None = None
    via_app_id: int | None = None
    resolved_by_id: int | None = None
