"""Reproduced findings as rows of the acceptance check, and what a person's word does to them."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.core.policy.configuration import read_configuration
from bot.core.proofs.model import CriterionVerdict, Executed, StoppedBy, Verdict, Verification
from bot.core.proofs.outcome import outcome
from bot.core.pulls import Conclusion, Person
from bot.core.reviews.model import ReviewFinding, Tried
from bot.core.reviews.rows import (
    Dismissal,
    dismissal_record,
    dismissals,
    dismissed_row,
    finding_record,
    is_row,
    recorded,
    row_name,
    tried_row,
    with_rows,
    with_unseen,
)
from bot.core.specs.model import Position, ProofKind
from bot.core.specs.naming import short_name
from bot.ids import CriterionName, Digest, RunId, Sha, TreeSha, UserId

FAILED = Executed(Digest("k"), 1, StoppedBy.NOTHING, "AssertionError", Digest("d"), 0.1)
SHOWN = Tried(True, "exit status 1: AssertionError", FAILED, FAILED, FAILED)
FINDING = ReviewFinding(
    "greet.py", 2, "high", "Nobody is greeted.", 3, "x", "python3 -c 'f()'", "behaviour", Digest("f" * 64), SHOWN
)
WORD = Dismissal(
    "R-1",
    FINDING.fingerprint,
    Sha("a" * 40),
    Person(UserId(7), "grace"),
    datetime(2026, 5, 4, 3, tzinfo=UTC),
    "meant so",
)


def verdict(word: Verdict) -> CriterionVerdict:
    place = Position("specs/a.md", 9)
    return CriterionVerdict(
        CriterionName("specs/a.md#AC-1"), "It works.", ProofKind.CHANGE, place, Digest("c"), word, ()
    )


PROVEN = Verification(TreeSha("t"), TreeSha("b"), Digest("e"), (verdict(Verdict.PROVEN),))


def ledger(*bodies: str) -> list[tuple[int, str, str, str]]:
    return [(number, "", "", body) for number, body in enumerate(bodies, start=1)]


def test_what_the_ledger_says_comes_back_numbered_in_its_order() -> None:
    other = replace(FINDING, path="b.py", fingerprint=Digest("0" * 64))
    rows = ledger(
        finding_record(FINDING, RunId("run"), TreeSha("t")),
        dismissal_record(WORD),
        finding_record(other, RunId("run"), TreeSha("t")),
    )
    first, second = recorded(rows)
    assert first.finding == replace(FINDING, suggestion=None, tried=None)
    assert (first.name, second.name, second.finding.path) == ("#R-1", "#R-2", "b.py")
    assert dismissals(rows) == {FINDING.fingerprint: WORD}


def test_a_row_that_stands_fails_the_check_and_keeps_the_work_on_the_branch() -> None:
    (one,) = recorded(ledger(finding_record(FINDING, RunId("run"), TreeSha("t"))))
    row = tried_row(one, one.finding, SHOWN)
    assert row is not None
    assert (row.verdict, row.position.line, row.position.end_line) == (Verdict.FAILED, 2, 3)
    assert row.reasons == ("after: exit status 1: AssertionError", "before the change it did not pass either")
    whole = outcome(with_rows(PROVEN, [row]))
    assert (whole.conclusion, whole.publishable) == (Conclusion.FAILURE, True)
    assert whole.title == "R-1 shown by a reviewer; 1 of 1 done"
    failed = replace(PROVEN, verdicts=(verdict(Verdict.FAILED),))
    assert not outcome(with_rows(failed, [row])).publishable


def test_a_row_goes_when_its_command_passes_and_waits_when_nothing_is_known() -> None:
    (one,) = recorded(ledger(finding_record(FINDING, RunId("run"), TreeSha("t"))))
    assert tried_row(one, one.finding, Tried(False, "it passes", passes=True)) is None
    unknown = tried_row(one, one.finding, Tried(False, "it ran out of time"))
    assert unknown is not None
    assert unknown.verdict is Verdict.NO_EVIDENCE
    assert outcome(with_rows(PROVEN, [unknown])).conclusion is Conclusion.ACTION_REQUIRED


def test_a_dismissed_row_counts_as_done_and_says_by_whom() -> None:
    (one,) = recorded(ledger(finding_record(FINDING, RunId("run"), TreeSha("t"))))
    row = dismissed_row(one, one.finding, WORD)
    assert row.reasons == ("dismissed by grace on 2026-05-04 03:00 UTC: meant so",)
    assert outcome(with_rows(PROVEN, [row])).conclusion is Conclusion.SUCCESS


def test_rows_are_replaced_and_never_added_twice() -> None:
    (one,) = recorded(ledger(finding_record(FINDING, RunId("run"), TreeSha("t"))))
    row = tried_row(one, one.finding, SHOWN)
    assert row is not None
    assert with_rows(with_rows(PROVEN, [row]), [row]) == with_rows(PROVEN, [row])
    assert with_rows(with_rows(PROVEN, [row]), []) == PROVEN


def test_what_was_shown_and_could_not_be_looked_at_again_is_not_green() -> None:
    (one,) = recorded(ledger(finding_record(FINDING, RunId("run"), TreeSha("t"))))
    whole = with_unseen(PROVEN, [one], "it could not be run again: no sandbox")
    assert outcome(whole).conclusion is Conclusion.ACTION_REQUIRED
    assert with_unseen(whole, [one], "again") == whole
    elsewhere = replace(PROVEN, candidate_tree=TreeSha("other"))
    assert with_unseen(elsewhere, [one], "it may be mended there") == elsewhere


def test_only_grave_findings_stop_a_merge() -> None:
    assert FINDING.blocks
    assert not replace(FINDING, severity="low").blocks
    assert not replace(FINDING, severity="blocker").blocks
    assert not replace(FINDING, tried=Tried(False, "it passes", passes=True)).blocks


def test_a_row_is_named_alone_and_lengthens_no_other_name() -> None:
    assert is_row(row_name(1))
    assert not is_row(CriterionName("specs/a.md#R-1"))
    assert short_name(row_name(3), ["specs/a.md", "specs/b.md"]) == "R-3"
    assert short_name(CriterionName("specs/a.md#AC-1"), ["specs/a.md", ""]) == "AC-1"


def test_the_base_branch_decides_what_a_review_may_do() -> None:
    default, base = b"review: {block: reproduced, most: 9}\n", b"review: {block: never, most: 2}\n"
    assert read_configuration(default, base).review.blocks is False
    assert read_configuration(default, base).review.most == 2
    assert read_configuration(None, None).review.blocks is True
