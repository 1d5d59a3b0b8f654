"""What the linter says, for a terminal. Apart from the texts of runs: `specbot lint` is called at every commit, and loads nothing that only runs need."""

from collections.abc import Iterable

from bot.core.specs.model import Finding, Reading
from bot.reporting.checks.spec import sorted_findings, title
from bot.reporting.masking import Redactor
from bot.reporting.sanitize import one_line


def lint_lines(readings: Iterable[Reading], redactor: Redactor) -> tuple[str, ...]:
    """`path:line:column rule severity message (hint)` for each finding, file by file; nothing for specs of which there is nothing to say."""
    findings = tuple(finding for reading in readings for finding in reading.findings)
    return tuple(redactor.mask(_finding(finding)) for finding in redactor.clean(findings))


def mended_lines(findings: Iterable[Finding], redactor: Redactor) -> tuple[str, ...]:
    """`path:line:column rule mended message` for each finding that is no more."""
    return tuple(redactor.mask(_mended(finding)) for finding in redactor.clean(tuple(findings)))


def lint_summary(readings: Iterable[Reading], mended: int = 0) -> str:
    """The findings in numbers, what was mended, and what can be done next."""
    readings = tuple(readings)
    findings = [finding for reading in readings for finding in reading.findings]
    counted = title(readings)
    said = [f"{mended:,} mended", f"{counted[:1].lower()}{counted[1:]}"] if mended else [counted]
    fixable = sum(finding.fix is not None for finding in findings)
    if fixable:
        said.append(f"`specbot lint --fix` mends {'it' if len(findings) == 1 else f'{fixable:,} of them'}")
    if findings:
        said.append(f"`specbot lint --explain {sorted_findings(readings)[0].rule}` says what that means")
    return "; ".join(said)


def _finding(finding: Finding) -> str:
    hint = f" ({one_line(finding.hint, 300)})" if finding.hint else ""
    return f"{_place(finding)} {finding.rule} {finding.severity.value} {one_line(finding.message, 300)}{hint}"


def _mended(finding: Finding) -> str:
    return f"{_place(finding)} {finding.rule} mended {one_line(finding.message, 300)}"


def _place(finding: Finding) -> str:
    path = finding.position.path.replace("\n", "\\n")
    return f"{path}:{finding.position.line}:{finding.position.column}"
