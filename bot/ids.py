"""Names of things as types: an id is never a bare string or number once it is past the parser.

May be imported from anywhere; imports nothing of ours.
"""

import re
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
"""One run: `run-REPO-PR-SHA12-ATTEMPT`, made by `run_id`, or `issue-REPO-ISSUE-SHA12-ATTEMPT`, made by `issue_run_id`; safe in branch names,
paths and URLs."""

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


AGENT_PARTS = 4
"""Run, role, task and attempt."""

_RUN = re.compile(r"(?:run|issue)-(?P<repo>[0-9]{1,18})-[0-9]{1,18}-[0-9a-f]{12}-[0-9]{1,9}")


def run_id(repo: RepoId, pr: PrNumber, head: Sha, attempt: int) -> RunId:
    """The id of the `attempt`-th run (from 1) for one pull request at one starting head."""
    return RunId(f"run-{repo}-{pr}-{head[:12]}-{attempt}")


OF_ISSUE = "issue-"
"""How the ids of runs begin that write a spec for an issue."""


def issue_run_id(repo: RepoId, issue: PrNumber, base: Sha, attempt: int) -> RunId:
    """The id of the `attempt`-th run (from 1) that writes a spec for one issue, beginning at one commit of the target branch."""
    return RunId(f"{OF_ISSUE}{repo}-{issue}-{base[:12]}-{attempt}")


def is_of_issue(run: RunId) -> bool:
    """Whether a run writes a spec for an issue, told from its id alone: issues and pull requests share their numbers, and never have the same."""
    return run.startswith(OF_ISSUE)


def repo_of_run(run: str) -> RepoId | None:
    """The repository in a run's id, told from its text alone; None when the text is no run's id.

    So the right to see a run can be asked for before anybody looks whether there is such a run.
    """
    match = _RUN.fullmatch(run)
    return RepoId(int(match["repo"])) if match else None


def criterion_name(spec_path: str, criterion: CriterionId) -> CriterionName:
    """The full name of a criterion, unique within a repository's tree."""
    return CriterionName(f"{spec_path}#{criterion}")


def agent_parts(agent: str) -> tuple[str, str, int]:
    """Role, task and attempt of an agent's key; ("", key, 0) for a text that is none."""
    parts = agent.split("/")
    if len(parts) != AGENT_PARTS or not (parts[3].isascii() and parts[3].isdigit()):
        return "", agent, 0
    return parts[1], parts[2], int(parts[3])


def agent_key(run: RunId, role: str, task: str, attempt: int) -> AgentKey:
    """The key of the `attempt`-th agent (from 1) that plays `role` for `task` in `run`."""
    return AgentKey(f"{run}/{role}/{task}/{attempt}")
