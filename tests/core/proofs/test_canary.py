"""A green counts only when the planted failure was noticed."""

from dataclasses import replace

import pytest

from bot.core.proofs.canary import CanaryState, canary_holds, needs_canary
from bot.core.proofs.model import Executed, Session, StoppedBy
from tests.core.proofs.builders import errored, failed, passed, ran, with_canary

PYTEST = "python -m pytest -q tests"
PYTHON = "python -c 'import text'"
GREEN = ran(0, passed("a", "b"))
TWO = ran(0, passed("a", "b"), sessions=(Session(0, 1), Session(0, 1)))

UNLOADED = ran(2, errored("tests/test_a.py", "ImportError: no cut"), sessions=(Session(2),))


@pytest.mark.parametrize(
    ("normal", "canary", "script", "state"),
    [
        # pytest
        (GREEN, with_canary(GREEN), PYTEST, CanaryState.HOLDS),
        (GREEN, with_canary(GREEN), "make test", CanaryState.HOLDS),
        (TWO, with_canary(TWO), PYTEST, CanaryState.HOLDS),
        (GREEN, with_canary(GREEN, exit_code=0, noticed=False), PYTEST, CanaryState.SUBVERTED),
        (GREEN, with_canary(GREEN, exit_code=1, noticed=False), PYTEST, CanaryState.SUBVERTED),
        (GREEN, ran(0, None, starts=1), PYTEST, CanaryState.SUBVERTED),
        (ran(0, (), sessions=(Session(None),)), ran(0, (), sessions=(Session(None),)), PYTEST, CanaryState.SUBVERTED),
        (ran(0), ran(0), PYTEST, CanaryState.SUBVERTED),
        (GREEN, with_canary(GREEN, exit_code=0), PYTEST + " || true", CanaryState.CANNOT_TELL),
        (GREEN, ran(97), "set -e; python a.py; pytest", CanaryState.CANNOT_TELL),
        (ran(0), ran(97), PYTEST, CanaryState.CANNOT_TELL),
        (TWO, replace(with_canary(TWO), sessions=(Session(1, 2, True),)), PYTEST, CanaryState.CANNOT_TELL),
        (GREEN, replace(with_canary(GREEN), sessions=(Session(None, 0, False),)), PYTEST, CanaryState.CANNOT_TELL),
        (GREEN, replace(with_canary(GREEN), tests=(*passed("a"), *failed("b"))), PYTEST, CanaryState.UNSTEADY),
        (GREEN, replace(with_canary(GREEN), tests=passed("a")), PYTEST, CanaryState.UNSTEADY),
        (replace(GREEN, python_cut_short=1), with_canary(GREEN), PYTEST + " && python a.py", CanaryState.CANNOT_TELL),
        (UNLOADED, replace(UNLOADED, sessions=(Session(2, 1, False),)), PYTEST, CanaryState.CANNOT_TELL),
        (ran(1, failed("a")), with_canary(ran(1, failed("a")), noticed=False), PYTEST + " -x", CanaryState.CANNOT_TELL),
        # plain Python
        (ran(0), ran(97), PYTHON, CanaryState.HOLDS),
        (ran(0), ran(1), "make check", CanaryState.HOLDS),
        (ran(0), ran(0), PYTHON, CanaryState.SUBVERTED),
        (ran(0, cut_short=1), ran(97, starts=2), "python a.py && python b.py", CanaryState.CANNOT_TELL),
        (ran(0), ran(0, output="specbot::canary_12\n"), "! " + PYTHON, CanaryState.CANNOT_TELL),
        (ran(0, starts=0), ran(0, starts=0), "python -I x.py", CanaryState.CANNOT_TELL),
        (ran(0, starts=0), ran(1, starts=0), "python -I x.py", CanaryState.CANNOT_TELL),
        # nothing to plant in
        (ran(0, starts=0), None, "test -f README.md", CanaryState.NOT_APPLICABLE),
        (ran(0, starts=0), ran(0, starts=0), "node check.js", CanaryState.CANNOT_TELL),
        # no canary to speak of
        (GREEN, None, PYTEST, CanaryState.CANNOT_TELL),
        (GREEN, ran(None, stopped_by=StoppedBy.TIME), PYTEST, CanaryState.CANNOT_TELL),
        (GREEN, ran(1, broken="no box"), PYTEST, CanaryState.CANNOT_TELL),
        (ran(0), ran(None), PYTHON, CanaryState.CANNOT_TELL),
    ],
)
def test_what_the_canary_shows(normal: Executed, canary: Executed | None, script: str, state: CanaryState) -> None:
    reading = canary_holds(normal, canary, script)
    assert reading.state is state, reading
    assert reading.lets_count == (state in (CanaryState.HOLDS, CanaryState.NOT_APPLICABLE))
    assert bool(reading.way_out) == (not reading.lets_count)


