"""What we know of repositories, people and pull requests, and what we may write on them.

Values only; they come from the GitHub adapter (or from a local clone) and go to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.ids import CheckRunId, InstallationId, PrNumber, RepoId, Sha, UserId


@dataclass(frozen=True, slots=True)
class RepoRef:
    """A repository as one installation sees it. Ids are identity; owner and name are for display and URLs."""

    installation_id: InstallationId
    repo_id: RepoId
    owner: str
    name: str

    @property
    def full_name(self) -> str:
        return f"{self.owner}/{self.name}"


@dataclass(frozen=True, slots=True)
class Person:
    """A GitHub account. `is_bot` for Apps and bots."""

    user_id: UserId
    login: str
    is_bot: bool = False

    @property
    def record(self) -> dict[str, int | str]:
        """How a ledger record names who said something: by id, and by the name of that day. Read back by `of_record`."""
        return {"id": self.user_id, "login": self.login}

    @classmethod
    def of_record(cls, told: Mapping[str, Any]) -> "Person":
        """Who a ledger record names."""
        return cls(UserId(told["id"]), told["login"])


class Permission(StrEnum):
    """Effective permission on a repository, ordered from nothing to everything (GitHub's `role_name`)."""

    NONE = "none"
    READ = "read"
    TRIAGE = "triage"
    WRITE = "write"
    MAINTAIN = "maintain"
    ADMIN = "admin"

    def at_least(self, other: "Permission") -> bool:
        order = list(Permission)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository's own facts, read afresh."""

    ref: RepoRef
    default_branch: str
    private: bool
    html_url: str


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request as it stood when it was read.

    `head_repo_id` is None when the head repository was deleted; it differs from `repo.repo_id` for forks.
    """

    repo: RepoRef
    number: PrNumber
    title: str
    body: str
    is_open: bool
    merged: bool
    draft: bool
    head_sha: Sha
    head_ref: str
    head_repo_id: RepoId | None
    base_sha: Sha
    base_ref: str
    author: Person
    html_url: str

    @property
    def from_fork(self) -> bool:
        return self.head_repo_id != self.repo.repo_id


@dataclass(frozen=True, slots=True)
class IssueComment:
    """What somebody wrote under an issue or a pull request."""

    author: Person
    body: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue with its whole conversation, oldest first, as it stood when it was read. Everything in it is somebody else's text.

    `is_pull_request`: GitHub counts pull requests among the issues.
    """

    repo: RepoRef
    number: PrNumber
    title: str
    body: str
    author: Person
    is_open: bool
    is_pull_request: bool
    html_url: str
    comments: tuple[IssueComment, ...] = ()


@dataclass(frozen=True, slots=True)
class PullDraft:
    """A draft pull request that is to be opened from a branch of the repository itself."""

    head_ref: str
    base_ref: str
    title: str
    body: str


class CheckStatus(StrEnum):
    QUEUED = "queued"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"


class Conclusion(StrEnum):
    """How our checks may end. `neutral` and `skipped` are absent on purpose: they unlock a merge (DESIGN, Honest)."""

    SUCCESS = "success"
    ACTION_REQUIRED = "action_required"
    FAILURE = "failure"
    CANCELLED = "cancelled"


class AnnotationLevel(StrEnum):
    NOTICE = "notice"
    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Annotation:
    """A note on lines of a file at the check's head. Lines count from 1."""

    path: str
    start_line: int
    end_line: int
    level: AnnotationLevel
    message: str
    title: str = ""
    raw_details: str = ""


@dataclass(frozen=True, slots=True)
class CheckAction:
    """A button on a check: label <= 20, description <= 40, identifier <= 20 characters (GitHub REST, checks)."""

    label: str
    description: str
    identifier: str


@dataclass(frozen=True, slots=True)
class CheckDraft:
    """A check run as we want it to be. Identity is (head_sha, name, external_id).

    `conclusion` is set exactly when `status` is completed. Any number of annotations: the adapter sends them in batches.
    `started_at` (with a zone) is when the work behind it began; None leaves it to GitHub, which takes the moment of the first request.
    """

    name: str
    head_sha: Sha
    external_id: str
    status: CheckStatus
    title: str
    summary: str
    text: str = ""
    conclusion: Conclusion | None = None
    details_url: str | None = None
    annotations: tuple[Annotation, ...] = ()
    actions: tuple[CheckAction, ...] = ()
    started_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CheckSeen:
    """A check run of ours as GitHub has it."""

    check_run_id: CheckRunId
    name: str
    head_sha: Sha
    external_id: str
    status: CheckStatus
    conclusion: str | None


@dataclass(frozen=True, slots=True)
class InlineComment:
    """A review comment on a line of the new side (RIGHT) of the diff; `start_line` < `line` for a range, else None."""

    path: str
    line: int
    body: str
    start_line: int | None = None


@dataclass(frozen=True, slots=True)
class ReviewDraft:
    """One batched COMMENT review. `marker` is hidden in the body and identifies it when the write is repeated."""

    marker: str
    commit_sha: Sha
    body: str
    comments: tuple[InlineComment, ...] = ()


@dataclass(frozen=True, slots=True)
class AppIdentity:
    """Who we are at GitHub. `bot_user` is the account `slug[bot]`, whose id differs from the App's id."""

    app_id: int
    slug: str
    bot_user: Person


class ReactionTarget(StrEnum):
    ISSUE = "issue"
    ISSUE_COMMENT = "issue_comment"
    REVIEW_COMMENT = "review_comment"


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that never prints itself. `reveal()` is called only where it leaves for its owner."""

    _value: str = field(repr=False)

    def reveal(self) -> str:
        return self._value

    def __str__(self) -> str:
        return "********"


@dataclass(frozen=True, slots=True)
class Token:
    """An installation token for one repository. Any length: GitHub's newer ones have about 520 characters."""

    value: Secret
    expires_at: datetime
