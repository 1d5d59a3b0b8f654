"""The colour of one run: green, red, or no evidence at all, with the reason in words.

No evidence is neither: a command that was not found, a time-out, a broken box or a runner that collected nothing says nothing
about the code. Where the exit status and the named tests contradict each other, the worse of the two holds.
"""

import re
from collections.abc import Iterable

from bot.core.proofs.model import Colour, Executed, Reading, StoppedBy, TestOutcome, TestResult
from bot.core.proofs.reports import PYTEST
from bot.core.proofs.reports import RUNNERS as IN_THE_BOX
from bot.core.proofs.runners.registry import WITH_CANARY, expected_runner
from bot.core.proofs.trusted import TrustedPaths

NAMES_SHOWN = 5
"""Tests named in a sentence; the rest is counted. A table row holds about five node ids."""

LAST_WORDS = 160
"""Characters of the last line of output that a reason repeats: an exception with its message, not a dump."""

_STOPPED = {
    StoppedBy.TIME: "it ran out of time",
    StoppedBy.MEMORY: "it used more memory than the box allows",
    StoppedBy.OUTPUT: "it printed more than the box allows",
    StoppedBy.DISK: "it wrote more to disk than the box allows",
}

_SHELL = {
    126: "the command could not be executed (exit status 126)",
    127: "the command was not found (exit status 127)",
}
"""POSIX, Shell Command Language, 2.8.2."""

_PYTEST = {
    3: "pytest had an internal error",
    4: "pytest was used in a way it does not understand (a missing file or a wrong option)",
    5: "pytest collected no test",
}
"""pytest's exit statuses that say nothing about the code (its `ExitCode`)."""

_MISSING_EXPORT = re.compile(r"does not provide an export named|Named export '[^']*' not found")
"""V8's and Node's words for a name that a module lacks; they call that a SyntaxError, and it is the missing feature."""

_UNREADABLE = ("SyntaxError", "IndentationError", "TabError")


def colour(executed: Executed, script: str, trusted: TrustedPaths) -> Reading:
    """The colour of one run in the report harness. `script` is what ran; `trusted` tells a broken test from broken code."""
    reason = _nothing_ran(executed)
    if reason:
        return Reading(Colour.NO_EVIDENCE, reason)
    reading = _read(executed, script, trusted)
    left = _left_early(executed, trusted) if reading.colour is Colour.GREEN else ""
    return Reading(Colour.NO_EVIDENCE, left) if left else reading


def _read(executed: Executed, script: str, trusted: TrustedPaths) -> Reading:
    runner = expected_runner(script)
    if executed.sessions or executed.tests is not None or runner:
        return _by_tests(executed, runner, trusted)
    if executed.exit_code == 0:
        return Reading(Colour.GREEN, "exit status 0")
    return Reading(Colour.RED, f"exit status {executed.exit_code}{_last_words(executed.output)}")


def _left_early(executed: Executed, trusted: TrustedPaths) -> str:
    """Code under test that exits ends the command before its own last word. Only a program of the tree that is no test may end itself."""
    for left in executed.left:
        if left.main.startswith(("<", "/")) or trusted.covers(left.main):
            return f"`{left.through}` ended the command's program by an exit, so the command's own end was not reached"
    return ""


def failing(executed: Executed | None) -> dict[str, TestResult]:
    """The named tests that are red, by name; empty when nothing is named."""
    return _with_outcome(executed, (TestOutcome.FAILED, TestOutcome.ERROR))


def passing(executed: Executed | None) -> dict[str, TestResult]:
    """The named tests that are green, by name."""
    return _with_outcome(executed, (TestOutcome.PASSED,))


def own_word(executed: Executed | None) -> bool:
    """The named tests are what the command says of itself, in a file or in TAP: nobody could look whether it listened to a failure."""
    return executed is not None and any(session.runner not in WITH_CANARY for session in executed.sessions)


