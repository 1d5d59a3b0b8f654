"""Issues and pull requests (a pull request is an issue with a `pull`), their comments, labels and reactions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

ReactionSubject = Literal["issue", "comment", "review_comment"]


@dataclass(frozen=True, slots=True)
class Pull:
    """What makes an issue a pull request. `head_sha` moves with pushes as long as the request is open."""

    id: int
    head_repository_id: int
    head_ref: str
    head_sha: str
    base_ref: str
    draft: bool = False
    merged_at: datetime | None = None
    merged_by_id: int | None = None
    merge_commit_sha: str | None = None
    frozen_base_sha: str | None = None
    """The base's tip when the request was closed or merged: what it showed then is what it shows for ever."""
    maintainer_can_modify: bool = False
    reviewer_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue, or with `pull` a pull request. `number` counts both within a repository."""

    id: int
    repository_id: int
    number: int
    title: str
    body: str | None
    author_id: int
    created_at: datetime
    updated_at: datetime
    state: Literal["open", "closed"] = "open"
    state_reason: str | None = None
    closed_at: datetime | None = None
    closed_by_id: int | None = None
    label_ids: tuple[int, ...] = ()
    assignee_ids: tuple[int, ...] = ()
    via_app_id: int | None = None
    pull: Pull | None = None

    @property
    def as_pull(self) -> Pull:
        """The pull request part of something known to be a pull request."""
        if self.pull is None:
            raise LookupError(f"#{self.number} is an issue, not a pull request")
        return self.pull


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment in the conversation of an issue or a pull request."""

    id: int
    repository_id: int
    issue_id: int
    author_id: int
    body: str
    created_at: datetime
    updated_at: datetime
    via_app_id: int | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """A label of a repository; `color` is six hexadecimal digits."""

    id: int
    repository_id: int
    name: str
    color: str = "ededed"
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Reaction:
    """One person's emoji on something; a person reacts with one content at most once."""

    id: int
    subject: ReactionSubject
    subject_id: int
    user_id: int
    content: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class HeadMove:
    """A push moved the head of a pull request: what its timeline shows between the comments."""

    id: int
    issue_id: int
    before: str
    after: str
    forced: bool
    actor_id: int
    at: datetime
