"""Where a run stands, in one line: decided here once, so that check, comment and terminal cannot disagree.

Whatever a report claims, success is said only of a run that is done and whose verification says so, or of a pull request that has
nothing to prove.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.core.proofs.model import CriterionVerdict, TamperWeight, Verdict, Verification
from bot.core.pulls import Conclusion
from bot.core.runs import RunReport, RunState
from bot.core.specs.model import Severity, Status
from bot.ids import CriterionName
from bot.reporting.limits import CHECK_TITLE_CHARS
from bot.reporting.sanitize import one_line
from bot.reporting.words import SIGNS, STAGES, count, short


class Kind(StrEnum):
    """What a report is about; each has its own text."""

    WORKING = "working"
    MOVED_ON = "moved on"
    SUPERSEDED = "superseded"
    STOPPED = "stopped"
    LINT = "lint"
    TROUBLE = "trouble"
    NO_SPEC = "no spec"
    DRAFT = "draft"
    VERDICTS = "verdicts"


@dataclass(frozen=True, slots=True)
class Headline:
    """`conclusion` is None while the run is live. `title` is plain text, not Markdown, of at most `CHECK_TITLE_CHARS`."""

    kind: Kind
    sign: str
    title: str
    conclusion: Conclusion | None


def headline(report: RunReport) -> Headline:
    """The one line that a report comes down to."""
    found = _of_state(report) or _of_specs(report) or _of_verdicts(report)
    return Headline(found.kind, found.sign, one_line(found.title, CHECK_TITLE_CHARS), found.conclusion)


def has_spec(report: RunReport) -> bool:
    """Whether anything is said to people at all: a pull request without a spec gets no comment, ever."""
    return bool(report.readings)


def label(name: CriterionName, report: RunReport) -> str:
    """A criterion's name as short as it is clear: `AC-1`, with its spec's file name where there are several specs."""
    path, _, criterion = name.rpartition("#")
    return f"{path.rsplit('/', 1)[-1]}#{criterion}" if len(report.readings) > 1 else criterion


def _of_state(report: RunReport) -> Headline | None:
    run = report.run
    if run.published and run.candidate and report.head == run.start_head != run.candidate:
        return Headline(
            Kind.MOVED_ON, "➡️", f"The work went on to {short(run.candidate)}; see there", Conclusion.CANCELLED
        )
    if run.state is RunState.QUEUED:
        return Headline(Kind.WORKING, "⏳", "Queued: starts as soon as a worker is free", None)
    if run.state is RunState.WORKING:
        return Headline(Kind.WORKING, "⏳", f"Working: {STAGES[run.stage]}", None)
    if run.state is RunState.SUPERSEDED:
        return Headline(Kind.SUPERSEDED, "⏭️", f"Superseded: {run.reason or 'a newer run'}", Conclusion.CANCELLED)
    if run.state is RunState.STOPPED:
        return Headline(Kind.STOPPED, "⏹️", f"Stopped: {run.reason or 'on request'}", Conclusion.CANCELLED)
    return None


def _of_specs(report: RunReport) -> Headline | None:
    errors = sum(f.severity is Severity.ERROR for reading in report.readings for f in reading.findings)
    if errors:
        title = f"The spec has {count(errors, 'error')}, so nothing was run"
        return Headline(Kind.LINT, "❌", title, Conclusion.FAILURE)
    waits = report.run.state is RunState.WAITING
    if report.trouble:
        conclusion = Conclusion.ACTION_REQUIRED if waits else Conclusion.FAILURE
        return Headline(Kind.TROUBLE, "✋" if waits else "❌", report.trouble, conclusion)
    if report.run.state is not RunState.DONE:
        return None
    if not report.readings:
        return Headline(Kind.NO_SPEC, "✅", "No spec in this pull request", Conclusion.SUCCESS)
    if all(r.spec is not None and r.spec.status is Status.DRAFT for r in report.readings):
        return Headline(Kind.DRAFT, "✅", "Only draft specs: nothing is claimed, nothing was run", Conclusion.SUCCESS)
    return None


def _of_verdicts(report: RunReport) -> Headline:
    verification = report.verification
    if verification is None or not verification.verdicts:
        title = report.run.reason or "Nothing was verified"
        return Headline(Kind.TROUBLE, "❌", title, Conclusion.FAILURE)
    bad = [v for v in verification.verdicts if v.verdict.bad]
    hard = [t for t in verification.tampering if t.weight is TamperWeight.HARD]
    waiting = [v for v in verification.verdicts if not v.verdict.done]
    if hard:
        title = f"Tampered: {hard[0].message}"
        return Headline(Kind.VERDICTS, SIGNS[Verdict.TAMPERED], title, Conclusion.FAILURE)
    if bad:
        return Headline(Kind.VERDICTS, SIGNS[bad[0].verdict], _of_one(bad, report), Conclusion.FAILURE)
    if waiting:
        return Headline(Kind.VERDICTS, "✋", _of_one(waiting, report), Conclusion.ACTION_REQUIRED)
    if report.run.state is not RunState.DONE:
        title = f"{done_words(verification)}, but the run did not end well: {report.run.reason or 'no reason is known'}"
        return Headline(Kind.TROUBLE, "❌", title, Conclusion.FAILURE)
    return Headline(Kind.VERDICTS, SIGNS[Verdict.PROVEN], done_words(verification), Conclusion.SUCCESS)


def done_words(verification: Verification) -> str:
    """`6 of 6 criteria proven`; where they count for different reasons, each reason with its number."""
    done = [v.verdict for v in verification.verdicts if v.verdict.done]
    all_of_them = f"{len(done)} of {count(len(verification.verdicts), 'criterion', 'criteria')}"
    kinds = [v for v in Verdict if v in done]
    if not kinds or kinds == [Verdict.PROVEN]:
        return f"{all_of_them} proven"
    return f"{all_of_them} hold: {', '.join(f'{done.count(kind)} {kind.value}' for kind in kinds)}"


def _of_one(verdicts: list[CriterionVerdict], report: RunReport) -> str:
    """The first of some verdicts with its reason, and how many more there are."""
    first = verdicts[0]
    more = f" (and {len(verdicts) - 1} more)" if len(verdicts) > 1 else ""
    reason = first.reasons[0] if first.reasons else first.text
    text = f"{label(first.name, report)} {first.verdict.value}: {reason}"
    return one_line(text, CHECK_TITLE_CHARS - len(more)) + more
