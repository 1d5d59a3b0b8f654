"""The merge queue: pull requests are merged one behind another, each only after the required checks passed on the merged tree.

As GitHub does it with groups of one: each entry gets a temporary branch with the merge of its head into the group before it, the Apps are
asked for checks on that commit, and the first of the queue is merged when they passed or removed when one of them failed; what was built
on a removed one is built anew. There is no time-out here, and a pull request that was closed or pushed to leaves the queue when its
group's next check is reported.
"""

from dataclasses import replace

from bot.hub.actor import Actor, as_user
from bot.hub.changes import merging, refs
from bot.hub.events import merge_group, pull_request
from bot.hub.git.history import Signature
from bot.hub.git.merging import merge_commit
from bot.hub.refusal import unprocessable
from bot.hub.state.checks import CheckRun
from bot.hub.state.issues import Issue
from bot.hub.state.people import User
from bot.hub.state.queues import QueueEntry
from bot.hub.state.repositories import Repository
from bot.hub.world import World

QUEUE_USER = "github-merge-queue[bot]"
"""The account that makes merge groups and merges them."""


def queue(world: World, repo: Repository, branch: str) -> list[QueueEntry]:
    """What waits for a branch, the first first."""
    return world.store.queue.where(lambda entry: entry.repository_id == repo.id and entry.branch == branch)


def entry_of(world: World, issue: Issue) -> QueueEntry | None:
    """The pull request's place in a queue, if it has one."""
    return world.store.queue.first(lambda entry: entry.issue_id == issue.id)


def enqueue(world: World, actor: Actor, issue: Issue) -> QueueEntry:
    """Add a pull request to the queue of its base. Its required checks must have passed on its head."""
    repo, pull = world.store.repositories[issue.repository_id], issue.as_pull
    rules = world.store.protection(repo, pull.base_ref)
    if rules is None or not rules.merge_queue:
        raise unprocessable(f"The branch {pull.base_ref} has no merge queue")
    if entry_of(world, issue) is not None:
        raise unprocessable("The pull request is already in the merge queue")
    reasons = merging.blockers(world, issue, actor)
    if reasons:
        raise unprocessable(reasons[0])
    made = QueueEntry(world.store.new_id(), repo.id, pull.base_ref, issue.id, actor.who.id, pull.head_sha, world.now())
    world.store.queue.put(made)
    pull_request.announce(world, actor, "enqueued", issue)
    _build(world, made)
    return made


def dequeue(world: World, actor: Actor, issue: Issue, reason: str = "MANUAL") -> None:
    """Take a pull request out of its queue; the groups that were built on it are built anew."""
    entry = entry_of(world, issue)
    if entry is None:
        raise unprocessable("The pull request is not in a merge queue")
    repo = world.store.repositories[entry.repository_id]
    behind = [one for one in queue(world, repo, entry.branch) if one.id > entry.id]
    for one in reversed(behind):
        _destroy(world, one, "invalidated")
    _destroy(world, entry, "dequeued")
    world.store.queue.drop(entry.id)
    pull_request.announce(world, actor, "dequeued", issue, {"reason": reason})
    for one in behind:
        _build(world, one)


def reported(world: World, run: CheckRun) -> None:
    """A check was reported: if it is on a merge group, see whether the first of that queue can be merged or has to go."""
    found = world.store.queue.first(
        lambda one: one.repository_id == run.repository_id and one.head_sha == run.head_sha != ""
    )
    if found is not None:
        repo = world.store.repositories[found.repository_id]
        while _first_moves(world, repo, found.branch):
            pass


def _first_moves(world: World, repo: Repository, branch: str) -> bool:
    """Merge or remove the first of the queue if that is due; whether it was."""
    first = next(iter(queue(world, repo, branch)), None)
    if first is None:
        return False
    issue, by_queue = world.store.issues[first.issue_id], as_user(_queue_user(world))
    if issue.state != "open" or issue.as_pull.head_sha != first.pull_head:
        dequeue(world, by_queue, issue, "UNKNOWN_REMOVAL_REASON")
        return True
    if first.base_sha != world.store.tip(repo, branch):
        _build_anew(world, repo, branch)
        return False
    rules = world.store.protection(repo, branch)
    checks = rules.checks if rules is not None else ()
    found = [merging.missing_at(world, repo.id, first.head_sha, check) for check in checks]
    if any(reason is not None and reason.endswith("is failing.") for reason in found):
        dequeue(world, by_queue, issue, "CI_FAILURE")
        return True
    if any(found):
        return False
    merging.finish(world, by_queue, issue, first.head_sha, first.base_sha)
    _destroy(world, first, "merged")
    world.store.queue.drop(first.id)
    pull_request.announce(world, by_queue, "dequeued", world.store.issues[issue.id], {"reason": "MERGE"})
    return True


def _build_anew(world: World, repo: Repository, branch: str) -> None:
    """Somebody moved the base past the queue."""
    entries = queue(world, repo, branch)
    for one in reversed(entries):
        _destroy(world, one, "invalidated")
    for one in entries:
        _build(world, one)


def _build(world: World, entry: QueueEntry) -> None:
    """Make the merge group and ask for its checks; an entry that conflicts with what is before it leaves the queue."""
    repo, issue = world.store.repositories[entry.repository_id], world.store.issues[entry.issue_id]
    bare, user = world.store.bare(repo), _queue_user(world)
    ahead = [one for one in queue(world, repo, entry.branch) if one.id < entry.id]
    base = ahead[-1].head_sha if ahead else world.store.base_sha(issue)
    head = world.store.repositories[issue.as_pull.head_repository_id]
    message = f"Merge pull request #{issue.number} from {head.owner}/{issue.as_pull.head_ref}\n\n{issue.title}\n"
    new = merge_commit(bare, base, entry.pull_head, message, Signature(user.login, user.email, world.now()))
    if new is None:
        world.store.queue.drop(entry.id)
        pull_request.announce(world, as_user(user), "dequeued", issue, {"reason": "MERGE_CONFLICT"})
        return
    ref = f"refs/heads/gh-readonly-queue/{entry.branch}/pr-{issue.number}-{base}"
    made = world.store.queue.put(replace(entry, head_ref=ref, head_sha=new, base_sha=base))
    bare.set_ref(ref, new)
    refs.moved(world, as_user(user), repo, ref, new)
    merge_group.announce(world, as_user(user), "checks_requested", made)


def _destroy(world: World, entry: QueueEntry, reason: str) -> None:
    """The group is gone with its branch; the entry may get another one."""
    if not entry.head_ref:
        return
    repo, by_queue = world.store.repositories[entry.repository_id], as_user(_queue_user(world))
    merge_group.announce(world, by_queue, "destroyed", entry, reason)
    world.store.bare(repo).delete_ref(entry.head_ref)
    refs.moved(world, by_queue, repo, entry.head_ref, refs.ZERO)
    world.store.queue.put(replace(entry, head_ref="", head_sha="", base_sha=""))


def _queue_user(world: World) -> User:
    found = world.store.user_named(QUEUE_USER)
    return found or world.store.users.put(User(world.store.new_account_id(), QUEUE_USER, "Bot", world.now()))
