"""Which pull requests a command is for. A button and a 're-run' name a commit and a run, not a pull request."""

from dataclasses import replace

from bot.core.events.model import OWN_VERBS, Command, Verb
from bot.core.runs import run_of_check
from bot.workflows.commands.merge_group import AGAIN, is_group
from bot.workflows.house import House


def aimed(house: House, command: Command) -> tuple[Command, ...]:
    """The command once for each pull request that it is for; () when no open one has its commit.

    The run that the check named counts when it is one of this repository; without it every open pull request with the commit is meant.
    `reconcile` finds its pull requests itself. A commit of a merge queue is that of no pull request: there its group is meant.
    """
    if command.number is not None or command.verb in OWN_VERBS:
        return (command,)
    run = house.store.run(run_of_check(command.arguments[0])) if command.arguments else None
    if run is not None and run.repo.repo_id == command.repo.repo_id:
        return (replace(command, number=run.number),)
    if is_group(house, command):
        return (replace(command, verb=Verb.MERGE_GROUP, arguments=(AGAIN,)),)
    pulls = house.github.open_pull_requests(command.repo)
    return tuple(replace(command, number=pull.number) for pull in pulls if pull.head_sha == command.head_sha)
