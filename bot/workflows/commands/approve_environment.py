"""`approve environment SHA`: what the changed manifests and lock files of that commit ask for may be installed. The word covers their content and
goes into the ledger, then a new attempt begins: the candidate is proven with what it asks for."""

from bot.core.events.model import Command
from bot.core.pulls import PullRequest
from bot.core.runs import Run
from bot.errors import Refused
from bot.ids import Sha
from bot.workflows.commands.guard import busy, granted_key
from bot.workflows.commands.rule import SHA_DIGITS
from bot.workflows.engine import Engine
from bot.workflows.environment import approve_environment
from bot.workflows.house import House
from bot.workflows.lifecycle import begin
from bot.workflows.notes import Facts, find

ENVIRONMENT = "environment"
"""The first word after `approve`."""


def approve_manifests(house: House, engine: Engine, command: Command, pull: PullRequest) -> str:
    """The answer to post, "" when the new run's comment says it all. The caller has checked the person's right and the head."""
    answer = busy(house, engine, command, pull)
    if answer:
        return answer
    if house.store.post(granted_key(command)) is None:
        run, facts = _newest_with_facts(house, pull)
        commit = _named(command, pull, run)
        house.git.fetch(pull.repo, [pull.head_sha], pull=pull.number)
        covered = approve_environment(
            house, run, facts, commit, command.actor, command.given_at, str(command.command_id)
        )
        if not covered:
            raise Refused(
                f"{commit[:SHA_DIGITS]} changes nothing that says what is installed", hint="nothing waits for this word"
            )
        house.store.keep_post(granted_key(command), 1)
    begin(house, engine, pull, command.actor, asked_by=command.command_id)
    return ""


def _newest_with_facts(house: House, pull: PullRequest) -> tuple[Run, Facts]:
    for run in reversed(house.store.runs_of(pull.repo.repo_id, pull.number)):
        facts = find(house, run.run_id, Facts)
        if facts is not None and pull.head_sha in (run.start_head, run.candidate):
            return run, facts
    raise Refused("nothing was looked at here yet", hint="wait for the check")


def _named(command: Command, pull: PullRequest, run: Run) -> Sha:
    """The head, or the candidate that is kept on a branch of its own. It gives others' code a way into the box, so that it has to be named."""
    said = command.arguments[1].strip("`").lower() if len(command.arguments) > 1 else ""
    for commit in (pull.head_sha, run.candidate):
        if commit and len(said) >= SHA_DIGITS and commit.startswith(said):
            return commit
    raise Refused(
        "this word names the commit whose manifests were looked at",
        hint=f"look at them and write `/specbot approve {ENVIRONMENT} {pull.head_sha[:SHA_DIGITS]}`",
    )
