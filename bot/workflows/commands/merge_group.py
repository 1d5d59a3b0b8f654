"""`merge group`: a merge queue has made a group and wants it checked, or has destroyed it; or a person wants one checked again."""

from bot.core.events.model import Command, Verb
from bot.core.merge_groups import MergeGroup, group_id
from bot.core.pulls import CheckStatus, Conclusion
from bot.errors import Refused
from bot.ids import RunId, Sha
from bot.reporting.checks.merge_group import destroyed_check
from bot.reporting.names import ACCEPTANCE
from bot.workflows.commands.guard import allowed
from bot.workflows.engine import RUNS, Engine
from bot.workflows.house import House
from bot.workflows.lifecycle import GROUP
from bot.workflows.merge_group import destroyed_key, run_of
from bot.workflows.notes import find, keep
from bot.workflows.posting import put

AGAIN = "again"
"""The action of a command that follows from a person's re-run of the check; the others are GitHub's actions of the event."""


def on_merge_group(house: House, engine: Engine, command: Command) -> str:
    """What became of it, in words for the log. `arguments` are the action, and for a new group its branch, its parent and the branch it is for."""
    action, *words = command.arguments
    if command.head_sha is None:
        return "no commit was named"
    group = group_id(command.repo.repo_id, command.head_sha)
    if action == "checks_requested" and len(words) == 3:
        head_ref, base_sha, base_ref = words
        keep(house, group, MergeGroup(command.repo, command.head_sha, head_ref, Sha(base_sha), base_ref))
        return _begin(house, engine, command, group)
    if find(house, group, MergeGroup) is None:
        return "no merge group has this commit"
    if action == AGAIN:
        try:
            allowed(house, command, Verb.RETRY)
        except Refused as fault:
            return f"refused: {fault.message}"
        return _begin(house, engine, command, group)
    return _destroy(house, engine, group) if action == "destroyed" else f"nothing to do for {action!r}"


def is_group(house: House, command: Command) -> bool:
    """Whether the commit of a button or a re-run is that of a merge group that we know."""
    known = command.head_sha is not None
    return known and find(house, group_id(command.repo.repo_id, Sha(str(command.head_sha))), MergeGroup) is not None


def _begin(house: House, engine: Engine, command: Command, group: RunId) -> str:
    """One attempt for each command: repeated after a crash, it finds the one that it began. A queue may make the very same commit twice."""
    key, newest = f"merge-group/{command.command_id}", f"merge-group-attempts/{group}"
    attempt = house.store.post(key)
    if attempt is None:
        attempt = 1 + (house.store.post(newest) or 0)
        house.store.keep_post(key, attempt)
    house.store.keep_post(newest, max(attempt, house.store.post(newest) or 0))
    engine.enqueue(RUNS, GROUP, _workflow(group, attempt), group, str(attempt))
    return f"{group} is to be proven, attempt {attempt}"


def _destroy(house: House, engine: Engine, group: RunId) -> str:
    """Nobody waits for it any more. A check that is complete stays as it is; an open one must not stay open."""
    attempt = house.store.post(f"merge-group-attempts/{group}") or 0
    house.store.keep_post(destroyed_key(group), attempt)
    if engine.unfinished(_workflow(group, attempt)):
        engine.cancel(_workflow(group, attempt))
    with house.pens.of(group):
        run = run_of(house, group, max(attempt, 1))
        seen = house.github.checks(run.repo, run.start_head, ACCEPTANCE)
        if any(one.external_id == run.check_id and one.status is not CheckStatus.COMPLETED for one in seen):
            put(house, run, destroyed_check(run.start_head, run.check_id))
            return f"{group} was destroyed: {Conclusion.CANCELLED}"
    return f"{group} was destroyed"


def _workflow(group: RunId, attempt: int) -> str:
    return f"{GROUP}/{group}/{attempt}"
