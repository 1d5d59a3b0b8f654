"""What is replied to people who asked for something in a review: one text for each point, exact about what was pushed."""

from dataclasses import dataclass

from bot.core.feedback.model import Answer, Answering, Place, Point
from bot.core.proofs.model import TamperWeight, Verification
from bot.ids import Sha
from bot.reporting.counting import count
from bot.reporting.cut import cut
from bot.reporting.limits import COMMENT_BYTES
from bot.reporting.masking import Redactor
from bot.reporting.sanitize import code, inline, quote_untrusted

NAMED = 5
"""Criteria named in a reply; the check has all of them."""

HINT_MARKER = "<!-- specbot:no-spec-to-fix -->"
"""First line of the hint that there is no spec here: one a pull request."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What came of the work as a whole. `commit` is what stands on the pull request's branch, None when nothing was pushed; `tried`: files were
    changed, pushed or not. `kept_on` is the branch with what did not hold, "" when there is none; `page` the run's page."""

    commit: Sha | None
    tried: bool
    verification: Verification | None
    kept_on: str = ""
    page: str = ""


def answer_text(point: Point, answer: Answer | None, pushed: Pushed, redactor: Redactor) -> str:
    """The reply's body, without its marker."""
    said = quote_untrusted(redactor.clean(answer.text)) if answer is not None else ""
    lead, follow = _words(point, answer, pushed)
    parts = [_what_is_meant(point, redactor), lead, said, follow]
    return cut(redactor.mask("\n\n".join(part for part in parts if part)), COMMENT_BYTES, "*(cut)*")


def _words(point: Point, answer: Answer | None, pushed: Pushed) -> tuple[str, str]:
    """What stands before the responder's own words and behind them."""
    if answer is None:
        page = f" [The run's page]({pushed.page}) has its log." if pushed.page else ""
        return f"**No answer yet.** The agent that worked on this handed in none.{page}", _again(point)
    if answer.what is Answering.CHANGED:
        return _changed(point, pushed)
    if answer.what is Answering.DECLINED:
        return "**Left as it is.**", f"If you want it all the same: {_how(point)}."
    if answer.what is Answering.QUESTION:
        return "**A question first.** Nothing was changed for this.", _to_answer(point)
    return "**Nothing to change.**", ""


def _changed(point: Point, pushed: Pushed) -> tuple[str, str]:
    if pushed.commit is not None:
        return f"**Changed** in {pushed.commit}. {_proven(pushed.verification)}", ""
    if not pushed.tried:
        return "**Not changed.** The agent says it changed this, but no file differs.", _again(point)
    where = f" The attempt is kept on {code(pushed.kept_on)}." if pushed.kept_on else ""
    lead = f"**Not changed.** What was tried does not hold, so nothing was pushed: {_what_failed(pushed.verification)}.{where}"
    return f"{lead} It was meant to be:", _again(point)


def _again(point: Point) -> str:
    return f"To have it tried again: {_how(point)}."


def _to_answer(point: Point) -> str:
    if point.place is Place.THREAD:
        return "Answer in this thread; no command is needed."
    return f"To answer: {_how(point)}."


def _how(point: Point) -> str:
    """What reaches the bot: in a thread where it has spoken, any words; in the conversation, only a command."""
    if point.place is Place.THREAD:
        return "say so in this thread"
    return "`/specbot fix WHAT`, alone on a line"


def _proven(verification: Verification | None) -> str:
    if verification is not None and verification.done:
        return "Every criterion of the spec was proven again before it was pushed."
    return "No criterion failed before it was pushed; what waits for a person stands in the check."


def _what_failed(verification: Verification | None) -> str:
    if verification is None:
        return "it could not be proven"
    bad = [code(verdict.name) for verdict in verification.verdicts if verdict.verdict.bad]
    hard = {inline(found.path) for found in verification.tampering if found.weight is TamperWeight.HARD}
    reasons = [f"{_named(bad)} failed"] if bad else []
    reasons += [f"it changes what proofs stand on ({_named(sorted(hard))})"] if hard else []
    return " and ".join(reasons) or "not everything could be proven"


def _named(names: list[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {count(more, 'more')}" if more > 0 else "")


def _what_is_meant(point: Point, redactor: Redactor) -> str:
    """In the conversation, where many things are said, the words that are answered; a thread shows them itself."""
    if point.place is Place.THREAD or not point.said:
        return ""
    said = point.said[-1]
    return f"> {inline(redactor.clean(said.login))}: {inline(redactor.clean(said.body))}"


def no_spec_hint() -> str:
    """Once on a pull request without a spec in force, where somebody speaks to the bot."""
    return (
        "There is no spec in force on this pull request, so there is nothing to prove a change by, and Specbot changes nothing here. "
        "A spec in `specs/` makes it one of its own: `specbot new` writes a first one."
    )


def nothing_waits() -> str:
    return (
        "Nothing waits for an answer here: no open thread and no review of somebody who may ask for changes. "
        "Say what you want on the lines it is about, or behind the command: `/specbot fix WHAT`."
    )
