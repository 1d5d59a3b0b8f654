"""Names of things as types: an id is never a bare string or number once it is past the parser.

May be imported from anywhere; imports nothing of ours.
"""

from typing import NewType

Sha = NewType("Sha", str)
"""A git commit: 40 lower-case hexadecimal digits."""

TreeSha = NewType("TreeSha", str)
"""A git tree: 40 lower-case hexadecimal digits. Two trees with one id hold the same files."""

Digest = NewType("Digest", str)
"""A SHA-256 in lower-case hexadecimal."""

DeliveryId = NewType("DeliveryId", str)
"""GitHub's `X-GitHub-Delivery` GUID; a redelivery keeps it."""

CommandId = NewType("CommandId", str)
"""The source of a command, unique: `delivery:GUID`, `comment:ID:LINE`, `action:GUID`."""

RunId = NewType("RunId", str)
"""One run: `run-REPO-PR-SHA8-ATTEMPT`, made by `run_id`; safe in branch names, paths and URLs."""

RepoId = NewType("RepoId", int)
UserId = NewType("UserId", int)
InstallationId = NewType("InstallationId", int)
PrNumber = NewType("PrNumber", int)
CheckRunId = NewType("CheckRunId", int)
CommentId = NewType("CommentId", int)
ReviewId = NewType("ReviewId", int)

CriterionId = NewType("CriterionId", str)
"""A criterion inside its spec: `AC-1`."""

CriterionName = NewType("CriterionName", str)
"""A criterion's full name: `specs/0001-cut.md#AC-1`, made by `criterion_name`."""

TaskId = NewType("TaskId", str)
"""A task inside its plan: `T-1`."""

AgentKey = NewType("AgentKey", str)
"""One agent of one run: `RUN/ROLE/TASK/TRY`, made by `agent_key`; the key of its transcript."""


def run_id(repo: RepoId, pr: PrNumber, head: Sha, attempt: int) -> RunId:
    """The id of the `attempt`-th run (from 1) for one pull request at one starting head."""
    return RunId(f"run-{repo}-{pr}-{head[:12]}-{attempt}")


def criterion_name(spec_path: str, criterion: CriterionId) -> CriterionName:
    """The full name of a criterion, unique within a repository's tree."""
    return CriterionName(f"{spec_path}#{criterion}")


def agent_key(run: RunId, role: str, task: str, attempt: int) -> AgentKey:
    """The key of the `attempt`-th agent (from 1) that plays `role` for `task` in `run`."""
    return AgentKey(f"{run}/{role}/{task}/{attempt}")
