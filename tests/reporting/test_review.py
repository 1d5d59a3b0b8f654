"""The reviewer's remarks as one review that GitHub takes."""

from bot.core.diffs import commentable_lines
from bot.core.reviews.model import ReviewFinding
from bot.core.runs import RunReport, RunState
from bot.reporting.names import review_marker
from bot.reporting.review import review_draft
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