def _last_words(output: str) -> str:
    """The output's last line, which with most tools says what went wrong; "" where there is none."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return f": {lines[-1][:LAST_WORDS]}" if lines else ""


def names_in_words(names: Iterable[str]) -> str:
    """A few names for a sentence, the rest counted."""
    listed = sorted(names)
    more = len(listed) - NAMES_SHOWN
    return ", ".join(f"`{name}`" for name in listed[:NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _nothing_ran(executed: Executed) -> str:
    if executed.broken:
        return f"the sandbox broke: {executed.broken}"
    if executed.stopped_by is not StoppedBy.NOTHING:
        return _STOPPED[executed.stopped_by]
    if executed.exit_code is None:
        return "it was ended by a signal"
    return _SHELL.get(executed.exit_code, "")


def _by_tests(executed: Executed, runner: str, trusted: TrustedPaths) -> Reading:
    tests = executed.tests or ()
    reason = _no_runner(executed, runner) or _unusable(executed, runner) or _broken_test(tests, trusted)
    if reason:
        return Reading(Colour.NO_EVIDENCE, reason)
    red = failing(executed)
    if red:
        contradiction = ", although the exit status is 0" if executed.exit_code == 0 else ""
        return Reading(Colour.RED, f"{len(red)} of {len(tests)} tests failed{contradiction}: {names_in_words(red)}")
    if executed.exit_code != 0:
        return Reading(Colour.RED, f"exit status {executed.exit_code}, although no named test failed")
    green = passing(executed)
    if not green:
        return Reading(Colour.NO_EVIDENCE, f"no test passed: all {len(tests)} were skipped")
    return Reading(
        Colour.GREEN, f"{len(green)} of {len(tests)} tests passed" if len(green) < len(tests) else _all(len(green))
    )


def _all(count: int) -> str:
    return "the one test passed" if count == 1 else f"all {count} tests passed"


def _no_runner(executed: Executed, runner: str) -> str:
    """Why a runner that should have reported did not come to its end, "" when it did."""
    known = _PYTEST.get(executed.exit_code or 0) if runner in ("", PYTEST) else ""
    if not executed.sessions:
        if runner == PYTEST and "No module named pytest" in executed.output:
            return "pytest is not installed in the environment"
        return known or f"{runner or PYTEST} reported nothing: it did not start, or something stood in its place"
    for session in executed.sessions:
        if session.exit_status is None:
            cut = "" if session.runner in IN_THE_BOX else ", or its report could not be read whole"
            return known or f"{session.runner} was ended before it came to its end{cut}"
    return ""


def _unusable(executed: Executed, runner: str) -> str:
    """Why the sessions say nothing, "" when they do. Status 2 is an interruption, unless files that failed to load explain it."""
    for session in executed.sessions:
        if session.runner == PYTEST and session.exit_status in _PYTEST:
            return _PYTEST[session.exit_status]
        if session.runner == PYTEST and session.exit_status == 2 and not failing(executed):
            return "pytest was interrupted"
    return "" if executed.tests else f"{_runner_of(executed, runner)} collected no test"


def _runner_of(executed: Executed, expected: str) -> str:
    return expected or next((session.runner for session in executed.sessions), PYTEST)


def _broken_test(tests: tuple[TestResult, ...], trusted: TrustedPaths) -> str:
    """A trusted test that its language cannot even read is red for the wrong reason."""
    for test in tests:
        if (
            test.outcome is TestOutcome.ERROR
            and test.message.startswith(_UNREADABLE)
            and not _MISSING_EXPORT.search(test.message)
        ):
            path = test.path or test.name.partition("::")[0]
            if trusted.covers(path):
                return f"`{path}` cannot be read as a program: {test.message.splitlines()[0]}"
    return ""


def _with_outcome(executed: Executed | None, outcomes: tuple[TestOutcome, ...]) -> dict[str, TestResult]:
    tests = executed.tests if executed is not None and executed.tests is not None else ()
    return {test.name: test for test in tests if test.outcome in outcomes}
