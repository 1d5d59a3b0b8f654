"""What others' checks count for."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.ci import (
    Ci,
    CiCheck,
    CiRepair,
    CiState,
    is_look_due,
    red_among,
    repair_record,
    repairs_of,
    state_of_check,
)
from bot.ids import CheckRunId, RunId, Sha

HEAD, LINE = Sha("a" * 40), Sha("b" * 40)


def check(name: str, state: CiState, number: int | None = 1) -> CiCheck:
    return CiCheck(name, "CI", state, check=CheckRunId(number) if number else None)


@pytest.mark.parametrize(
    ("status", "conclusion", "state"),
    [
        ("completed", "success", CiState.PASSED),
        ("completed", "failure", CiState.FAILED),
        ("completed", "timed_out", CiState.FAILED),
        ("completed", "neutral", CiState.LEFT_OUT),
        ("completed", "skipped", CiState.LEFT_OUT),
        ("completed", "cancelled", CiState.LEFT_OUT),
        ("completed", "a word of next year", CiState.LEFT_OUT),
        ("waiting", "", CiState.RUNNING),
    ],
)
def test_how_a_check_stands(status: str, conclusion: str, state: CiState) -> None:
    assert state_of_check(status, conclusion) is state


def test_what_failed_before_is_named_and_not_blamed() -> None:
    ci = Ci(HEAD, (check("mypy", CiState.FAILED), check("docs", CiState.FAILED)), stood=(("CI", "docs"),))
    assert [one.name for one in ci.red] == ["mypy"]
    assert [one.name for one in ci.red_before] == ["docs"]


def test_a_pending_status_is_not_waited_for_and_a_running_check_is() -> None:
    assert Ci(HEAD, (check("deploy", CiState.RUNNING, None),)).decided
    assert not Ci(HEAD, (check("mypy", CiState.RUNNING),)).decided


def test_the_ledger_counts_the_repairs_of_one_line() -> None:
    repair = CiRepair(RunId("r"), LINE, HEAD)
    rows = ((1, "", "", repair_record(repair, RunId("s"))), (2, "", "", '{"kind":"proof","v":2}'))
    assert repairs_of(rows, LINE) == (HEAD,)
    assert repairs_of(rows, HEAD) == ()
    assert red_among((check("a", CiState.FAILED), check("b", CiState.PASSED))) == (("CI", "a"),)


def test_a_sweep_looks_often_at_first_then_hourly_and_at_last_no_more() -> None:
    published = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)

    def due(after: timedelta, looked: timedelta | None) -> bool:
        return is_look_due(published, None if looked is None else published + looked, published + after)

    minute, hour, day = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
    assert due(minute, None)
    assert due(10 * minute, 5 * minute)
    assert not due(3 * hour, 3 * hour - 5 * minute)
    assert due(3 * hour, 2 * hour)
    assert due(6 * day, None)
    assert not due(8 * day, None)
