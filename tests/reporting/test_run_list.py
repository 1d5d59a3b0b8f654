"""Runs in a list that fits a terminal."""

from dataclasses import replace
from datetime import timedelta

from bot.core.chat import Usage
from bot.core.pulls import RepoRef
from bot.core.runs import RunState, Spent, worked
from bot.ids import InstallationId, RepoId
from bot.reporting.run_list import HEADER, run_fields, run_lines
from tests.adapters.store.values import START, run

NOW = START + timedelta(seconds=195)
SPENT = Spent(Usage(1000, 0, 10), 3, 1234.5)


def test_every_line_fits_80_columns() -> None:
    repo = RepoRef(InstallationId(1), RepoId(2), "a" * 39, "b" * 100)
    long = replace(run(), repo=repo, state=RunState.SUPERSEDED, reason="why " * 100, worked_seconds=86_400 * 9)
    for line in (HEADER, *run_lines(run(), SPENT, NOW, "")[:-1], *run_lines(long, SPENT, NOW, "")[:-1]):
        assert len(line) <= 80, line


def test_a_run_in_its_lines() -> None:
    row, stage, where = run_lines(run(), SPENT, NOW, "https://bot.example.com/runs/x")
    assert row.split() == ["octo/lib#7", "working", "$1,234.50", "3", "min", "15", "s", "2026-11-22", "08:00"]
    assert stage == "  admission"
    assert where == "  https://bot.example.com/runs/x"
    assert run_lines(run(), Spent(), NOW, "")[-1] == f"  {run().run_id}"
    assert "unknown" in run_lines(run(), replace(SPENT, usd=None), NOW, "")[0]


def test_the_time_of_waiting_is_not_the_time_of_work() -> None:
    waits = replace(run(), state=RunState.WAITING, worked_seconds=40.0)
    assert worked(waits, NOW) == 40.0
    again = replace(waits, state=RunState.WORKING, working_since=NOW - timedelta(seconds=5))
    assert worked(again, NOW) == 45.0
    assert run_fields(again, SPENT, NOW, "")["seconds"] == 45.0
    assert run_fields(again, SPENT, NOW, "")["url"] is None
