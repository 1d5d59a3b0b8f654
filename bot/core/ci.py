"""What the repository's own checks say of a commit: those of other Apps, and commit statuses. Pure.

They are never ours to judge. They are shown, and what they say of a commit that we published may be mended once.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.proofs.ledger import LedgerRow, record
from bot.core.pulls import Annotation
from bot.ids import CheckRunId, RunId, Sha

REPAIRS_A_LINE = 1
"""Repairs after others' red checks in one line of our own commits, from a person's push to the next. What one agent that was told the annotations has
not mended is a matter of the environment more often than of the code, and a person sees which; a second one would only pay again."""

LIVELY_FOR = timedelta(hours=2)
"""After a push nearly every CI has said its word; so long each sweep looks at what others say of what we published."""

BETWEEN_LOOKS = timedelta(hours=1)
"""Later, when a check is run again now and then: two requests an hour for a pull request are far from any limit."""

WATCHED_FOR = timedelta(days=7)
"""Then a pull request is no longer being worked on; a report that arrives is still heard."""

KIND = "ci repair"
"""Of the ledger's records."""


class CiState(StrEnum):
    """How one check stands. LEFT_OUT: neutral, skipped or taken over by a newer one, which is no statement about the commit."""

    PASSED = "passed"
    FAILED = "failed"
    RUNNING = "running"
    LEFT_OUT = "left out"


_CONCLUSIONS = {
    "success": CiState.PASSED,
    "failure": CiState.FAILED,
    "timed_out": CiState.FAILED,
    "startup_failure": CiState.FAILED,
    "action_required": CiState.RUNNING,
    "cancelled": CiState.LEFT_OUT,
    "neutral": CiState.LEFT_OUT,
    "skipped": CiState.LEFT_OUT,
    "stale": CiState.LEFT_OUT,
}
"""`action_required` waits for somebody, and a cancelled check says nothing about the code."""

_STATUSES = {
    "success": CiState.PASSED,
    "failure": CiState.FAILED,
    "error": CiState.FAILED,
    "pending": CiState.RUNNING,
}


@dataclass(frozen=True, slots=True)
class CiCheck:
    """One check by others. `check` is its number, None for a commit status. `url` leads to it; name, title and summary are others' words."""

    name: str
    app: str
    state: CiState
    url: str = ""
    title: str = ""
    summary: str = ""
    check: CheckRunId | None = None

    @property
    def identity(self) -> tuple[str, str]:
        """What makes it the same check on another commit."""
        return self.app, self.name


@dataclass(frozen=True, slots=True)
class Ci:
    """All that others say of `head`. `stood` names (App, check) what was red before our work; `repair` tells of a repair, "" when there was none."""

    head: Sha
    checks: tuple[CiCheck, ...] = ()
    stood: tuple[tuple[str, str], ...] = ()
    repair: str = ""

    @property
    def counted(self) -> tuple[CiCheck, ...]:
        return tuple(one for one in self.checks if one.state is not CiState.LEFT_OUT)

    @property
    def red(self) -> tuple[CiCheck, ...]:
        """What failed and did not fail before."""
        return tuple(one for one in self.checks if one.state is CiState.FAILED and one.identity not in self.stood)

    @property
    def red_before(self) -> tuple[CiCheck, ...]:
        """What failed, and failed before our work too: named, not blamed."""
        return tuple(one for one in self.checks if one.state is CiState.FAILED and one.identity in self.stood)

    @property
    def decided(self) -> bool:
        """Every check of an App has ended. A commit status may stay pending for ever, so it is not waited for."""
        return all(one.state is not CiState.RUNNING for one in self.checks if one.check is not None)


@dataclass(frozen=True, slots=True)
class CiFailure:
    """A red check with all that it says about itself; every word is a stranger's."""

    name: str
    title: str = ""
    summary: str = ""
    annotations: tuple[Annotation, ...] = ()
    log: str = ""


@dataclass(frozen=True, slots=True)
class CiRepair:
    """Why a run exists that is to mend what others' checks say: `failures` of `head`, which the run `of` published. `line` is the head with which
    this line of our commits began."""

    of: RunId
    line: Sha
    head: Sha
    failures: tuple[CiFailure, ...] = field(default=())


def is_look_due(published: datetime, looked: datetime | None, now: datetime) -> bool:
    """Whether a sweep looks at others' checks of a commit of ours, of which it was not told. `looked`: the sweeps' last look at it."""
    age = now - published
    if age > WATCHED_FOR:
        return False
    return looked is None or age <= LIVELY_FOR or now - looked >= BETWEEN_LOOKS


def state_of_check(status: str, conclusion: str) -> CiState:
    """How a check run stands by GitHub's words; a word that is new to us is no statement."""
    return _CONCLUSIONS.get(conclusion, CiState.LEFT_OUT) if status == "completed" else CiState.RUNNING


def state_of_status(state: str) -> CiState:
    """The same for a commit status."""
    return _STATUSES.get(state, CiState.LEFT_OUT)


def red_among(checks: Iterable[CiCheck]) -> tuple[tuple[str, str], ...]:
    """The identities of what failed."""
    return tuple(sorted({one.identity for one in checks if one.state is CiState.FAILED}))


def repair_record(repair: CiRepair, run: RunId) -> str:
    """The ledger record of a repair that begins."""
    checks = [failure.name for failure in repair.failures]
    return record(KIND, {"line": repair.line, "head": repair.head, "run": run, "checks": checks})


def repairs_of(rows: Iterable[LedgerRow], line: Sha) -> tuple[str, ...]:
    """The heads for which repairs began in a line of our commits, by the ledger."""
    bodies = (json.loads(text) for _, _, _, text in rows)
    return tuple(body["head"] for body in bodies if body.get("kind") == KIND and body["line"] == line)
