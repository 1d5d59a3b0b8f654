"""The words for a terminal."""

from bot.core.runs import RunState
from bot.core.specs.model import Severity
from bot.reporting.terminal import bill_line, headline_line, lint_lines, verdict_lines
from tests.reporting.reports import FAILED, KEPT, PROVEN, REDACTOR, SPEC, finding, reading, report, run, verification
from tests.reporting.snapshot import assert_snapshot

REPORT = report(run(RunState.FAILED), verification(PROVEN, FAILED, KEPT))


def test_a_run_in_lines() -> None:
    lines = [headline_line(REPORT, REDACTOR), *verdict_lines(REPORT, REDACTOR), bill_line(REPORT)]
    assert_snapshot("terminal", "\n".join(lines) + "\n")


def test_findings_one_a_line_as_editors_read_them() -> None:
    found = (
        finding(12, Severity.ERROR, "SB104", "the fence is never closed"),
        finding(20, Severity.WARNING, "SB301", "“fast”\x1b[31m is\nvague", "say a number"),
    )
    assert lint_lines((reading(*found),), REDACTOR) == (
        f"{SPEC}:12:3 SB104 error the fence is never closed",
        f"{SPEC}:20:3 SB301 warning “fast” is vague (say a number)",
        "1 error, 1 warning in 1 spec",
    )
