"""Check suites, check runs and their annotations."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Annotation:
    """A remark on lines of a file, shown beside the diff."""

    path: str
    start_line: int
    end_line: int
    level: str
    message: str
    title: str | None = None
    raw_details: str | None = None
    start_column: int | None = None
    end_column: int | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """The text of a check run. Annotations only ever grow: an update appends."""

    title: str | None = None
    summary: str | None = None
    text: str | None = None
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """A button on a check run; pressing it sends `check_run.requested_action` with the identifier."""

    label: str
    description: str
    identifier: str


@dataclass(frozen=True, slots=True)
class CheckSuite:
    """All check runs of one App on one commit."""

    id: int
    repository_id: int
    app_id: int
    head_sha: str
    head_branch: str | None
    created_at: datetime
    updated_at: datetime
    before: str | None = None


@dataclass(frozen=True, slots=True)
class CheckRun:
    """One check of one App on one commit. `conclusion` is set exactly when `status` is `completed`."""

    id: int
    repository_id: int
    suite_id: int
    app_id: int
    name: str
    head_sha: str
    status: str
    conclusion: str | None = None
    external_id: str | None = None
    details_url: str | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    output: Output = Output()
    actions: tuple[Action, ...] = ()
