"""Answers to commands: what was refused and why, what can be said, how things stand.

Each answer is Markdown without a marker; `reply_body` makes it the comment that is posted. Names are never mentioned: the person
who gave the command follows the conversation anyway.
"""

from bot.core.events.model import Command, Verb
from bot.core.policy.budgets import Extra
from bot.core.policy.offers import Offers
from bot.core.runs import Budget, Run, RunState
from bot.errors import SpecbotError
from bot.reporting.counting import count
from bot.reporting.cut import cut
from bot.reporting.limits import COMMENT_BYTES
from bot.reporting.masking import Redactor
from bot.reporting.names import reply_marker
from bot.reporting.sanitize import code, details, inline
from bot.reporting.words import STAGES, money, short

__all__ = [
    "already_runs",
    "edited_note",
    "granted_text",
    "help_text",
    "nothing_runs",
    "refused",
    "reply_body",
    "reply_marker",
    "status_line",
    "unknown_verb",
]

VERBS = {
    Verb.RETRY: "start a new run at the head commit",
    Verb.VERIFY: "`verify` or `verify SHA`: run every proof again at the head commit; no model is called. For a fork's pull request the SHA is the word that its code may be run",
    Verb.FIX: "`fix` or `fix WHAT`: answer what open review threads and reviews ask for, and push what is proven",
    Verb.APPROVE: "`approve SHA`: let the agents start with the plan that is shown, at that commit; `approve environment SHA`: what "
    "its changed manifests ask for may be installed",
    Verb.PUBLISH: "`publish SHA`: push the proven work that is held back, at that commit",
    Verb.BUDGET: "`budget +2usd`, `budget +500k tokens` or `budget +20min`: give the run more, and let it go on",
    Verb.ACCEPT: "`accept AC-3 SHA`: say that you looked at a criterion marked `(accept)` at that commit, and that it holds",
    Verb.WAIVE: "`waive AC-3 REASON`: say why a criterion that is not proven need not hold here; with `until=2026-12-31` only until that day",
    Verb.CONTRACT: "`contract reject AC-2 REASON`: say why a locked test does not say what its criterion means, and have another one written",
    Verb.ALLOW: "`allow TP203 REASON`: say why something may stay that could make proofs worthless, such as a new dependency",
    Verb.REVIEW: "have the change read by a model that did not write it; it answers with one review of remarks",
    Verb.DISMISS: "`dismiss R-1 REASON`: say why a reviewer's finding may stay; it is not raised again while its lines stay as they are",
    Verb.ORCHESTRATE: "on an issue: have a spec written for it, as a draft pull request; with `target=BRANCH`, `budget=2usd`, `model=NAME`, `--go`. `/orchestrate specs/NAME.md` works on a merged spec, `/orchestrate SHA` carries on with a fork's pull request",
    Verb.ANSWER: "`answer 1b 2a`, or just `1b 2a` on a line: answer the questions about a spec; `defaults` takes what is recommended",
    Verb.STOP: "end what is at work here: a run, whose work is kept on a branch, or a review",
    Verb.STATUS: "say how things stand",
    Verb.HELP: "this list",
}
"""Every verb that can be typed, in the order in which people need them."""

HOW = "Write a command alone on a line, as the first thing on it. Nothing in quotes, code or edited comments counts."


def reply_body(marker: str, command: Command, answer: str, redactor: Redactor | None = None) -> str:
    """The whole comment: the marker, what was asked, the answer."""
    redactor = redactor or Redactor()
    asked = code(redactor.clean(command.text)) or command.verb.value
    return cut(f"{marker}\n> {asked}\n\n{redactor.mask(answer)}", COMMENT_BYTES, "(cut)")


def refused(command: Command, fault: SpecbotError) -> str:
    """Why a command was not carried out, and what to do about it."""
    hint = f"\n\nWhat helps: {inline(fault.hint, 1000)}." if fault.hint else ""
    return f"**Not done.** `{command.verb.value}` was refused: {inline(fault.message, 2000)}.{hint}"


def unknown_verb(text: str, nearest: str, offered: Offers) -> str:
    """For a verb that does not exist; `nearest` is the one that was probably meant, "" when none is near."""
    said = text.split()[1] if len(text.split()) > 1 else text
    meant = f" Did you mean `/specbot {nearest}`?" if nearest in {verb.value for verb in VERBS} else ""
    return f"There is no command {code(said)}.{meant}\n\n{help_text(offered)}"


def help_text(offered: Offers) -> str:
    """What whoever asked can say here now; folded below it the rest, each with why not."""
    now = [verb for verb in VERBS if verb in offered.now]
    rows = [f"| `{_slash(verb)}` | {VERBS[verb]} |" for verb in now]
    parts = ["\n".join(["What you may say here now:", "", "| command | what it does |", "| --- | --- |", *rows])]
    why = {**dict.fromkeys(offered.later, "not here, or not now"), **dict(offered.refused)}
    rest = [f"| `{_slash(verb)}` | {VERBS[verb]} | {inline(why[verb], 300)} |" for verb in VERBS if verb in why]
    if rest:
        table = "\n".join(["| command | what it does | why not now |", "| --- | --- | --- |", *rest])
        parts.append(details(count(len(rest), "other command"), table))
    return "\n\n".join([*parts, HOW])


def _slash(verb: Verb) -> str:
    return f"/{verb.value}" if verb is Verb.ORCHESTRATE else f"/specbot {verb.value}"


def status_line(run: Run | None, url: str) -> str:
    """One line on the newest run."""
    if run is None:
        return "No run yet: there was no spec to work on."
    page = f" · [its page]({url})" if url else ""
    return f"Attempt {run.attempt} at `{short(run.start_head)}`: {_how(run)}{page}"


def already_runs(run: Run) -> str:
    return f"A run is at work already: {_how(run)}, at `{short(run.start_head)}`. To end it first: `/specbot stop`, alone on a line."


def granted_text(extra: Extra, budget: Budget | None, *, at_work: bool) -> str:
    """What was granted, what that makes in all, and what happens now."""
    parts = [
        money(extra.usd) if extra.usd else "",
        f"{extra.tokens:,} tokens" if extra.tokens else "",
        f"{extra.minutes:g} minutes" if extra.minutes else "",
    ]
    given = f"The run has {_all_of([part for part in parts if part])} more."
    now = "It is at work, and this counts from its next call on." if at_work else "It goes on where it stands."
    if budget is None:
        return f"{given} {now}"
    whole = [f"{budget.tokens:,} tokens", f"{budget.minutes:g} minutes"]
    in_all = _all_of([money(budget.usd), *whole] if budget.usd is not None else whole)
    return f"{given} In all it may use {in_all}. {now}"


def edited_note() -> str:
    """For a command that came into a comment by an edit."""
    return "**Not done.** A command that is added by an edit does not count, because others may have answered to what stood here before. Write it in a new comment."


def nothing_runs() -> str:
    return "Nothing is running here, so there is nothing to stop."


def _all_of(parts: list[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _how(run: Run) -> str:
    if run.state.live:
        return f"**{run.state.value}**, {STAGES[run.stage]}"
    published = f", published as `{short(run.candidate)}`" if run.published and run.candidate else ""
    reason = f": {inline(run.reason)}" if run.reason and run.state is not RunState.DONE else ""
    return f"**{run.state.value}**{reason}{published}"
