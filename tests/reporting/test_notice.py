"""The one line that notifies: whom, what, where to look, what to write."""

from dataclasses import replace

import pytest

from bot.core.events.comments import commands_in
from bot.core.pulls import Person
from bot.core.runs import RunState
from bot.ids import UserId
from bot.reporting.names import notice_marker
from bot.reporting.notice import issue_notice, run_notice
from tests.reporting.reports import FAILED, PROVEN, REDACTOR, report, run, verification
from tests.reporting.snapshot import assert_snapshot
from tests.reporting.test_orchestration import ACCOUNTS

MARKER = notice_marker("run-1.2")
CHECK = "https://hub.example/acme/openhours/runs/9"
ENDINGS = {
    "failed": report(run(RunState.FAILED), verification(PROVEN, FAILED)),
    "hold": report(
        run(RunState.WAITING),
        verification(PROVEN),
        trouble="the work is proven and waits for a person's word before anything is pushed",
        way_out="look at the patch in the check's details, then `/specbot publish c2c2c2c`",
    ),
    "budget": report(
        run(RunState.WAITING),
        None,
        trouble="the budget of 600,000 tokens is spent, @all",
        way_out="`/specbot budget +500k tokens`",
    ),
}


@pytest.mark.parametrize("name", ENDINGS)
def test_the_notice_of_a_run(name: str) -> None:
    notice = run_notice(ENDINGS[name], MARKER, CHECK, REDACTOR)
    body = notice.body
    assert "@ada" not in notice.over
    assert notice.over.startswith(f"{MARKER}\n<sub>~~")
    assert_snapshot(f"notice-{name}", body)
    assert body.startswith(f"{MARKER}\n@ada ")
    assert body.count("\n") == 2, "one line"
    assert body.replace("@ada", "").count("@&#8203;") == body.replace("@ada", "").count("@"), "nobody else is called"
    assert commands_in(body) == ()


@pytest.mark.parametrize("name", ["questions", "approval", "lacking", "failed"])
def test_the_notice_of_an_issue(name: str) -> None:
    body = issue_notice(ACCOUNTS[name], MARKER, "c2" * 20, REDACTOR).body
    assert_snapshot(f"notice-issue-{name}", body)
    assert commands_in(body) == ()


def test_a_name_that_is_none_is_not_called() -> None:
    odd = replace(ENDINGS["failed"], run=replace(run(RunState.FAILED), requester=Person(UserId(3), "all everybody")))
    assert run_notice(odd, MARKER, CHECK, REDACTOR).body == ""
