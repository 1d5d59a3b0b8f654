"""The canary: the same run with a failure of our own planted in it. A run that stays green then was not listening.

A test runner gets one more test that always fails; any other Python or Node has its exit status replaced at its regular end. Where
neither is at work no canary can be planted, and that is said. What each canary can and cannot catch stands with its runner
(`bot.core.proofs.runners`) and in the harness's FORMAT.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.core.proofs.colours import failing, passing
from bot.core.proofs.model import Executed, Session, StoppedBy
from bot.core.proofs.reports import CANARY_PREFIX
from bot.core.proofs.runners.registry import PLANTED_IN_FILES, WITH_CANARY, expected_runner, takes_a_canary
from bot.core.proofs.scripts import names_node, names_python


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
    runners = {session.runner for session in takes_a_canary(normal.sessions)} or {expected_runner(script)} & WITH_CANARY
    programs = [one for one in (_python(normal, script), _node(normal, script)) if one.there]
    if not runners and not programs:
        return CanaryReading(CanaryState.NOT_APPLICABLE, f"canary not applicable: {_nothing_to_plant_in(normal)}")
    if canary is None:
        return CanaryReading(CanaryState.CANNOT_TELL, "the canary run is missing", "verify again")
    if canary.broken or canary.stopped_by is not StoppedBy.NOTHING or canary.exit_code is None:
        reason = canary.broken or canary.stopped_by.value or "a signal"
        return CanaryReading(CanaryState.CANNOT_TELL, f"the canary run was stopped ({reason})", "verify again")
    if runners:
        return _runner_noticed(normal, canary, " and ".join(sorted(runners)))
    return _program_noticed(normal, canary, programs[0])


def _nothing_to_plant_in(normal: Executed) -> str:
    if normal.sessions:
        return f"the command tells of its tests itself ({normal.sessions[0].runner}), in no runner that we know"
    return "the command starts no Python, no Node and no runner that we know"


def _runner_noticed(normal: Executed, canary: Executed, runner: str) -> CanaryReading:
    sessions, before = takes_a_canary(canary.sessions), takes_a_canary(normal.sessions)
    reached = [session.canary_failed for session in sessions]
    everywhere = bool(reached) and all(reached)
    fault = _not_listened(canary, runner, sessions, everywhere=everywhere)
    if fault is not None:
        return fault
    if not everywhere or len(reached) != len(before):
        return _not_reached(runner)
    if normal.python_cut_short > 0:
        return _cut_short("Python")
    return _same_tests(normal, canary)


def _not_listened(
    canary: Executed, runner: str, sessions: Sequence[Session], *, everywhere: bool
) -> CanaryReading | None:
    """What shows that the planted failure was not heard; None when the run is red with it, or with something else."""
    if any(session.canary_passed for session in sessions):
        return _subverted("the planted test was reported as passed")
    if canary.exit_code == 0 and everywhere:
        way_out = f"let the command end with {runner}'s own exit status (no `|| true`, no `; true`)"
        return CanaryReading(CanaryState.CANNOT_TELL, f"the command does not listen to {runner}'s exit status", way_out)
    if canary.exit_code == 0 and runner in _MAY_MISS:
        return _not_reached(runner)
    if canary.exit_code == 0:
        return _subverted("the run stayed green although a failing test was planted in it")
    if not failing(canary) and any(_ran_without(session) for session in sessions):
        return _subverted(f"{runner} ended in order, but the planted test was not reported as failed")
    return None


_MAY_MISS = frozenset((*PLANTED_IN_FILES, "node", "jest"))
"""Runners whose planted test may not be reached for honest reasons (a build tag, a filter, a test file that ends its process)."""


def _not_reached(runner: str) -> CanaryReading:
    way_out = f"give each {runner} run a command of its own"
    if runner in _MAY_MISS:
        way_out += ", without filters, and let each test file end by itself"
    return CanaryReading(CanaryState.CANNOT_TELL, f"the planted test did not reach every {runner} run", way_out)


def _ran_without(session: Session) -> bool:
    """The session ran its tests to the end (statuses 0 and 1 of pytest and unittest) and the planted one is not among the failures. With another
    status, or where another failure came first (`-x`), it may never have been reached."""
    told = session.runner not in _MAY_MISS
    return told and session.exit_status in (0, 1) and not session.canary_failed


def _same_tests(normal: Executed, canary: Executed) -> CanaryReading:
    unlike = (set(passing(normal)) ^ set(passing(canary))) | (set(failing(normal)) ^ set(failing(canary)))
    if any(session.runner in PLANTED_IN_FILES for session in normal.sessions):
        # Such a runner may stop at the planted failure: only what both runs told of can disagree.
        unlike &= {test.name for test in normal.tests or ()} & {test.name for test in canary.tests or ()}
    if unlike:
        reason = f"two runs on the same files disagree about `{min(unlike)}`"
        return CanaryReading(CanaryState.UNSTEADY, reason, "make the test steady: no clock, no order, no chance")
    return CanaryReading(CanaryState.HOLDS, "canary held: the planted test was reported as failed")


@dataclass(frozen=True, slots=True)
class _Program:
    """The plain programs of one interpreter. `named`: a word of the script is that interpreter."""

    name: str
    named: bool
    started: int
    cut_short: int
    unseen: str

    @property
    def there(self) -> bool:
        return self.named or self.started > 0


def _python(executed: Executed, script: str) -> _Program:
    unseen = "start Python without -I, -E or -S, and without clearing its environment"
    return _Program("Python", names_python(script), executed.python_started, executed.python_cut_short, unseen)


def _node(executed: Executed, script: str) -> _Program:
    unseen = "start Node without clearing its environment or NODE_OPTIONS"
    return _Program("Node", names_node(script), executed.nodes_started, executed.nodes_cut_short, unseen)


def _program_noticed(normal: Executed, canary: Executed, program: _Program) -> CanaryReading:
    name = program.name
    again = canary.python_started if name == "Python" else canary.nodes_started
    if canary.exit_code != 0 and again > 0 and program.cut_short > 0:
        return _cut_short(name)
    if canary.exit_code != 0 and again > 0:
        return CanaryReading(CanaryState.HOLDS, "canary held: the planted exit status made the run red")
    if program.started == 0 or again == 0:
        reason = f"the command names {name}, but none was seen to start"
        return CanaryReading(CanaryState.CANNOT_TELL, reason, program.unseen)
    if CANARY_PREFIX in canary.output:
        way_out = f"let the command end with {name}'s own exit status, or compare it: `test $? -eq 2`"
        return CanaryReading(CanaryState.CANNOT_TELL, f"the command does not listen to {name}'s exit status", way_out)
    return _subverted(f"the run stayed green although {name}'s exit was replaced by a failure: something ends it early")


def _cut_short(name: str) -> CanaryReading:
    way_out = f"give each {name} run a command of its own, and let it end by itself"
    return CanaryReading(CanaryState.CANNOT_TELL, f"a {name} did not come to its regular end", way_out)


def _subverted(reason: str) -> CanaryReading:
    return CanaryReading(CanaryState.SUBVERTED, reason, "look at what the change does to the test run")
