"""`contract reject CRITERION REASON`: a contract does not say what the criterion means. It counts no more, and a new run has another one written
by an author who is told the reason."""

from bot.core.events.model import Command
from bot.core.proofs.contracts import Rejection, contracts, rejection_record
from bot.core.proofs.model import Contract
from bot.core.pulls import PullRequest
from bot.core.specs.naming import meant_by
from bot.errors import Refused
from bot.reporting.masking import Redactor
from bot.workflows.commands.guard import busy, granted_key, meant_for_this_head, permitted
from bot.workflows.engine import Engine
from bot.workflows.house import House
from bot.workflows.lifecycle import begin

REJECT = "reject"
"""The one thing that can be done with a contract; others may follow."""

USAGE = "`/specbot contract reject AC-2 WHAT IS WRONG WITH IT`"

KNOWN_SHOWN = 10
"""Criteria named in an answer."""


def contract(house: House, engine: Engine, command: Command) -> str:
    """The answer to post, "" when the new run's comment says it all."""
    pull = permitted(house, command)
    meant_for_this_head(house, command, pull)
    answer = busy(house, engine, command, pull)
    if answer:
        return answer
    if house.store.post(granted_key(command)) is None:  # repeated after a crash, the contract is rejected already
        rejection = _rejection(house, command, pull)
        key = f"contract rejected/{command.command_id}/{rejection.criterion}"
        house.store.append_ledger(pull.repo.repo_id, pull.number, key, rejection_record(rejection))
        house.store.keep_post(granted_key(command), 1)
    begin(house, engine, pull, command.actor, asked_by=command.command_id)
    return ""


def _rejection(house: House, command: Command, pull: PullRequest) -> Rejection:
    what, name, *words = (*command.arguments, "", "")[: max(len(command.arguments), 2)]
    if what.lower() != REJECT:
        raise Refused("a contract can be rejected, and nothing else", hint=USAGE)
    meant = _meant(house, pull, name)
    reason = " ".join(word for word in words if word)
    if not reason:
        raise Refused("a rejection needs its reason: the next author is told it", hint=USAGE)
    return Rejection(
        criterion=meant.criterion,
        criterion_digest=meant.criterion_digest,
        digest=meant.digest,
        by=command.actor,
        at=command.given_at,
        reason=Redactor(house.secrets).mask(reason),
    )


def _meant(house: House, pull: PullRequest, name: str) -> Contract:
    """The newest standing contract of the criterion that is meant."""
    by_name = {one.criterion: one for one in contracts(house.store.ledger(pull.repo.repo_id, pull.number))}
    meant = meant_by(name, by_name)
    if len(meant) != 1:
        known = ", ".join(f"`{one}`" for one in (meant or tuple(by_name))[:KNOWN_SHOWN]) or "none"
        what = f"{name} may be several criteria" if meant else f"{name or 'a criterion without a name'} has no contract"
        raise Refused(what, hint=f"criteria with a contract here: {known}")
    return by_name[meant[0]]