def test_a_canary_is_run_where_a_result_may_count() -> None:
    assert needs_canary(GREEN)
    assert needs_canary(ran(0))
    assert needs_canary(ran(1, errored("a", "x")))
    assert not needs_canary(ran(1))
    assert not needs_canary(None)
    assert not needs_canary(ran(0, stopped_by=StoppedBy.TIME))
    assert not needs_canary(ran(0, broken="x"))


def of(runner: str, run: Executed, *, failed: bool = False, passed: bool = False, status: int | None = 0) -> Executed:
    return replace(run, sessions=(Session(status, 1, failed, runner, passed),))


@pytest.mark.parametrize(
    ("runner", "script"),
    [
        ("go", "go test ./..."),
        ("cargo", "cargo test"),
        ("node", "node --test"),
        ("jest", "npx jest"),
        ("unittest", "python -m unittest"),
    ],
)
def test_the_canary_of_each_runner(runner: str, script: str) -> None:
    normal, red = of(runner, ran(0, passed("a"))), ran(1, passed("a"))
    assert canary_holds(normal, of(runner, red, failed=True, status=1), script).state is CanaryState.HOLDS
    assert canary_holds(normal, of(runner, red, passed=True), script).state is CanaryState.SUBVERTED
    assert canary_holds(normal, of(runner, ran(0, passed("a")), failed=True), script).state is CanaryState.CANNOT_TELL
    quiet = canary_holds(normal, of(runner, ran(0, passed("a"))), script)
    # Where it may not be reached for honest reasons nobody is accused; green it is not either.
    assert quiet.state is (CanaryState.SUBVERTED if runner == "unittest" else CanaryState.CANNOT_TELL)
    assert canary_holds(normal, ran(0), script).lets_count is False


def test_a_runner_that_stops_at_the_canary_is_compared_by_what_it_told() -> None:
    normal = of("cargo", ran(0, passed("a", "b")))
    assert (
        canary_holds(normal, of("cargo", ran(101, passed("a")), failed=True), "cargo test").state is CanaryState.HOLDS
    )
    other = of("cargo", ran(101, failed("a")), failed=True)
    assert canary_holds(normal, other, "cargo test").state is CanaryState.UNSTEADY


@pytest.mark.parametrize("runner", ["TAP", "JUnit XML"])
def test_nothing_is_planted_in_a_runner_that_nobody_knows(runner: str) -> None:
    normal = of(runner, ran(0, passed("a"), starts=0))
    reading = canary_holds(normal, None, "make check")
    assert reading.state is CanaryState.NOT_APPLICABLE
    assert runner in reading.reason
    # A Python or Node that says so is asked by its exit status.
    assert canary_holds(replace(normal, python_started=1), ran(97), "make check").state is CanaryState.HOLDS


NODE = replace(ran(0, starts=0), nodes_started=1)


@pytest.mark.parametrize(
    ("normal", "canary", "state"),
    [
        (NODE, replace(NODE, exit_code=97), CanaryState.HOLDS),
        (NODE, NODE, CanaryState.SUBVERTED),
        (NODE, replace(NODE, output="specbot::canary_12\n"), CanaryState.CANNOT_TELL),
        (replace(NODE, nodes_cut_short=1), replace(NODE, exit_code=97), CanaryState.CANNOT_TELL),
    ],
)
def test_plain_node_has_its_exit_status_replaced(normal: Executed, canary: Executed, state: CanaryState) -> None:
    assert canary_holds(normal, canary, "make check").state is state
