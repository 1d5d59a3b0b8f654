"""`stop`: end what is at work for the pull request at once. A run is settled and its work kept; a review that was asked for is not given."""

from bot.core.events.model import Command
from bot.core.runs import RunState
from bot.reporting.stopping import stopped_text
from bot.workflows.asked_review import end_review, reviews_under_way
from bot.workflows.commands.guard import granted_key, permitted
from bot.workflows.commands.waiting_fixes import drop_waiting_fixes
from bot.workflows.engine import Engine
from bot.workflows.house import House
from bot.workflows.lifecycle import end, live_runs
from bot.workflows.orchestrating.branches import issue_of, runs_of_issue


def stop(house: House, engine: Engine, command: Command) -> str:
    """The answer to post, "" when the run's own comment says it all."""
    pull, key = permitted(house, command), granted_key(command)
    number = issue_of(house, pull)
    of_issue = runs_of_issue(house, pull.repo, number) if number is not None else ()
    runs = (*live_runs(house, pull), *(run for run in of_issue if run.state.live))
    reviews = reviews_under_way(house, engine, pull, key)
    dropped = drop_waiting_fixes(house, command, key)
    before = house.store.post(key) is not None
    house.store.keep_post(key, 1)
    for asked in reviews:
        end_review(house, engine, asked, key)
    for run in runs:
        end(house, engine, run, RunState.STOPPED, f"stopped by @{command.actor.login}")
    told = tuple((one.by, one.head) for one in reviews)
    return stopped_text(told, dropped=dropped, runs=bool(runs) or before)
