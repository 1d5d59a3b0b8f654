"""A pull request changed. Whoever marks the draft of an issue's spec as ready for review approves it, if they may; else it is reconciled only."""

from bot.core.events.model import Command, Verb
from bot.core.policy.four_eyes import four_eyes
from bot.errors import LeaseLost, NotThere, Refused
from bot.workflows.commands.guard import allowed
from bot.workflows.commands.reconcile import reconcile
from bot.workflows.engine import Engine
from bot.workflows.house import House, log
from bot.workflows.orchestrating.approving import approvable, bring_into_force, flipping
from bot.workflows.orchestrating.branches import issue_of

READY = "ready_for_review"
"""GitHub's action of the event."""


def on_pull_request(house: House, engine: Engine, command: Command) -> str:
    """What became of it, in words for the log."""
    if READY in command.arguments and command.number is not None:
        try:
            _approve(house, engine, command)
        except (Refused, LeaseLost, NotThere) as fault:  # nobody asked in words, so nobody is answered
            log.info("ready for review approves nothing", command=command.command_id, reason=fault.message)
    return reconcile(house, engine, command)


def _approve(house: House, engine: Engine, command: Command) -> None:
    if command.number is None:
        return
    pull = house.github.pull_request(command.repo, command.number)
    begun = flipping(house, command) is not None
    if issue_of(house, pull) is None or not pull.is_open or not (begun or approvable(house, pull)):
        return
    if not begun and pull.head_sha != command.head_sha:
        raise Refused("the head moved since", hint="approve the new one")
    config = allowed(house, command, Verb.APPROVE)
    runs = house.store.runs_of(pull.repo.repo_id, pull.number)
    decision = four_eyes(Verb.APPROVE, command.actor, pull, runs, config)
    if not decision.allowed:
        raise Refused("; ".join(decision.reasons), hint="somebody else approves it")
    bring_into_force(house, engine, command, pull)
