"""`publish SHA`: the candidate that was held back may be pushed. The word names its commit, covers its tree, and goes into the ledger."""

from bot.core.events.model import Command
from bot.core.policy.publications import Publication, publication_record
from bot.core.pulls import PullRequest
from bot.core.runs import Run, RunState
from bot.errors import Refused
from bot.workflows.commands.guard import granted_key, meant_for_this_head, permitted
from bot.workflows.commands.reconcile import newest_at
from bot.workflows.commands.rule import SHA_DIGITS
from bot.workflows.engine import Engine
from bot.workflows.house import House
from bot.workflows.lifecycle import resume
from bot.workflows.notes import Waits, WaitsFor, Work, find


def publish_held(house: House, engine: Engine, command: Command) -> str:
    """The answer to post, "" when the run's own comment says it all."""
    pull = permitted(house, command)
    meant_for_this_head(house, command, pull)
    run = newest_at(house, pull)
    if run is None:
        raise Refused("there is no run at this commit yet", hint="wait for the check")
    if house.store.post(granted_key(command)) is None:
        work = _waiting(house, command, run)
        word = Publication(pull.head_sha, work.commit, work.tree, command.actor, command.given_at)
        _append(house, command, pull, word)
        house.store.keep_post(granted_key(command), run.segment)
    if run.segment == house.store.post(granted_key(command)):
        resume(house, engine, run)
    return ""


def _append(house: House, command: Command, pull: PullRequest, word: Publication) -> None:
    key = f"publication/{command.command_id}"
    house.store.append_ledger(pull.repo.repo_id, pull.number, key, publication_record(word))


def _waiting(house: House, command: Command, run: Run) -> Work:
    """The candidate that waits, if the word names it."""
    waits, work = find(house, run.run_id, Waits), find(house, run.run_id, Work)
    if run.state is not RunState.WAITING or waits is None or waits.what is not WaitsFor.PUBLICATION or work is None:
        raise Refused("nothing waits to be published here", hint="`/specbot status` says how things stand")
    said = command.arguments[0].strip("`").lower() if command.arguments else ""
    if len(said) < SHA_DIGITS or not work.commit.startswith(said):
        raise Refused(
            "this word names the commit whose patch was looked at",
            hint=f"look at the patch and write `/specbot publish {work.commit[:SHA_DIGITS]}`",
        )
    return work
