"""`retry`: a new attempt at the same head. `verify`: the same, but only the proofs; no model is called."""

from bot.core.events.model import Command, Verb
from bot.reporting.replies import already_runs
from bot.workflows.commands.guard import meant_for_this_head, permitted
from bot.workflows.engine import Engine
from bot.workflows.house import House
from bot.workflows.lifecycle import begin, live_runs


def retry(house: House, engine: Engine, command: Command) -> str:
    """The answer to post, "" when the new run's comment says it all."""
    pull = permitted(house, command)
    meant_for_this_head(house, command, pull)
    running = live_runs(house, pull)
    if running:
        return already_runs(running[-1])
    begin(house, engine, pull, command.actor, verify_only=command.verb is Verb.VERIFY)
    return ""
