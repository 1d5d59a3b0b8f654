"""`status`: one line about the newest run of the pull request."""

from bot.core.events.model import Command
from bot.reporting.replies import status_line
from bot.workflows.commands.guard import permitted
from bot.workflows.engine import Engine
from bot.workflows.house import House


def status(house: House, engine: Engine, command: Command) -> str:
    """The answer to post."""
    pull = permitted(house, command)
    runs = house.store.runs_of(pull.repo.repo_id, pull.number)
    return status_line(runs[-1] if runs else None, house.run_url(runs[-1].run_id) if runs else "")
