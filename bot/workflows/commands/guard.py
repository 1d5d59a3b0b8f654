"""Before a typed command or a button takes effect: the person's right, now, and the head it was meant for."""

from bot.core.events.commands import bind_head
from bot.core.events.model import Command, Verb
from bot.core.policy.configuration import read_configuration
from bot.core.policy.four_eyes import four_eyes
from bot.core.policy.model import RepositoryConfig
from bot.core.policy.rights import may
from bot.core.pulls import PullRequest
from bot.errors import Refused
from bot.reporting.replies import already_runs
from bot.workflows.admission import CONFIGURATION_PATH
from bot.workflows.engine import Engine
from bot.workflows.house import House
from bot.workflows.lifecycle import live_runs, set_going


def permitted(house: House, command: Command) -> PullRequest:
    """The pull request as it is now. Raises `Refused` with the reasons, `NotThere` when there is no such pull request."""
    if command.number is None:
        raise Refused("this command needs a pull request", hint="write it on the pull request")
    pull = house.github.pull_request(command.repo, command.number)
    house.store.see_head(command.repo.repo_id, command.number, pull.head_sha)
    config = allowed(house, command, command.verb)
    runs = house.store.runs_of(pull.repo.repo_id, pull.number)
    decision = four_eyes(command.verb, command.actor, pull, runs, config)
    if not decision.allowed:
        raise Refused("; ".join(decision.reasons), hint="ask somebody who may write and has no part in it")
    return pull


def allowed(house: House, command: Command, verb: Verb) -> RepositoryConfig:
    """The configuration that says so. Raises `Refused` with the reasons when whoever gave the command may not, by now, ask for `verb` there."""
    permission = house.github.permission(command.repo, command.actor)
    config = configuration_now(house, command)
    decision = may(verb, permission, config, actor=command.actor)
    if not decision.allowed:
        raise Refused("; ".join(decision.reasons), hint="ask somebody with that right")
    return config


def configuration_now(house: House, command: Command) -> RepositoryConfig:
    """What the owners have decided by now about commands: the default branch's file."""
    default = house.github.repository(command.repo.installation_id, command.repo.repo_id).default_branch
    file = house.github.file(command.repo, CONFIGURATION_PATH, default)
    return read_configuration(file, file)


def meant_for_this_head(house: House, command: Command, pull: PullRequest) -> None:
    """Refuse what was said about another commit than the one that stands now; both are named."""
    seen = house.store.heads(pull.repo.repo_id, pull.number)
    meant = command.head_sha or bind_head(seen, command.given_at)
    if meant != pull.head_sha:
        was = meant[:12] if meant else "an unknown commit"
        raise Refused(
            f"this was said about {was}, but the head is {pull.head_sha[:12]} now",
            hint="look at the new commit and say it again",
        )


def busy(house: House, engine: Engine, command: Command, pull: PullRequest) -> str:
    """The answer while a run is at work on the pull request, "" when a new one may begin. A run that this very command began is no obstacle."""
    running = [run for run in live_runs(house, pull) if house.store.post(granted_key(command)) is None]
    if not running:
        return ""
    set_going(engine, running[-1])
    return already_runs(running[-1])


def granted_key(command: Command) -> str:
    """Under which the store knows that this command has been granted: repeated after a crash, it finds what it has begun or ended."""
    return f"granted/{command.command_id}/{command.number}"
