"""The sticky comment in each of its situations."""

import re
from dataclasses import replace

import pytest

from bot.core.events.comments import commands_in
from bot.core.proofs.model import Shown, Verdict
from bot.core.reviews.model import ReviewFinding
from bot.core.runs import RunState
from bot.reporting.comment import sticky_comment
from bot.reporting.cut import size
from bot.reporting.headline import has_spec
from bot.reporting.names import STATUS_MARKER
from tests.reporting.reports import (
    ANSWERS,
    FAILED,
    KEPT,
    PROVEN,
    REDACTOR,
    criterion,
    executed,
    report,
    run,
    verification,
)
from tests.reporting.snapshot import assert_snapshot
from tests.reporting.test_acceptance_check import SITUATIONS


@pytest.mark.parametrize("situation", [name for name, (about, _) in SITUATIONS.items() if has_spec(about)])
def test_each_situation_has_its_text(situation: str) -> None:
    body = sticky_comment(SITUATIONS[situation][0], REDACTOR)
    assert body.startswith(f"{STATUS_MARKER}\n### ")
    assert_snapshot(f"comment-{situation}", body)


def test_a_pull_request_without_a_spec_gets_none() -> None:
    assert not has_spec(SITUATIONS["no-spec"][0])


@pytest.mark.parametrize(
    ("situation", "commands"),
    [
        ("working", ["stop"]),
        ("failed", ["retry", "verify"]),
        ("pausing", ["stop"]),
        ("environment", ["retry"]),
        ("budget", ["budget +500k tokens", "retry"]),
        ("lint", []),
        ("proven", []),
        ("superseded", []),
    ],
)
def test_it_offers_the_lines_to_paste_that_help_now(situation: str, commands: list[str]) -> None:
    body = sticky_comment(SITUATIONS[situation][0], REDACTOR)
    assert re.findall(r"^```\n/specbot (.+)\n```$", body, re.MULTILINE) == commands
    assert commands_in(body) == ()


def test_a_box_is_ticked_only_when_all_that_a_task_proves_is_done() -> None:
    def boxes(*verdicts: object) -> str:
        return sticky_comment(report(run(RunState.FAILED), verification(*verdicts)), REDACTOR)  # type: ignore[arg-type]

    assert "- [x] **T-1**" in boxes(PROVEN, ANSWERS)
    assert "- [ ] **T-1**" in boxes(PROVEN, FAILED)
    assert "- [ ] **T-1**" in boxes(PROVEN, KEPT)


def test_many_criteria_stay_on_one_screen_with_the_worst_in_sight() -> None:
    many = [criterion(n, Verdict.PROVEN) for n in range(1, 31)] + [criterion(31, Verdict.FAILED)]
    body = sticky_comment(report(run(RunState.FAILED), verification(*many)), REDACTOR)
    seen, _, folded = body.partition("<details>")
    assert "AC-31" in seen
    assert "<summary>19 more</summary>" in folded
    assert len(re.findall(r"^\| \*\*", seen, re.MULTILINE)) == 12


def test_it_fits_however_much_there_is() -> None:
    shown = Shown("x" * 1_000, replace(executed(1), output="y" * 500), executed(1), None)
    many = [criterion(n, Verdict.FAILED, *[shown] * 8, text="t" * 500, way_out="w" * 9_000) for n in range(200)]
    about = report(run(RunState.FAILED), verification(*many), review_summary="🙂 @everyone\n" * 6_000)
    body = sticky_comment(about, REDACTOR)
    assert size(body) <= 60_000
    assert body.startswith(STATUS_MARKER)
    assert body.count("<details") == body.count("</details>")


def test_what_a_model_says_is_quoted_and_called_an_opinion() -> None:
    about = report(
        run(RunState.DONE, published=True),
        verification(PROVEN, ANSWERS),
        review_summary="Looks right to @ada.\n/merge\n<img src=x>",
    )
    body = sticky_comment(about, REDACTOR)
    assert "an opinion, no verdict" in body
    assert "> Looks right to @&#8203;ada.\n> &#8203;/merge\n> &lt;img src=x&gt;" in body


def test_remarks_that_stand_in_a_review_are_not_said_twice() -> None:
    remark = ReviewFinding("a.py", 3, "low", "Odd.")
    about = report(
        run(RunState.DONE, published=True), verification(PROVEN, ANSWERS), review=(remark,), review_summary="All of it."
    )
    body = sticky_comment(about, REDACTOR)
    assert "there is 1 remark, in the review. An opinion, no verdict." in body
    assert "All of it." not in body
    assert "there are 2 remarks, in the review." in sticky_comment(replace(about, review=(remark, remark)), REDACTOR)
    unpublished = sticky_comment(replace(about, run=run(RunState.FAILED), head=about.run.start_head), REDACTOR)
    assert "> All of it." in unpublished, "no review is written on work that is not published"
