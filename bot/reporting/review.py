"""A reviewer's remarks as one batched review: on their lines where GitHub takes them, in the body where not."""

from bot.core.diffs import CommentableLines
from bot.core.pulls import InlineComment, ReviewDraft
from bot.core.runs import ReviewFinding, RunReport
from bot.reporting.cut import cut
from bot.reporting.limits import COMMENT_BYTES, INLINE_COMMENTS
from bot.reporting.masking import Redactor
from bot.reporting.names import review_marker
from bot.reporting.sanitize import code, details, inline, quote_untrusted
from bot.reporting.words import count

SEVERITIES = ("high", "medium", "low")
"""The reviewer's own scale, worst first; an unknown word sorts last."""

CUT = "*(cut)*"


def review_draft(report: RunReport, lines: CommentableLines, redactor: Redactor) -> ReviewDraft | None:
    """One COMMENT review of the published work, None when there is no remark: praise is no news.

    `lines` are those of the diff of exactly `report.head`. At most `INLINE_COMMENTS` stand inline, the worst first; no remark is lost.
    """
    report = redactor.clean(report)
    if not report.review:
        return None
    ordered = sorted(report.review, key=_weight)
    fitting = [f for f in ordered if lines.can_carry(f.path, f.line)]
    inlined = fitting[:INLINE_COMMENTS]
    rest = [f for f in ordered if f not in inlined]
    return ReviewDraft(
        marker=review_marker(report.run.run_id),
        commit_sha=report.head,
        body=cut(redactor.mask(_body(report, len(inlined), rest)), COMMENT_BYTES, CUT),
        comments=tuple(
            InlineComment(f.path, f.line, cut(redactor.mask(_remark(f)), COMMENT_BYTES, CUT)) for f in inlined
        ),
    )


def _weight(finding: ReviewFinding) -> int:
    return SEVERITIES.index(finding.severity) if finding.severity in SEVERITIES else len(SEVERITIES)


def _body(report: RunReport, inlined: int, rest: list[ReviewFinding]) -> str:
    parts = [
        review_marker(report.run.run_id) + "\n"
        f"**Review** of Specbot's own work by a model that did not write it: {count(len(report.review), 'remark')}, "
        f"{inlined} on their lines. An opinion, no verdict: it does not decide about the merge."
    ]
    if report.review_summary.strip():
        parts.append(quote_untrusted(report.review_summary))
    if rest:
        remarks = "\n\n".join(f"{code(f'{f.path}:{f.line}')} {_remark(f)}" for f in rest)
        heading = "Not on a line of this diff, or beyond what fits"
        parts.append(details(f"{heading}: {count(len(rest), 'remark')}", remarks, opened=len(rest) <= INLINE_COMMENTS))
    return "\n\n".join(parts)


def _remark(finding: ReviewFinding) -> str:
    return f"**{inline(finding.severity)}**\n\n{quote_untrusted(finding.message)}"
