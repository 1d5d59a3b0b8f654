"""The check *Specbot / spec*: what reader and linter have to say about the changed specs. Only where there is a spec."""

from collections.abc import Iterable

from bot.core.pulls import Annotation, AnnotationLevel, CheckDraft, CheckStatus, Conclusion
from bot.core.specs.model import Finding, Reading, Severity
from bot.ids import Sha
from bot.reporting.counting import count
from bot.reporting.cut import cut, head_and_tail
from bot.reporting.limits import (
    ANNOTATION_MESSAGE_BYTES,
    ANNOTATION_TITLE_CHARS,
    ANNOTATIONS,
    CHECK_TEXT_BYTES,
    CHECK_TITLE_CHARS,
)
from bot.reporting.masking import Redactor
from bot.reporting.names import SPEC
from bot.reporting.sanitize import cell, cell_code, code, inline, one_line, without_code_marks

LEVELS = {
    Severity.ERROR: AnnotationLevel.FAILURE,
    Severity.WARNING: AnnotationLevel.WARNING,
    Severity.NOTICE: AnnotationLevel.NOTICE,
}

WORST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.NOTICE)


def spec_check(
    readings: tuple[Reading, ...], head: Sha, external_id: str, redactor: Redactor, *, details_url: str = ""
) -> CheckDraft:
    """The finished check: `failure` when a finding is an error, else `success`; each finding an annotation on its line."""
    readings = redactor.clean(readings)
    findings = sorted_findings(readings)
    failed = any(f.severity is Severity.ERROR for f in findings)
    return CheckDraft(
        name=SPEC,
        head_sha=head,
        external_id=external_id,
        status=CheckStatus.COMPLETED,
        conclusion=Conclusion.FAILURE if failed else Conclusion.SUCCESS,
        title=one_line(title(readings), CHECK_TITLE_CHARS),
        summary=cut(redactor.mask(_summary(readings)), CHECK_TEXT_BYTES, "*Cut here: `specbot lint` lists all of it.*"),
        text=cut(redactor.mask(_text(findings)), CHECK_TEXT_BYTES, "*Cut here: `specbot lint` lists all of it.*"),
        details_url=details_url or None,
        annotations=tuple(_annotation(finding) for finding in findings[:ANNOTATIONS]),
    )


def title(readings: Iterable[Reading]) -> str:
    """`2 errors, 1 warning in 1 spec`, or that there is nothing to say."""
    readings = tuple(readings)
    found = [f.severity for reading in readings for f in reading.findings]
    counts = [count(found.count(s), s.value) for s in WORST_FIRST if s in found]
    return f"{', '.join(counts) or 'No findings'} in {count(len(readings), 'spec')}"


def sorted_findings(readings: Iterable[Reading]) -> list[Finding]:
    """Errors first, then by place: the annotations that are shown first are those that block."""
    findings = [f for reading in readings for f in reading.findings]
    return sorted(
        findings, key=lambda f: (WORST_FIRST.index(f.severity), f.position.path, f.position.line, f.position.column)
    )


def _summary(readings: tuple[Reading, ...]) -> str:
    rows = [_row(reading) for reading in readings]
    told = sorted_findings(readings)[:1]
    more = ["", f"`specbot lint --explain {told[0].rule}` says what a rule means and how to mend it."] if told else []
    table = ["| spec | title | status | criteria | findings |", "| --- | --- | --- | --- | --- |"]
    return "\n".join([*table, *rows, *more])


def _row(reading: Reading) -> str:
    spec = reading.spec
    if spec is not None:
        known = f"{cell(spec.title)} | {spec.status.value} | {len(spec.criteria)}"
    else:
        known = "taken out here | – | –" if reading.deleted else "cannot be read | – | –"
    return f"| {cell_code(reading.path)} | {known} | {len(reading.findings)} |"


def _text(findings: list[Finding]) -> str:
    return "\n".join(_line(finding) for finding in findings)


def _line(finding: Finding) -> str:
    place = code(f"{finding.position.path}:{finding.position.line}:{finding.position.column}")
    hint = f" {inline(finding.hint, 500)}" if finding.hint else ""
    return f"- {place} **{finding.severity.value}** {code(finding.rule)}: {inline(finding.message, 500).rstrip('.')}.{hint}"


def _annotation(finding: Finding) -> Annotation:
    return Annotation(
        path=finding.position.path,
        start_line=finding.position.line,
        end_line=finding.position.end_line,
        level=LEVELS[finding.severity],
        title=one_line(f"{finding.rule} {finding.severity.value}", ANNOTATION_TITLE_CHARS),
        message=head_and_tail(
            "\n".join(without_code_marks(part) for part in (finding.message, finding.hint) if part),
            ANNOTATION_MESSAGE_BYTES,
        ),
    )
