"""Where a run stands, in one line: decided here once, so that check, comment and terminal cannot disagree.

Whatever a report claims, success is said only of a run that is done and whose verification says so, or of a pull request that has
nothing to prove.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.core.proofs.outcome import NO_SPEC, ONLY_DRAFTS, outcome
from bot.core.proofs.verdicts import WORST_FIRST
from bot.core.pulls import Conclusion
from bot.core.reviews.rows import is_row
from bot.core.runs import RunReport, RunState
from bot.core.specs.model import Severity, Status
from bot.core.specs.naming import short_name, spec_of
from bot.ids import CriterionName
from bot.reporting.counting import count
from bot.reporting.limits import CHECK_TITLE_CHARS
from bot.reporting.reasons import deciding
from bot.reporting.sanitize import cell, cell_code, one_line
from bot.reporting.words import STAGES, short

_LIKE_A_REFERENCE = re.compile(r"#(?=[0-9])")
_A_NAME = re.compile(r"[^\s:,]+[#/]\S")


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
    # A criterion's name keeps its first letter: people copy it from here.
    title = found.title if found.kind is Kind.VERDICTS else capital(found.title)
    return Headline(found.kind, found.sign, one_line(title, CHECK_TITLE_CHARS), found.conclusion)


def has_spec(report: RunReport) -> bool:
    """Whether anything is said to people at all: a pull request without a spec gets no comment, ever."""
    return bool(report.readings)


def label(name: CriterionName, report: RunReport) -> str:
    """A criterion's name as short as it is clear: `AC-1`, with what tells its spec from the others where several claim something. It is what people
    write in commands, which know what was verified."""
    verdicts = report.verification.verdicts if report.verification else ()
    in_force = {r.path for r in report.readings if r.spec is None or r.spec.status is not Status.DRAFT}
    return short_name(name, in_force | {spec_of(verdict.name) for verdict in verdicts})


def prose_label(name: CriterionName, report: RunReport) -> str:
    """`label` as Markdown, also for a cell. Code where `#` stands before a digit (`greet#1.2`): prose would part the two by an invisible character,
    and no command that the name is copied into would be heard."""
    text = label(name, report)
    return cell_code(text) if _LIKE_A_REFERENCE.search(text) is not None else cell(text)


def capital(text: str) -> str:
    """As a sentence begins; the name of a criterion stays as it is written."""
    return text if _A_NAME.match(text) is not None else text[:1].upper() + text[1:]


def _of_state(report: RunReport) -> Headline | None:
    run = report.run
    if run.published and run.candidate and report.head == run.start_head != run.candidate:
        return Headline(
            Kind.MOVED_ON, "➡️", f"The work went on to {short(run.candidate)}; see there", Conclusion.CANCELLED
        )
    if run.state is RunState.QUEUED:
        return Headline(Kind.WORKING, "⏳", "Queued: starts as soon as a worker is free", None)
    if run.state is RunState.WORKING:
        return Headline(Kind.WORKING, "⏳", report.pause.rstrip(".") or f"Working: {STAGES[run.stage]}", None)
    if run.state is RunState.SUPERSEDED:
        return Headline(Kind.SUPERSEDED, "⏭️", f"Superseded: {run.reason or 'a newer run'}", Conclusion.CANCELLED)
    if run.state is RunState.STOPPED:
        return Headline(Kind.STOPPED, "⏹️", run.reason or "stopped on request", Conclusion.CANCELLED)
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
        return Headline(Kind.NO_SPEC, "✅", NO_SPEC.title, NO_SPEC.conclusion)
    drafts = all(r.spec is not None and r.spec.status is Status.DRAFT for r in report.readings)
    if drafts and report.verification is None:
        return Headline(Kind.DRAFT, "✅", ONLY_DRAFTS.title, ONLY_DRAFTS.conclusion)
    return None


def _of_verdicts(report: RunReport) -> Headline:
    if report.verification is None:
        title = report.run.reason or "Nothing was verified"
        return Headline(Kind.TROUBLE, "❌", title, Conclusion.FAILURE)
    judged = outcome(report.verification)
    if judged.conclusion is not Conclusion.SUCCESS:
        bad = judged.conclusion is Conclusion.FAILURE
        return Headline(Kind.VERDICTS, "❌" if bad else "✋", _with_reason(judged.title, report), judged.conclusion)
    if report.run.state is not RunState.DONE:
        title = f"{judged.title}, but the run did not end well: {report.run.reason or 'no reason is known'}"
        return Headline(Kind.TROUBLE, "❌", title, Conclusion.FAILURE)
    return Headline(Kind.VERDICTS, "✅", judged.title, Conclusion.SUCCESS)


def _with_reason(title: str, report: RunReport) -> str:
    """The worst criterion's deciding reason behind the title, under its name: most people read no further."""
    verdicts = report.verification.verdicts if report.verification else ()
    worst = min((v for v in verdicts if not v.verdict.done), key=lambda v: WORST_FIRST.index(v.verdict), default=None)
    if worst is not None and is_row(worst.name):
        return f"{title}. {label(worst.name, report)}: {worst.text.replace('`', '')}"
    if worst is None or not worst.reasons:
        return title
    return f"{title}. {label(worst.name, report)}: {deciding(worst.reasons)}"
