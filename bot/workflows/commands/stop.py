"""`stop`: end the pull request's live run at once; it is settled and its work kept."""

from bot.core.events.model import Command
from bot.core.runs import RunState
from bot.reporting.replies import nothing_runs
from bot.workflows.commands.guard import granted_key, permitted
from bot.workflows.engine import Engine
from bot.workflows.house import House
from bot.workflows.lifecycle import end, live_runs


def stop(house: House, engine: Engine, command: Command) -> str:
    """The answer to post, "" when the run's own comment says it all."""
    runs, key = live_runs(house, permitted(house, command)), granted_key(command)
    if not runs:
        return "" if house.store.post(key) is not None else nothing_runs()
    house.store.keep_post(key, 1)
    for run in runs:
        end(house, engine, run, RunState.STOPPED, f"stopped by @{command.actor.login}")
    return ""
