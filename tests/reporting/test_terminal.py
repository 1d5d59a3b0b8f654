"""The words for a terminal."""

from dataclasses import replace

from bot.core.runs import RunState
from bot.core.specs.model import Edit, Fix, Severity
from bot.reporting.lint import lint_lines, lint_summary, mended_lines
from bot.reporting.terminal import bill_line, headline_line, verdict_lines
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
    )
    assert mended_lines(found[:1], REDACTOR) == (f"{SPEC}:12:3 SB104 mended the fence is never closed",)


def test_findings_in_one_line() -> None:
    one = finding(12, Severity.ERROR, "SB004", "Unknown key `statsu`.")
    mendable = replace(one, fix=Fix((Edit(12, 1, "statsu", "status"),)))
    notice = finding(20, Severity.NOTICE, "SB301", "vague")
    explain = "`specbot lint --explain SB004` says what that means"
    assert lint_summary((reading(),)) == "No findings in 1 spec"
    assert lint_summary((reading(one, notice),)) == f"1 error, 1 notice in 1 spec; {explain}"
    assert lint_summary((reading(mendable),)) == f"1 error in 1 spec; `specbot lint --fix` mends it; {explain}"
    assert lint_summary((reading(mendable, notice), reading(mendable))) == (
        f"2 errors, 1 notice in 2 specs; `specbot lint --fix` mends 2 of them; {explain}"
    )
    assert lint_summary((reading(),), 3) == "3 mended; no findings in 1 spec"


def test_a_good_spec_is_no_line() -> None:
    assert lint_lines((reading(),), REDACTOR) == ()
