"""Green, red, or no evidence: the table, row by row."""

from dataclasses import replace

import pytest

from bot.core.proofs.colours import colour, names_in_words
from bot.core.proofs.model import Colour, Executed, Left, Session, StoppedBy
from bot.core.proofs.trusted import trusted_paths
from tests.core.proofs.builders import errored, failed, passed, ran, skipped

TRUSTED = trusted_paths()
PYTEST = "python -m pytest -q tests"


@pytest.mark.parametrize(
    ("executed", "script", "expected", "words"),
    [
        (ran(0), "make test", Colour.GREEN, "exit status 0"),
        (ran(3), "make test", Colour.RED, "exit status 3"),
        (ran(5), "./check", Colour.RED, "exit status 5"),
        (ran(0, passed("a")), PYTEST, Colour.GREEN, "the one test passed"),
        (ran(0, passed("a", "b")), "make test", Colour.GREEN, "all 2 tests passed"),
        (ran(0, (*passed("a"), *skipped("b"))), PYTEST, Colour.GREEN, "1 of 2 tests passed"),
        (ran(1, (*passed("a"), *failed("b"))), PYTEST, Colour.RED, "1 of 2 tests failed: `b`"),
        (ran(1, passed("a")), PYTEST, Colour.RED, "although no named test failed"),
        (ran(0, (*passed("a"), *failed("b")), sessions=(Session(1, 2),)), PYTEST + " | tail", Colour.RED, "although the exit status is 0"),
        (ran(2, errored("tests/test_a.py", "ImportError: no cut"), sessions=(Session(2, 0),)), PYTEST, Colour.RED, "`tests/test_a.py`"),
        (ran(2, errored("tests/test_a.py", "SyntaxError: bad", "text/cut.py"), sessions=(Session(2, 0),)), PYTEST, Colour.RED, "failed"),
        (ran(1, errored("tests/test_a.py::test_b", "RuntimeError: set-up")), PYTEST, Colour.RED, "failed"),
        # no evidence
        (ran(0, broken="no space"), PYTEST, Colour.NO_EVIDENCE, "sandbox broke: no space"),
        (ran(None, stopped_by=StoppedBy.TIME), PYTEST, Colour.NO_EVIDENCE, "out of time"),
        (ran(None, stopped_by=StoppedBy.MEMORY), "make", Colour.NO_EVIDENCE, "memory"),
        (ran(0, passed("a"), stopped_by=StoppedBy.OUTPUT), PYTEST, Colour.NO_EVIDENCE, "printed more"),
        (ran(1, stopped_by=StoppedBy.DISK), "make", Colour.NO_EVIDENCE, "disk"),
        (ran(None), "make", Colour.NO_EVIDENCE, "signal"),
        (ran(126), "./check", Colour.NO_EVIDENCE, "could not be executed"),
        (ran(127), "nonsense", Colour.NO_EVIDENCE, "not found"),
        (ran(5, ()), PYTEST, Colour.NO_EVIDENCE, "collected no test"),
        (ran(0, ()), PYTEST, Colour.NO_EVIDENCE, "collected no test"),
        (ran(4, (), sessions=(Session(None),)), PYTEST, Colour.NO_EVIDENCE, "does not understand"),
        (ran(4), PYTEST, Colour.NO_EVIDENCE, "does not understand"),
        (ran(3, passed("a")), PYTEST, Colour.NO_EVIDENCE, "internal error"),
        (ran(2, passed("a")), PYTEST, Colour.NO_EVIDENCE, "interrupted"),
        (ran(0, (), sessions=(Session(5),)), PYTEST + "; true", Colour.NO_EVIDENCE, "collected no test"),
        (ran(0, skipped("a", "b")), PYTEST, Colour.NO_EVIDENCE, "all 2 were skipped"),
        (ran(0, passed("a"), sessions=(Session(None, 1),)), PYTEST, Colour.NO_EVIDENCE, "ended before"),
        (ran(0, (), sessions=(Session(None),)), PYTEST, Colour.NO_EVIDENCE, "ended before"),
        (ran(0), PYTEST, Colour.NO_EVIDENCE, "reported nothing"),
        (ran(1, output="/usr/bin/python3: No module named pytest"), PYTEST, Colour.NO_EVIDENCE, "not installed"),
        (ran(2, errored("tests/test_a.py", "SyntaxError: invalid syntax"), sessions=(Session(2),)), PYTEST, Colour.NO_EVIDENCE, "`tests/test_a.py` cannot be read"),
        (ran(2, errored("tests", "IndentationError: x", "tests/conftest.py"), sessions=(Session(2),)), PYTEST, Colour.NO_EVIDENCE, "conftest"),
    ],
)  # fmt: skip
def test_the_colour_of_a_run(executed: Executed, script: str, expected: Colour, words: str) -> None:
    reading = colour(executed, script, TRUSTED)
    assert (reading.colour, words in reading.reason) == (expected, True), reading


@pytest.mark.parametrize(
    ("main", "expected"),
    [
        ("<string>", Colour.NO_EVIDENCE),
        ("/usr/lib/python3.11/unittest/__main__.py", Colour.NO_EVIDENCE),
        ("tests/check.py", Colour.NO_EVIDENCE),
        ("app.py", Colour.GREEN),
    ],
)
def test_only_a_program_of_the_tree_that_is_no_test_may_end_itself(main: str, expected: Colour) -> None:
    left = replace(ran(0), left=(Left("app.py", "cli.py"), Left(main, "text.py")))
    reading = colour(left, "make check", TRUSTED)
    assert (reading.colour, "`text.py` ended" in reading.reason) == (expected, expected is Colour.NO_EVIDENCE)
    assert colour(replace(left, exit_code=1), "make check", TRUSTED).colour is Colour.RED


def test_many_names_are_counted() -> None:
    assert names_in_words(f"t{number}" for number in range(8)) == "`t0`, `t1`, `t2`, `t3`, `t4` and 3 more"
