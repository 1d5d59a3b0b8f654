"""A reviewer's remarks as one batched review: on their lines where GitHub takes them, in the body where not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.core.diffs import CommentableLines
from bot.core.proofs.model import Verification
from bot.core.pulls import InlineComment, ReviewDraft
from bot.core.reviews.model import ReviewFinding, Tried, weight
from bot.core.reviews.rows import is_row
from bot.core.runs import RunReport
from bot.core.specs.naming import bare
from bot.ids import CommandId, Digest, Sha
from bot.reporting.counting import count
from bot.reporting.cut import cut, head_and_tail
from bot.reporting.evidence import how_it_ended
from bot.reporting.headline import capital
from bot.reporting.limits import COMMENT_BYTES, INLINE_COMMENTS
from bot.reporting.masking import Redactor
from bot.reporting.names import asked_review_marker, review_marker
from bot.reporting.sanitize import code, details, fence, inline, quote_untrusted, summary_html
from bot.reporting.suggestions import applies, proposed, suggestion
from bot.reporting.words import short

CUT = "*(cut)*"

OUTPUT_BYTES = 2_000
"""Ours: of a command's output beside a line of code; the check has more of it."""


@dataclass(frozen=True, slots=True)
class AskedReview:
    """What somebody gets who asked for a review by the command `asked`. `unread` says why there was none, "" when there was one; `moved` is the head where
    it is another one by now. `only_read`: nothing of the change was executed. `rows` are the names of the check's rows that findings have made, by fingerprint."""

    asked: CommandId
    commit: Sha
    findings: tuple[ReviewFinding, ...]
    summary: str
    unread: str = ""
    moved: Sha | None = None
    only_read: bool = False
    left_out: str = ""
    rows: tuple[tuple[Digest, str], ...] = ()


def review_draft(report: RunReport, lines: CommentableLines, redactor: Redactor) -> ReviewDraft | None:
    """One COMMENT review of the published work, None when there is no remark: praise is no news.

    `lines` are those of the diff of exactly `report.head`. At most `INLINE_COMMENTS` stand inline, the worst first; no remark is lost.
    """
    if not report.review:
        return None
    rows = _row_of(report.verification)
    opening = (
        f"**Review** of Specbot's own work by a model that did not write it: {count(len(report.review), 'remark')}, "
        f"{{inlined}}. {_weighs(report.review, rows)}"
    )
    opening = f"{opening} {report.review_left_out}".rstrip()
    draft = _Draft(review_marker(report.run.run_id), report.head, opening, report.review_summary, rows)
    return draft.made(report.review, lines, redactor)


def asked_review_draft(asked: AskedReview, lines: CommentableLines, redactor: Redactor) -> ReviewDraft:
    """One COMMENT review for whoever asked for it, also when there is nothing to remark: it is the answer."""
    draft = _Draft(asked_review_marker(asked.asked), asked.commit, _answer(asked), asked.summary, dict(asked.rows))
    return draft.made(asked.findings, lines, redactor)


def _answer(asked: AskedReview) -> str:
    if asked.unread:
        return f"**Review** of `{short(asked.commit)}`: there was none. {capital(inline(asked.unread, 1_000).rstrip('.'))}."
    remarks = f"{count(len(asked.findings), 'remark')}, {{inlined}}" if asked.findings else "no remark"
    parts = [f"**Review** of `{short(asked.commit)}` by a model: {remarks}."]
    if asked.findings:
        parts.append(_weighs(asked.findings, dict(asked.rows)))
    parts += [asked.left_out] if asked.left_out else []
    if asked.only_read:
        parts.append("It only read: nothing of a fork's code is executed before somebody who may write here says so.")
    if asked.moved is not None and asked.findings:
        parts.append(f"The head is `{short(asked.moved)}` by now, so no remark stands on its line.")
    return " ".join(parts)


def left_out(known: int, elsewhere: int, beyond: int) -> str:
    """What was found and is not told, in a sentence; "" when that is nothing."""
    parts = [
        f"{count(known, 'remark')} that was made or dismissed before" if known == 1 else "",
        f"{count(known, 'remark')} that were made or dismissed before" if known > 1 else "",
        f"{elsewhere} on lines that another check has annotated" if elsewhere else "",
        f"{beyond} of less weight" if beyond else "",
    ]
    told = [part for part in parts if part]
    return f"Not told: {', '.join(told)}." if told else ""


def _weighs(findings: Sequence[ReviewFinding], rows: Mapping[Digest, str]) -> str:
    named = list(dict.fromkeys(rows[one.fingerprint] for one in findings if one.fingerprint in rows))
    if not named:
        return "An opinion, no verdict: it does not decide about the merge."
    are = "is shown by a command and stops" if len(named) == 1 else "are shown by commands and stop"
    rest = "; the rest is an opinion" if len(findings) > len(named) else ""
    return f"{', '.join(f'**{row}**' for row in named)} {are} the merge until mended or dismissed{rest}."


