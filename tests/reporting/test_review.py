"""The reviewer's remarks as one review that GitHub takes."""

from dataclasses import replace

from bot.core.diffs import CommentableLines, commentable_lines
from bot.core.proofs.model import CriterionVerdict, Executed, StoppedBy
from bot.core.pulls import Conclusion
from bot.core.reviews.model import ReviewFinding, Tried
from bot.core.reviews.rows import finding_record, recorded, tried_row, with_rows
from bot.core.runs import RunReport, RunState
from bot.ids import CommandId, Digest, RunId, Sha, TreeSha
from bot.reporting.checks.acceptance import acceptance_check
from bot.reporting.names import review_marker
from bot.reporting.review import AskedReview, asked_review_draft, left_out, review_draft
from tests.reporting.reports import ANSWERS, CANDIDATE, PROVEN, REDACTOR, report, run, verification
from tests.reporting.snapshot import assert_snapshot

DIFF = """\
diff --git a/openhours/spans.py b/openhours/spans.py
index 1111111..2222222 100644
--- a/openhours/spans.py
+++ b/openhours/spans.py
@@ -10,1 +10,20 @@
 context
""" + "".join(f"+new {n}\n" for n in range(19))

LINES = commentable_lines(DIFF)


def remarks(*found: ReviewFinding, summary: str = "Two things.") -> RunReport:
    done = verification(PROVEN, ANSWERS)
    return report(run(RunState.DONE, published=True), done, review=found, review_summary=summary)


def test_remarks_stand_on_their_lines_and_the_rest_in_the_body() -> None:
    draft = review_draft(
        remarks(
            ReviewFinding("openhours/spans.py", 12, "low", "`end` may be @ada's"),
            ReviewFinding(
                "openhours/spans.py", 11, "high", "A span of 24 hours is refused.\n\n/merge\n![x](https://e.x/y)"
            ),
            ReviewFinding("README.md", 3, "medium", "Says the old thing."),
        ),
        LINES,
        REDACTOR,
    )
    assert draft is not None
    assert draft.commit_sha == CANDIDATE
    assert draft.body.startswith(f"{draft.marker}\n")
    assert [(c.path, c.line, c.start_line) for c in draft.comments] == [
        ("openhours/spans.py", 11, None),
        ("openhours/spans.py", 12, None),
    ]
    whole = [draft.body, *(f"--- {c.path}:{c.line}\n{c.body}" for c in draft.comments)]
    assert_snapshot("review", "\n\n".join(whole) + "\n")


def test_no_remark_no_review() -> None:
    assert review_draft(remarks(summary="All is well."), LINES, REDACTOR) is None


def test_at_most_ten_inline_the_worst_first_and_none_lost() -> None:
    found = [ReviewFinding("openhours/spans.py", 11 + n, "low" if n else "high", f"remark {n}!") for n in range(15)]
    draft = review_draft(remarks(*reversed(found)), LINES, REDACTOR)
    assert draft is not None
    assert len(draft.comments) == 10
    assert "remark 0!" in draft.comments[0].body
    said = draft.body + "".join(c.body for c in draft.comments)
    assert all(f"remark {n}!" in said for n in range(15))


def test_a_run_has_one_review_by_its_marker() -> None:
    assert review_marker(run(RunState.DONE).run_id) == "<!-- specbot:review:run-42-3-a1a1a1a1a1a1-1 -->"


FAILED = Executed(
    Digest("k"), 1, StoppedBy.NOTHING, "Traceback (most recent call last):\nAssertionError: 24 h", Digest("d"), 0.4
)
SHOWN = ReviewFinding(
    "openhours/spans.py",
    11,
    "high",
    "A span of 24 hours is refused: `Span(0, 24)` raises.",
    end_line=12,
    suggestion="    if end > 24:\n        raise Wrong(end)",
    reproduce="python3 -c 'from openhours import Span; Span(0, 24)'",
    kind="behaviour",
    fingerprint=Digest("f" * 64),
    tried=Tried(True, "exit status 1: AssertionError: 24 h", FAILED, FAILED, FAILED, passed_before=True),
)
NOT_SHOWN = ReviewFinding(
    "openhours/spans.py",
    14,
    "medium",
    "Two spans may overlap.",
    suggestion="/merge",
    reproduce="python3 -m pytest -q tests/test_overlap.py",
    fingerprint=Digest("e" * 64),
    tried=Tried(False, "pytest collected no test", replace(FAILED, exit_code=5, output="no tests ran")),
)


def row() -> CriterionVerdict:
    (one,) = recorded([(1, "", "", finding_record(SHOWN, RunId("run"), TreeSha("t")))])
    assert SHOWN.tried is not None
    made = tried_row(one, SHOWN, SHOWN.tried)
    assert made is not None
    return made


def test_what_a_command_shows_is_told_with_it_and_with_the_way_out() -> None:
    whole = remarks(SHOWN, NOT_SHOWN, summary="One thing is wrong.")
    assert whole.verification is not None
    draft = review_draft(replace(whole, verification=with_rows(whole.verification, [row()])), LINES, REDACTOR)
    assert draft is not None
    assert [(c.line, c.start_line) for c in draft.comments] == [(12, 11), (14, None)]
    texts = [draft.body, *(f"--- {c.path}:{c.line}\n{c.body}" for c in draft.comments)]
    assert_snapshot("review-reproduced", "\n\n".join(texts) + "\n")


def test_the_check_shows_a_reproduced_finding_as_a_row() -> None:
    whole = remarks(SHOWN)
    assert whole.verification is not None
    blocked = replace(
        whole, run=replace(whole.run, state=RunState.FAILED), verification=with_rows(whole.verification, [row()])
    )
    check = acceptance_check(blocked, REDACTOR)
    assert (check.conclusion, check.title[:10]) == (Conclusion.FAILURE, "R-1 shown ")
    assert [(a.path, a.start_line, a.end_line) for a in check.annotations] == [("openhours/spans.py", 11, 12)]
    assert_snapshot("acceptance-finding", f"# {check.title}\n\n{check.summary}\n\n---\n\n{check.text}\n")


def test_whoever_asks_gets_an_answer_whatever_came_of_it() -> None:
    asked = AskedReview(CommandId("comment:7:1"), CANDIDATE, (), "")
    answers = {
        "nothing to remark": asked,
        "all of it known": replace(asked, left_out=left_out(2, 1, 1)),
        "a fork": replace(asked, only_read=True, findings=(replace(SHOWN, tried=None),), summary="I read it."),
        "the head moved": replace(asked, moved=Sha("b" * 40), findings=(NOT_SHOWN,)),
        "no review": replace(asked, unread="the budget of this run is spent: 2,000,000 of 2,000,000 tokens"),
        "a row": replace(asked, findings=(SHOWN,), rows=((SHOWN.fingerprint, "R-2"),)),
    }
    told = []
    for what, one in answers.items():
        draft = asked_review_draft(one, LINES if one.moved is None else CommentableLines(()), REDACTOR)
        assert draft.marker == "<!-- specbot:asked-review:comment:7:1 -->"
        remarks_told = "".join(f"\n\n--- {c.path}:{c.line}\n{c.body}" for c in draft.comments)
        told.append(f"# {what}\n\n{draft.body}{remarks_told}")
    assert_snapshot("review-asked", "\n\n".join(told) + "\n")
