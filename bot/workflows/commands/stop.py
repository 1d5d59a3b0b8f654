"""`stop`: end the pull request's live run at once; it is settled and its work kept."""

from bot.core.events.model import Command
from bot.core.runs import RunState
from bot.reporting.replies import nothing_runs
from bot.workflows.commands.guard import permitted
from bot.workflows.engine import Engine
from bot.workflows.house import House
from bot.workflows.lifecycle import end, live_runs


def stop(house: House, engine: Engine, command: Command) -> str:
    """The answer to post, "" when the run's own comment says it all."""
    runs = live_runs(house, permitted(house, command))
    for run in runs:
        end(house, engine, run, RunState.STOPPED, f"stopped by @{command.actor.login}")
    return "" if runs else nothing_runs()