def _row_of(verification: Verification | None) -> Mapping[Digest, str]:
    """The short names of the rows that stop the merge, by fingerprint."""
    verdicts = verification.verdicts if verification is not None else ()
    return {one.criterion_digest: bare(one.name) for one in verdicts if is_row(one.name) and not one.verdict.done}


@dataclass(frozen=True, slots=True)
class _Draft:
    marker: str
    commit: Sha
    opening: str
    summary: str
    rows: Mapping[Digest, str]

    def made(self, findings: Sequence[ReviewFinding], lines: CommentableLines, redactor: Redactor) -> ReviewDraft:
        ordered = sorted(findings, key=weight)
        fitting = [(one, at) for one in ordered if (at := _place(one, lines)) is not None][:INLINE_COMMENTS]
        inlined = [one for one, _ in fitting]
        rest = [one for one in ordered if one not in inlined]
        return ReviewDraft(
            marker=self.marker,
            commit_sha=self.commit,
            body=cut(redactor.mask(self._body(len(inlined), rest, lines, redactor)), COMMENT_BYTES, CUT),
            comments=tuple(
                replace(at, body=_fitted(redactor.mask(self._remark(one, applies(one, lines, redactor), redactor))))
                for one, at in fitting
            ),
        )

    def _body(self, inlined: int, rest: Sequence[ReviewFinding], lines: CommentableLines, redactor: Redactor) -> str:
        parts = [f"{self.marker}\n{self.opening.replace('{inlined}', _on_lines(inlined, inlined + len(rest)))}"]
        summary = redactor.clean(self.summary)
        if summary.strip():
            parts.append(quote_untrusted(summary))
        if rest:
            remarks = "\n\n".join(
                f"{code(f'{redactor.clean(one.path)}:{one.line}')} {self._remark(one, False, redactor)}" for one in rest
            )
            heading = "Not on a line of this diff, or beyond what fits"
            heading = f"{heading}: {count(len(rest), 'remark')}"
            parts.append(details(heading, remarks, opened=len(rest) <= INLINE_COMMENTS))
        return "\n\n".join(parts)

    def _remark(self, finding: ReviewFinding, can_be_applied: bool, redactor: Redactor) -> str:
        """The suggestion stands as it was given: whether that is harmless was asked before."""
        shown = redactor.clean(finding)
        row = self.rows.get(finding.fingerprint, "")
        parts = [f"**{inline(shown.severity)}**{_standing(shown, row)}", quote_untrusted(shown.message)]
        if finding.suggestion is not None and can_be_applied:
            parts.append(suggestion(finding.suggestion))
        elif shown.suggestion is not None:
            parts.append(proposed(shown.suggestion))
        if shown.tried is not None:
            parts.append(_command(shown.reproduce, shown.tried))
        if row:
            parts.append(f"If it may stay, say why: `/specbot dismiss {row} REASON`")
        return "\n\n".join(parts)


def _on_lines(inlined: int, whole: int) -> str:
    return f"{inlined or 'none'} on {'its line' if whole == 1 else 'their lines'}"


def _standing(finding: ReviewFinding, row: str) -> str:
    if row:
        return f" · shown by a command, stops the merge as **{row}**"
    return " · shown by a command" if finding.reproduced else ""


def _command(script: str, outcome: Tried) -> str:
    """The command and what it did; folded, because the remark has to be readable without it."""
    words = how_it_ended(outcome.candidate)
    heading = (
        f"The command that shows it: {words}" if outcome.reproduced else f"Not shown by its command: {outcome.why}"
    )
    output = outcome.candidate.output if outcome.candidate is not None else ""
    before = ""
    if outcome.reproduced and outcome.base is not None:
        before = (
            "Before the change it passed." if outcome.passed_before else "Before the change it did not pass either."
        )
    body = [fence(script, "sh"), fence(head_and_tail(output, OUTPUT_BYTES), "text") if output.strip() else "", before]
    return details(summary_html(heading), "\n\n".join(part for part in body if part))


def _place(finding: ReviewFinding, lines: CommentableLines) -> InlineComment | None:
    """Where the remark stands, None when GitHub would not take it there."""
    several = finding.last_line > finding.line
    wanted = InlineComment(finding.path, finding.last_line, "", finding.line if several else None)
    kept, _ = lines.placeable([wanted])
    return kept[0] if kept else None


def _fitted(remark: str) -> str:
    return cut(remark, COMMENT_BYTES, CUT)
