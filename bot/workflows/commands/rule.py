"""`accept CRITERION SHA` and `waive CRITERION REASON`: a person decides what no command can."""

from datetime import UTC, date

from bot.core.events.model import Command, Verb
from bot.core.proofs.model import CriterionVerdict
from bot.core.proofs.rulings import Ruling, RulingKind, can_be_ruled, ruling_record
from bot.core.pulls import PullRequest
from bot.core.reviews.rows import is_row
from bot.core.specs.naming import bare, meant_by
from bot.errors import Refused
from bot.reporting.masking import Redactor
from bot.workflows.commands.verified import verified_at
from bot.workflows.commands.word import keep_word
from bot.workflows.engine import Engine
from bot.workflows.house import House

SHA_DIGITS = 7
"""As many digits of a commit as GitHub shows; fewer could name another one."""

UNTIL = "until="
"""Before the last day (UTC) on which a waiver counts."""

_KINDS = {Verb.ACCEPT: RulingKind.ACCEPT, Verb.WAIVE: RulingKind.WAIVE}


def rule(house: House, engine: Engine, command: Command) -> str:
    """The answer to post, "" when the new run's comment says it all."""
    return keep_word(house, engine, command, _records)


def _records(house: House, command: Command, pull: PullRequest) -> list[tuple[str, str]]:
    ruling = _ruling(house, command, pull)
    return [(f"ruling/{command.command_id}/{ruling.criterion}", ruling_record(ruling))]


def _ruling(house: House, command: Command, pull: PullRequest) -> Ruling:
    kind = _KINDS[command.verb]
    name, *words = command.arguments or ("",)
    verdict = _meant(house, pull, name)
    if is_row(verdict.name):
        row = bare(verdict.name)
        raise Refused(
            f"{row} is a reviewer's finding and no criterion", hint=f"`/specbot dismiss {row} WHY IT MAY STAY`"
        )
    words, until = _until(house, words) if kind is RulingKind.WAIVE else (words, None)
    why_not = can_be_ruled(verdict, kind)
    if why_not:
        raise Refused(f"{name}: {why_not}")
    if kind is RulingKind.ACCEPT:
        _names_this_head(words, pull)
    elif not words:
        raise Refused("a waiver needs its reason", hint=f"`/specbot waive {name} WHY IT NEED NOT HOLD HERE`")
    house.git.fetch(pull.repo, [pull.head_sha], pull=pull.number)
    return Ruling(
        kind=kind,
        criterion=verdict.name,
        criterion_digest=verdict.criterion_digest,
        head=pull.head_sha,
        tree=house.git.tree(pull.repo, pull.head_sha),
        by=command.actor,
        at=command.given_at,
        reason=Redactor(house.secrets).mask(" ".join(words)) if kind is RulingKind.WAIVE else "",
        until=until,
    )


def _until(house: House, words: list[str]) -> tuple[list[str], date | None]:
    """The reason without its `until=DAY`, and that day."""
    days = [word.removeprefix(UNTIL) for word in words if word.startswith(UNTIL)]
    try:
        until = date.fromisoformat(days[-1]) if days else None
    except ValueError:
        raise Refused(f"{days[-1][:20]} is no day", hint=f"write it as `{UNTIL}2026-12-31`") from None
    if until is not None and until < house.clock.now().astimezone(UTC).date():
        raise Refused(f"{until} is over, so the waiver would not count at all", hint="name a day that is still to come")
    return [word for word in words if not word.startswith(UNTIL)], until


def _meant(house: House, pull: PullRequest, name: str) -> CriterionVerdict:
    """The verdict that is meant, of the newest verification that is about this very head."""
    verification = verified_at(house, pull)
    by_name = {verdict.name: verdict for verdict in verification.verdicts}
    meant = meant_by(name, by_name)
    if len(meant) != 1:
        known = ", ".join(f"`{one}`" for one in (meant or tuple(by_name))[:10])
        what = f"{name} may be several criteria" if meant else f"there is no criterion {name or 'without a name'}"
        raise Refused(what, hint=f"write one of {known}")
    return by_name[meant[0]]


def _names_this_head(words: list[str], pull: PullRequest) -> None:
    """An acceptance is of what the person looked at, so it says which commit that was."""
    said = words[0].strip("`").lower() if words else ""
    if len(said) < SHA_DIGITS or not pull.head_sha.startswith(said):
        raise Refused(
            "an acceptance names the commit that was looked at",
            hint=f"look at {pull.head_sha[:SHA_DIGITS]} and write it behind the criterion",
        )
