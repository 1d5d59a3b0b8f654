"""`review`: a reviewer reads the change of any pull request, spec or not, and answers with one review."""

from bot.core.events.model import Command
from bot.core.pulls import PullRequest
from bot.core.runs import Run
from bot.errors import Refused
from bot.workflows.asked_review import review_id
from bot.workflows.commands.guard import busy, permitted
from bot.workflows.commands.reconcile import newest_at
from bot.workflows.engine import RUNS, Engine
from bot.workflows.house import House
from bot.workflows.lifecycle import REVIEW
from bot.workflows.notes import AskedFor, Facts, Specs, find, keep


def ask_review(house: House, engine: Engine, command: Command) -> str:
    """The answer to post, "" when the review is the answer. What the head's own run has to do comes first: it reviews its candidate anyway."""
    pull = permitted(house, command)
    run = _asked_before(house, command, pull)
    if run is None:
        answer = busy(house, engine, command, pull)
        if answer:
            return answer
        run = _run_at(house, pull)
        keep(house, run.run_id, AskedFor(pull.head_sha, command.actor), command.command_id)
    engine.enqueue(RUNS, REVIEW, review_id(command.command_id), run.run_id, command.command_id)
    return ""


def _asked_before(house: House, command: Command, pull: PullRequest) -> Run | None:
    """The run that this very command was attached to, when it is repeated after a crash."""
    runs = reversed(house.store.runs_of(pull.repo.repo_id, pull.number))
    return next((run for run in runs if find(house, run.run_id, AskedFor, command.command_id) is not None), None)


def _run_at(house: House, pull: PullRequest) -> Run:
    run = newest_at(house, pull)
    if run is None:
        raise Refused("nothing is known of this commit yet", hint="wait for its check, and say it again")
    if find(house, run.run_id, Facts) is None or find(house, run.run_id, Specs) is None:
        raise Refused("the run at this commit could not begin", hint="see its check, and `/specbot retry`")
    return run
