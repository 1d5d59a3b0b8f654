"""`dismiss R-1 REASON`: a person lets a reviewer's finding stay."""

from bot.core.events.model import Command
from bot.core.proofs.model import CriterionVerdict
from bot.core.pulls import PullRequest
from bot.core.reviews.rows import Dismissal, dismissal_record, is_row
from bot.core.specs.naming import bare
from bot.errors import Refused
from bot.reporting.masking import Redactor
from bot.workflows.commands.verified import verified_at
from bot.workflows.commands.word import keep_word
from bot.workflows.engine import Engine
from bot.workflows.house import House


def dismiss(house: House, engine: Engine, command: Command) -> str:
    """The answer to post, "" when the new run's comment says it all."""
    return keep_word(house, engine, command, _records)


def _records(house: House, command: Command, pull: PullRequest) -> list[tuple[str, str]]:
    return [(f"dismissal/{command.command_id}", dismissal_record(_dismissal(house, command, pull)))]


def _dismissal(house: House, command: Command, pull: PullRequest) -> Dismissal:
    name, *words = command.arguments or ("",)
    row = _meant(house, pull, name.strip("`").upper())
    if row.verdict.done:
        raise Refused(f"{bare(row.name)} is dismissed already", hint="`/specbot verify` runs the proofs again")
    if not words:
        raise Refused("what is dismissed needs its reason", hint=f"`/specbot dismiss {bare(row.name)} WHY IT MAY STAY`")
    return Dismissal(
        row=bare(row.name),
        finding=row.criterion_digest,
        head=pull.head_sha,
        by=command.actor,
        at=command.given_at,
        reason=Redactor(house.secrets).mask(" ".join(words)),
    )


def _meant(house: House, pull: PullRequest, name: str) -> CriterionVerdict:
    """The row of the newest verification that is about this very head."""
    rows = {bare(one.name): one for one in verified_at(house, pull).verdicts if is_row(one.name)}
    if name not in rows:
        known = ", ".join(f"`{one}`" for one in rows)
        hint = f"there are {known}" if known else "only findings that stop the merge have a row"
        raise Refused(f"there is no finding {name or 'without a name'} here", hint=hint)
    return rows[name]
