"""The canary: the same run with a failure of our own planted in it. A run that stays green then was not listening.

pytest gets one more test that always fails; any other Python has its exit status replaced at its regular end. What is not
Python cannot be given a canary, and that is said.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.core.proofs.colours import failing, passing
from bot.core.proofs.model import Executed, Session, StoppedBy
from bot.core.proofs.reports import CANARY_PREFIX
from bot.core.proofs.scripts import names_python, runs_pytest


class CanaryState(StrEnum):
    """HOLDS and NOT_APPLICABLE let a green count; UNSTEADY means that two runs of one tree disagree."""

    HOLDS = "holds"
    NOT_APPLICABLE = "not applicable"
    SUBVERTED = "subverted"
    UNSTEADY = "unsteady"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class CanaryReading:
    """What the canary run showed, why, and what to do where that is not enough."""

    state: CanaryState
    reason: str
    way_out: str = ""

    @property
    def lets_count(self) -> bool:
        return self.state in (CanaryState.HOLDS, CanaryState.NOT_APPLICABLE)


def needs_canary(executed: Executed | None) -> bool:
    """True when a run's result may come to count: it ended by itself, and is green or names its tests."""
    if executed is None or executed.broken or executed.stopped_by is not StoppedBy.NOTHING:
        return False
    return executed.exit_code == 0 or bool(executed.sessions)


def canary_holds(normal: Executed, canary: Executed | None, script: str) -> CanaryReading:
    """Whether the planted failure was noticed. `normal` and `canary` are two runs of one script on one tree."""
    pytest_ran = bool(normal.sessions) or runs_pytest(script)
    if not pytest_ran and normal.python_started == 0 and not names_python(script):
        return CanaryReading(CanaryState.NOT_APPLICABLE, "canary not applicable: the command starts no Python")
    if canary is None:
        return CanaryReading(CanaryState.CANNOT_TELL, "the canary run is missing", "verify again")
    if canary.broken or canary.stopped_by is not StoppedBy.NOTHING or canary.exit_code is None:
        reason = canary.broken or canary.stopped_by.value or "a signal"
        return CanaryReading(CanaryState.CANNOT_TELL, f"the canary run was stopped ({reason})", "verify again")
    return _pytest_noticed(normal, canary) if pytest_ran else _python_noticed(normal, canary)


def _pytest_noticed(normal: Executed, canary: Executed) -> CanaryReading:
    reached = [session.canary_failed for session in canary.sessions]
    everywhere = bool(reached) and all(reached)
    if canary.exit_code == 0 and not everywhere:
        return _subverted("the run stayed green although a failing test was planted in it")
    if canary.exit_code == 0:
        way_out = "let the command end with pytest's own exit status (no `|| true`, no `; true`)"
        return CanaryReading(CanaryState.CANNOT_TELL, "the command does not listen to pytest's exit status", way_out)
    if not failing(canary) and any(_ran_without(session) for session in canary.sessions):
        return _subverted("pytest ended in order, but the planted test was not reported as failed")
    if not everywhere or len(reached) != len(normal.sessions):
        way_out = "give each pytest run a command of its own"
        return CanaryReading(CanaryState.CANNOT_TELL, "the planted test did not reach every pytest run", way_out)
    if normal.python_cut_short > 0:
        return _cut_short()
    return _same_tests(normal, canary)


def _ran_without(session: Session) -> bool:
    """The session ran its tests to the end (pytest's statuses 0 and 1) and the planted one is not among the failures. With another
    status, or where another failure came first (`-x`), it may never have been reached."""
    return session.exit_status in (0, 1) and not session.canary_failed


def _same_tests(normal: Executed, canary: Executed) -> CanaryReading:
    unlike = (set(passing(normal)) ^ set(passing(canary))) | (set(failing(normal)) ^ set(failing(canary)))
    if unlike:
        reason = f"two runs on the same files disagree about `{min(unlike)}`"
        return CanaryReading(CanaryState.UNSTEADY, reason, "make the test steady: no clock, no order, no chance")
    return CanaryReading(CanaryState.HOLDS, "canary held: the planted test was reported as failed")


def _python_noticed(normal: Executed, canary: Executed) -> CanaryReading:
    if canary.exit_code != 0 and canary.python_started > 0 and normal.python_cut_short > 0:
        return _cut_short()
    if canary.exit_code != 0 and canary.python_started > 0:
        return CanaryReading(CanaryState.HOLDS, "canary held: the planted exit status made the run red")
    if normal.python_started == 0 or canary.python_started == 0:
        way_out = "start Python without -I, -E or -S, and without clearing its environment"
        return CanaryReading(CanaryState.CANNOT_TELL, "the command names Python, but none was seen to start", way_out)
    if CANARY_PREFIX in canary.output:
        way_out = "let the command end with Python's own exit status, or compare it: `test $? -eq 2`"
        return CanaryReading(CanaryState.CANNOT_TELL, "the command does not listen to Python's exit status", way_out)
    return _subverted("the run stayed green although Python's exit was replaced by a failure: something ends it early")


def _cut_short() -> CanaryReading:
    way_out = "give each Python run a command of its own, and let it end by itself"
    return CanaryReading(CanaryState.CANNOT_TELL, "a Python did not come to its regular end", way_out)


def _subverted(reason: str) -> CanaryReading:
    return CanaryReading(CanaryState.SUBVERTED, reason, "look at what the change does to the test run")
