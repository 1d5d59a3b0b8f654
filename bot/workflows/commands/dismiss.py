"""`dismiss R-1 REASON`: a person lets a reviewer's finding stay. The word goes into the ledger, then the proofs run again, so that the verdict which counts is
again one of a whole verification."""

from bot.core.events.model import Command
from bot.core.proofs.model import CriterionVerdict
from bot.core.pulls import PullRequest
from bot.core.reviews.rows import Dismissal, dismissal_record, is_row
from bot.core.specs.naming import bare
from bot.errors import Refused
from bot.reporting.masking import Redactor
from bot.workflows.commands.guard import busy, granted_key, meant_for_this_head, permitted
from bot.workflows.commands.verified import verified_at
from bot.workflows.engine import Engine
from bot.workflows.house import House
from bot.workflows.lifecycle import begin


def dismiss(house: House, engine: Engine, command: Command) -> str:
    """The answer to post, "" when the new run's comment says it all."""
    pull = permitted(house, command)
    meant_for_this_head(house, command, pull)
    answer = busy(house, engine, command, pull)
    if answer:
        return answer
    if house.store.post(granted_key(command)) is None:  # repeated after a crash, the row is dismissed by this very word
        word = _dismissal(house, command, pull)
        key = f"dismissal/{command.command_id}"
        house.store.append_ledger(pull.repo.repo_id, pull.number, key, dismissal_record(word))
        house.store.keep_post(granted_key(command), 1)
    begin(house, engine, pull, command.actor, asked_by=command.command_id, verify_only=True)
    return ""


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
