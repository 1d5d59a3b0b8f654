"""*Specbot / spec*: each finding on its line."""

from bot.core.pulls import AnnotationLevel, Conclusion
from bot.core.specs.model import Reading, Severity
from bot.reporting.checks.spec import spec_check
from bot.reporting.cut import size
from tests.reporting.reports import REDACTOR, SPEC, START, as_text, finding, reading
from tests.reporting.snapshot import assert_snapshot

WARNING = finding(20, Severity.WARNING, "SB301", "“fast” is vague", "say a number")
ERROR = finding(40, Severity.ERROR, "SB104", "the fence that opens here is never closed", "close it with ```")
NOTICE = finding(3, Severity.NOTICE, "SB203", "AC-2 has no command")


def test_an_error_fails_and_stands_first() -> None:
    draft = spec_check(
        (reading(WARNING, ERROR, NOTICE),), START, "run-1", REDACTOR, details_url="https://bot.example/r"
    )
    assert draft.conclusion is Conclusion.FAILURE
    assert draft.title == "1 error, 1 warning, 1 notice in 1 spec"
    assert [(a.start_line, a.level) for a in draft.annotations] == [
        (40, AnnotationLevel.FAILURE),
        (20, AnnotationLevel.WARNING),
        (3, AnnotationLevel.NOTICE),
    ]
    assert {a.path for a in draft.annotations} == {SPEC}
    assert_snapshot("spec-error", as_text(draft))


def test_without_errors_it_succeeds() -> None:
    assert spec_check((reading(WARNING),), START, "run-1", REDACTOR).conclusion is Conclusion.SUCCESS
    nothing = spec_check((reading(), reading(path="specs/2.md")), START, "run-1", REDACTOR)
    assert (nothing.title, nothing.annotations) == ("No findings in 2 specs", ())


def test_a_file_that_cannot_be_read_is_a_row_too() -> None:
    draft = spec_check((Reading("specs/bad|name.md", None, (ERROR,)),), START, "run-1", REDACTOR)
    assert "| `specs/bad\\|name.md` | cannot be read | – | – | 1 |" in draft.summary


def test_more_findings_than_anybody_reads_still_fit() -> None:
    many = tuple(finding(n + 1, Severity.ERROR, "SB101", "m" * 3_000, "h" * 3_000) for n in range(300))
    draft = spec_check((reading(*many),), START, "run-1", REDACTOR)
    assert len(draft.annotations) == 200
    assert size(draft.text) <= 65_535
    assert all(size(a.message) <= 4_096 for a in draft.annotations)
    assert draft.title == "300 errors in 1 spec"
