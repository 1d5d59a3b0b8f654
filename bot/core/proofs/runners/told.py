"""Named tests put together from what a runner said. The code under test may have said it too, so everything is capped and nothing raises."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.core.proofs.model import Session, TestOutcome, TestResult
from bot.core.proofs.reports import MESSAGE_LENGTH, SESSIONS, TESTS, normalised, worse
from bot.core.visible import visible

CANARY_NAME = re.compile(r"specbot_?canary_?[0-9a-f]{16}", re.IGNORECASE)
"""A planted test's name in any runner's spelling; its number is new for every run."""

UNREADABLE = "SyntaxError"
"""How the message begins of a file that its language cannot even read: red for the wrong reason when the file is a trusted test."""

NUMBER_DIGITS = 9
"""Digits read of a number: more is no honest line or count, and Python refuses to read some thousands of them."""

MESSAGE_LINES = 60
"""Lines collected for one failure; a thousand characters of it are kept."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a runner said. Planted tests are in `sessions`, never in `tests`."""

    tests: tuple[TestResult, ...]
    sessions: tuple[Session, ...]


@dataclass(slots=True)
class Teller:
    """One session while it is read."""

    runner: str
    exit_status: int | None = None
    tests: dict[str, TestResult] = field(default_factory=dict)
    canaries: dict[str, TestOutcome] = field(default_factory=dict)

    def add(self, name: str, outcome: TestOutcome, message: str = "", path: str = "", line: int = 0) -> None:
        """One test has ended. Of one name the worst outcome stands."""
        shown = normalised(name)
        if CANARY_NAME.search(shown):
            self.canaries[shown] = _worst(self.canaries.get(shown), outcome)
            return
        known = self.tests.get(shown)
        if not shown or (known is None and len(self.tests) >= TESTS) or (known and not worse(outcome, known.outcome)):
            return
        words = visible(message).strip()[:MESSAGE_LENGTH]
        self.tests[shown] = TestResult(shown, outcome, words, normalised(path), min(max(line, 0), 1 << 30))

    @property
    def red(self) -> bool:
        """A test or a planted one is not green."""
        outcomes = [*(test.outcome for test in self.tests.values()), *self.canaries.values()]
        return any(outcome in (TestOutcome.FAILED, TestOutcome.ERROR) for outcome in outcomes)

    def session(self) -> Session:
        states = list(self.canaries.values())
        return Session(
            exit_status=self.exit_status,
            collected=len(self.tests) + len(states),
            canary_failed=bool(states) and all(one in (TestOutcome.FAILED, TestOutcome.ERROR) for one in states),
            runner=self.runner,
            canary_passed=TestOutcome.PASSED in states,
        )


def told(tellers: Iterable[Teller]) -> Told | None:
    """All sessions together; None when there is none. Tests are sorted by name; of one name in several sessions the worst stands."""
    sessions = list(tellers)[:SESSIONS]
    if not sessions:
        return None
    merged: dict[str, TestResult] = {}
    for test in (test for session in sessions for test in session.tests.values()):
        known = merged.get(test.name)
        if known is None or worse(test.outcome, known.outcome):
            merged[test.name] = test
    tests = tuple(merged[name] for name in sorted(merged)[:TESTS])
    return Told(tests, tuple(session.session() for session in sessions))


def unread(runner: str) -> Told:
    """What stands for a report that could not be read whole: one session that nobody saw end, so nothing is concluded from it."""
    return Told((), (Session(None, runner=runner),))


def lines_of(output: str) -> Iterator[str]:
    """The output's lines without the spaces at their ends."""
    return (line.rstrip() for line in output.split("\n"))


def number(digits: str | None) -> int:
    """A number from matched digits; 0 for what is missing or too long."""
    return int(digits) if digits and len(digits) <= NUMBER_DIGITS and digits.isascii() and digits.isdigit() else 0


def _worst(known: TestOutcome | None, outcome: TestOutcome) -> TestOutcome:
    """For a planted test the greenest is the worst: one that passed anywhere was not listened to."""
    return TestOutcome.PASSED if TestOutcome.PASSED in (known, outcome) else outcome
