"""`help`: what can be said here. Also the answer to a misspelt verb, with the nearest one."""

from bot.core.events.model import Command, Verb
from bot.reporting.replies import help_text, unknown_verb
from bot.workflows.commands.guard import permitted
from bot.workflows.engine import Engine
from bot.workflows.house import House


def explain(house: House, engine: Engine, command: Command) -> str:
    """The answer to post. Strangers get none: a public repository must not be made to talk."""
    permitted(house, command)
    return unknown_verb(command.text, "".join(command.arguments[:1])) if command.verb is Verb.UNKNOWN else help_text()
