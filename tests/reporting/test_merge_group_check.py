"""The acceptance check on a merge queue's commit: green when all holds, red for whatever else, and nothing between."""

from dataclasses import replace

import pytest

from bot.core.merge_groups import CitedRed, MergeGroup
from bot.core.pulls import CheckStatus, Conclusion
from bot.core.runs import RunReport, RunState, Stage
from bot.ids import CriterionName, Digest, PrNumber, Sha
from bot.reporting.checks.merge_group import destroyed_check, merge_group_check
from bot.reporting.merge_queue import queue_comment
from tests.reporting.reports import (
    FAILED,
    KEPT,
    PROVEN,
    REDACTOR,
    REPO,
    SPEC,
    START,
    VACUOUS,
    as_text,
    report,
    run,
    verification,
)
from tests.reporting.snapshot import assert_snapshot

GROUP = MergeGroup(REPO, START, f"gh-readonly-queue/main/pr-3-{'b3' * 20}", Sha("b3" * 20), "main")
CITED = (CitedRed(CriterionName(f"{SPEC}#AC-1"), PrNumber(3), Digest("c9" * 32)),)
FAILS = report(run(RunState.FAILED), verification(FAILED, KEPT), agents=False)


@pytest.mark.parametrize(
    ("account", "conclusion"),
    [
        (report(run(RunState.DONE), verification(PROVEN, KEPT)), Conclusion.SUCCESS),
        (replace(report(run(RunState.DONE)), readings=()), Conclusion.SUCCESS),
        (FAILS, Conclusion.FAILURE),
        (report(run(RunState.FAILED), verification(PROVEN, VACUOUS)), Conclusion.FAILURE),
        (report(run(RunState.WAITING), trouble="the environment could not be made"), Conclusion.FAILURE),
        (report(run(RunState.STOPPED)), Conclusion.FAILURE),
        (report(run(RunState.SUPERSEDED)), Conclusion.FAILURE),
        (report(run(RunState.DONE)), Conclusion.FAILURE),
        (report(run(RunState.FAILED), verification(PROVEN, KEPT)), Conclusion.FAILURE),
        (report(run(RunState.WORKING, Stage.VERIFY)), None),
    ],
)
def test_only_what_is_known_to_hold_is_green(account: RunReport, conclusion: Conclusion | None) -> None:
    check = merge_group_check(account, GROUP, (), REDACTOR)
    assert check.conclusion is conclusion
    assert check.status is (CheckStatus.IN_PROGRESS if conclusion is None else CheckStatus.COMPLETED)
    assert check.title.startswith("Merge queue: ")
    assert [action.identifier for action in check.actions] == (["retry"] if conclusion is Conclusion.FAILURE else [])


def test_what_holds_cites_its_red_half() -> None:
    check = merge_group_check(report(run(RunState.DONE), verification(PROVEN, KEPT)), GROUP, CITED, REDACTOR)
    assert_snapshot("merge-group-holds", as_text(check))


def test_what_fails_says_how_to_go_on_and_the_pull_request_is_told() -> None:
    check = merge_group_check(FAILS, GROUP, (), REDACTOR)
    assert_snapshot("merge-group-fails", as_text(check))
    assert_snapshot("queue-comment", queue_comment(GROUP, check.title, "https://github.com/acme/openhours", REDACTOR))


def test_a_destroyed_group_claims_nothing() -> None:
    assert destroyed_check(START, "queue-1").conclusion is Conclusion.CANCELLED
