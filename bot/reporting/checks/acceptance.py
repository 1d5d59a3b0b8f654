"""The check *Specbot / acceptance*: may this be merged, and on what evidence."""

from dataclasses import replace

from bot.core.proofs.model import CriterionVerdict
from bot.core.pulls import Annotation, AnnotationLevel, CheckAction, CheckDraft, CheckStatus
from bot.core.reviews.rows import is_row, only_rows
from bot.core.runs import RunReport, RunState
from bot.reporting.annotations import on_findings, on_places
from bot.reporting.checks.actions import APPROVE_BUTTON, APPROVE_SPEC_BUTTON, RETRY_BUTTON, STOP_BUTTON, VERIFY_BUTTON
from bot.reporting.contracts import contracts_section
from bot.reporting.cut import cut, head_and_tail
from bot.reporting.evidence import account, put_back, table, tampering, worst_first
from bot.reporting.headline import Headline, Kind, headline, label
from bot.reporting.limits import (
    ANNOTATION_MESSAGE_BYTES,
    ANNOTATION_TITLE_CHARS,
    ANNOTATIONS,
    CHECK_TEXT_BYTES,
    HELD_PATCH_BYTES,
    OUTPUT_BYTES,
)
from bot.reporting.masking import Redactor
from bot.reporting.names import ACCEPTANCE
from bot.reporting.next_steps import next_steps, story
from bot.reporting.reasons import in_plain_text
from bot.reporting.sanitize import code, details, fence, inline, one_line
from bot.reporting.ways_out import way_out
from bot.reporting.words import cost, duration, short


def acceptance_check(report: RunReport, redactor: Redactor) -> CheckDraft:
    """The check as it should stand now at `report.head`, for a live or an ended run. Fits GitHub's limits, holds no secret."""
    report = redactor.clean(report)
    line = headline(report)
    if line.kind is Kind.MOVED_ON:
        report = replace(report, verification=None, put_back=(), contracts=())
    pointer = _pointer(report)
    return CheckDraft(
        name=ACCEPTANCE,
        head_sha=report.head,
        external_id=report.run.check_id,
        status=_status(report, line),
        conclusion=line.conclusion,
        title=redactor.mask(line.title),
        summary=cut(redactor.mask(_summary(report, line)), CHECK_TEXT_BYTES, pointer),
        text=cut(redactor.mask(_text(report)), CHECK_TEXT_BYTES, pointer),
        details_url=report.details_url or None,
        annotations=_annotations(report, line),
        actions=_actions(report, line),
        started_at=report.run.created_at,
    )


def _status(report: RunReport, line: Headline) -> CheckStatus:
    if line.conclusion is not None:
        return CheckStatus.COMPLETED
    return CheckStatus.QUEUED if report.run.state is RunState.QUEUED else CheckStatus.IN_PROGRESS


def _summary(report: RunReport, line: Headline) -> str:
    parts = [story(report, line)]
    if report.verification:
        parts += [_so_far(line), table(report.verification.verdicts, report), tampering(report.verification.tampering)]
    parts += [contracts_section(report), put_back(report), next_steps(report, line), _facts(report, line)]
    return "\n\n".join(part for part in parts if part)


def _so_far(line: Headline) -> str:
    """A table under a headline that does not rest on it says so: nobody shall take it for the result."""
    if line.kind is Kind.VERDICTS:
        return ""
    return "What was shown before that:" if line.conclusion else "What is shown so far:"


def _facts(report: RunReport, line: Headline) -> str:
    """What the verdict is bound to, so that anybody can check it."""
    if line.kind in (Kind.NO_SPEC, Kind.DRAFT, Kind.LINT):
        return ""
    proof = report.verification
    facts = [
        f"head `{short(report.head)}`, base `{short(report.base_sha)}`",
        f"tree `{short(proof.candidate_tree)}`, environment `{short(proof.environment)}`" if proof else "",
        f"sandbox: {inline(report.sandbox)}" if report.sandbox else "",
        f"model: {inline(report.model)}" if report.model and report.spent.calls else "",
        f"{cost(report.spent, report.budget)} · {duration(report.seconds)}",
        f"ledger head {code(report.ledger_head)}" if report.ledger_head else "",
        f"run `{report.run.run_id}`",
    ]
    return "\n".join(["**About this run**", "", *(f"- {fact}" for fact in facts if fact)])


def _text(report: RunReport) -> str:
    parts = []
    if report.held_patch:
        patch = fence(head_and_tail(report.held_patch, HELD_PATCH_BYTES), "diff")
        parts.append(details("The patch that is held back", patch))
    if report.trouble_output.strip():
        output = fence(head_and_tail(report.trouble_output, 4 * OUTPUT_BYTES), "text")
        parts.append(details("What the tool printed", output, opened=True))
    if report.verification and not report.run.state.live:
        parts += [account(verdict, report) for verdict in worst_first(report.verification.verdicts)]
    return "\n\n".join(parts)


def _annotations(report: RunReport, line: Headline) -> tuple[Annotation, ...]:
    """On the spec's lines, what is not done; on those of tests and code, what failed there and what was tampered with. A lint error is
    annotated by *Specbot / spec*."""
    if line.kind is not Kind.VERDICTS or report.verification is None:
        return ()
    return (*_on_the_spec(report), *on_findings(report), *on_places(report))[:ANNOTATIONS]


def _on_the_spec(report: RunReport) -> tuple[Annotation, ...]:
    """One on each criterion that is not done."""
    verdicts = report.verification.verdicts if report.verification else ()
    open_ones = [v for v in worst_first(verdicts) if not v.verdict.done]
    return tuple(
        Annotation(
            path=v.position.path,
            start_line=v.position.line,
            end_line=v.position.end_line,
            level=AnnotationLevel.FAILURE if v.verdict.bad else AnnotationLevel.WARNING,
            title=one_line(f"{label(v.name, report)} {v.verdict.value}", ANNOTATION_TITLE_CHARS),
            message=head_and_tail(
                "\n".join(in_plain_text((*_found(v), *v.reasons, way_out(v, report)))).strip() or v.verdict.value,
                ANNOTATION_MESSAGE_BYTES,
            ),
        )
        for v in open_ones[:ANNOTATIONS]
    )


def _found(verdict: CriterionVerdict) -> tuple[str, ...]:
    """What a reviewer found: unlike a criterion's words it does not stand on the line that is annotated."""
    return (verdict.text,) if is_row(verdict.name) else ()


def _actions(report: RunReport, line: Headline) -> tuple[CheckAction, ...]:
    """Only what makes sense now: a spec with errors is mended by a push, work that went on is looked at elsewhere."""
    if line.conclusion is None:
        return (STOP_BUTTON,)
    if line.kind is Kind.DRAFT and report.of_issue:
        return (APPROVE_SPEC_BUTTON,)
    if line.kind in (Kind.NO_SPEC, Kind.DRAFT, Kind.LINT, Kind.MOVED_ON, Kind.SUPERSEDED):
        return ()
    if report.approvable:
        return (APPROVE_BUTTON, VERIFY_BUTTON)
    proven = line.kind is Kind.VERDICTS and report.verification is not None and report.verification.done
    only_proofs = proven or only_rows(report.verification) or (report.verification is not None and not report.agents)
    return (VERIFY_BUTTON,) if only_proofs else (RETRY_BUTTON, VERIFY_BUTTON)


def _pointer(report: RunReport) -> str:
    if report.details_url:
        return f"*Cut here: all of it stands on [the run's page]({report.details_url}).*"
    return "*Cut here: `specbot logs` has all of it.*"
