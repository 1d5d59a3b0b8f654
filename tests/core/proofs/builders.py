"""Small real values for the tests of the proofs room."""

import hashlib

from bot.core.proofs.model import Executed, Session, StoppedBy, TestOutcome, TestResult
from bot.core.specs.model import Command, Criterion, Position, ProofKind
from bot.ids import CriterionId, Digest

SPEC = "specs/0001-cut.md"


def digest(text: str) -> Digest:
    return Digest(hashlib.sha256(text.encode()).hexdigest())


def passed(*names: str) -> tuple[TestResult, ...]:
    return tuple(TestResult(name, TestOutcome.PASSED) for name in names)


def failed(*names: str, message: str = "assert 1 == 2") -> tuple[TestResult, ...]:
    return tuple(TestResult(name, TestOutcome.FAILED, message) for name in names)


def skipped(*names: str) -> tuple[TestResult, ...]:
    return tuple(TestResult(name, TestOutcome.SKIPPED) for name in names)


def errored(name: str, message: str, path: str = "") -> tuple[TestResult, ...]:
    return (TestResult(name, TestOutcome.ERROR, message, path or name.partition("::")[0]),)


def ran(
    exit_code: int | None = 0,
    tests: tuple[TestResult, ...] | None = None,
    *,
    output: str = "",
    starts: int = 1,
    stopped_by: StoppedBy = StoppedBy.NOTHING,
    broken: str = "",
    sessions: tuple[Session, ...] | None = None,
    cut_short: int = 0,
) -> Executed:
    """A run; with tests it had one pytest session that ended with the run's own exit status, unless told otherwise."""
    if sessions is None:
        sessions = () if tests is None else (Session(exit_code, len(tests)),)
    key = digest(f"{exit_code}{tests}{output}{starts}{stopped_by}{broken}{sessions}{cut_short}")
    return Executed(key, exit_code, stopped_by, output, digest(output), 0.5, tests, starts, broken, sessions, cut_short)


def with_canary(normal: Executed, *, exit_code: int = 1, noticed: bool = True) -> Executed:
    """The canary run that belongs to a normal run, as an honest runner makes it."""
    sessions = tuple(Session(1, one.collected + 1, noticed) for one in normal.sessions)
    return ran(exit_code, normal.tests, starts=normal.python_started, sessions=sessions)


def criterion(
    kind: ProofKind = ProofKind.CHANGE, *scripts: str, number: int = 1, text: str = "Text is cut."
) -> Criterion:
    commands = tuple(Command(script, Position(SPEC, 30 + index)) for index, script in enumerate(scripts))
    return Criterion(
        CriterionId(f"AC-{number}"), SPEC, text, kind, commands, Position(SPEC, 20), digest(text + repr(scripts))
    )
