"""Notes on lines of tests and code: where failures say they are, and what tamper rules found. Plain text, as GitHub shows annotations."""

from bot.core.proofs.model import Place, TamperFinding, TamperWeight
from bot.core.proofs.tamper import RULES
from bot.core.pulls import Annotation, AnnotationLevel
from bot.core.runs import RunReport
from bot.reporting.cut import head_and_tail
from bot.reporting.headline import capital, label
from bot.reporting.limits import ANNOTATION_MESSAGE_BYTES, ANNOTATION_TITLE_CHARS
from bot.reporting.reasons import in_plain_text
from bot.reporting.sanitize import one_line


def on_places(report: RunReport) -> tuple[Annotation, ...]:
    """One on each line that a failing command names. What it says is its own, and is shown as that."""
    return tuple(_on_place(place, report) for place in report.places)


def on_findings(report: RunReport) -> tuple[Annotation, ...]:
    """One on each finding that is hard or waits for a person, where the commit has its line."""
    found = report.verification.tampering if report.verification else ()
    told = [one for one in found if one.weight is TamperWeight.HARD or one.waits]
    return tuple(_on_finding(one, report) for one in told if _is_at(one, report))


def _on_place(place: Place, report: RunReport) -> Annotation:
    name = label(place.criterion, report)
    what = f"{place.test.rpartition('::')[2]} failed here" if place.test else "its output names this line"
    return Annotation(
        path=place.path,
        start_line=place.line,
        end_line=place.line,
        level=AnnotationLevel.FAILURE if place.test else AnnotationLevel.WARNING,
        title=one_line(f"{name}: {what}", ANNOTATION_TITLE_CHARS),
        message=head_and_tail(f"The command says: {place.message or 'nothing more'}", ANNOTATION_MESSAGE_BYTES),
    )


def _on_finding(found: TamperFinding, report: RunReport) -> Annotation:
    hard = found.weight is TamperWeight.HARD
    line = found.line if found.line and found.before is not _is_work(report) else 1
    (message,) = in_plain_text((found.message,))
    out = "Nobody can allow this." if hard else f"If it may stay: /specbot allow {found.rule} REASON"
    return Annotation(
        path=found.path,
        start_line=line,
        end_line=line,
        level=AnnotationLevel.FAILURE if hard else AnnotationLevel.WARNING,
        title=one_line(
            f"{found.rule}: {RULES[found.rule][1] if found.rule in RULES else 'tampering'}", ANNOTATION_TITLE_CHARS
        ),
        message=head_and_tail(f"{capital(message)}\n{out}", ANNOTATION_MESSAGE_BYTES),
    )


def _is_work(report: RunReport) -> bool:
    """Whether the report's commit is what was verified, and not what the unpublished work began with."""
    return report.run.candidate is None or report.head == report.run.candidate


def _is_at(found: TamperFinding, report: RunReport) -> bool:
    """A line of unpublished work is at no commit of the pull request; what stood before it is."""
    return _is_work(report) or found.before or not found.line
