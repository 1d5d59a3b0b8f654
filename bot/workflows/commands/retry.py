"""`retry`: a new attempt at the same head. `verify`: the same, but only the proofs; no model is called."""

from bot.core.events.model import Command, Verb
from bot.workflows.commands.guard import busy, granted_key, meant_for_this_head, permitted
from bot.workflows.engine import Engine
from bot.workflows.house import House
from bot.workflows.lifecycle import begin


def retry(house: House, engine: Engine, command: Command) -> str:
    """The answer to post, "" when the new run's comment says it all."""
    pull = permitted(house, command)
    meant_for_this_head(house, command, pull)
    answer = busy(house, engine, command, pull)
    if answer:
        return answer
    house.store.keep_post(granted_key(command), 1)
    begin(house, engine, pull, command.actor, asked_by=command.command_id, verify_only=command.verb is Verb.VERIFY)
    return ""
