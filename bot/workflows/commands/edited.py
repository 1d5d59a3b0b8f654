"""`edited`: a command came into a comment by an edit. Nothing of it is obeyed, for others have answered to what stood there before; that is said, once."""

from bot.core.events.model import Command
from bot.reporting.replies import edited_note
from bot.workflows.commands.guard import allowed, permitted
from bot.workflows.engine import Engine
from bot.workflows.house import House


def edited(house: House, engine: Engine, command: Command) -> str:
    """The answer to post. Whoever may not even read here gets none."""
    if command.on_issue:
        allowed(house, command, command.verb)
    else:
        permitted(house, command)
    return edited_note()
