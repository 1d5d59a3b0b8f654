"""Branches and tags moved: pull requests follow, Apps hear of it, suites are requested."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from bot.hub.actor import Actor
from bot.hub.events import check_suite, pull_request, push
from bot.hub.events.recipients import installed, may_write_checks
from bot.hub.git.bare import GitFailed
from bot.hub.refusal import forbidden, unprocessable
from bot.hub.state.checks import CheckSuite
from bot.hub.state.issues import HeadMove, Issue
from bot.hub.state.repositories import Repository
from bot.hub.world import World

ZERO = "0" * 40
"""The object id of a ref that does not exist."""

BRANCHES = "refs/heads/"


@dataclass(frozen=True, slots=True)
class RefMove:
    """One ref that points elsewhere now; forty zeros for none."""

    ref: str
    before: str
    after: str


def settle(world: World, actor: Actor, repo: Repository, names: Collection[str] | None = None) -> tuple[RefMove, ...]:
    """Take note of refs that git has moved (all, or only those named) and do what follows from it. Each move counts once."""
    known, now = world.store.known_refs.setdefault(repo.id, {}), world.store.bare(repo).refs()
    moves = tuple(
        RefMove(ref, known.get(ref, ZERO), now.get(ref, ZERO))
        for ref in sorted({*known, *now})
        if known.get(ref) != now.get(ref) and (names is None or ref in names)
    )
    _take_note(world, actor, repo, moves)
    return moves


def moved(world: World, actor: Actor, repo: Repository, ref: str, after: str) -> None:
    """As `settle`, for one ref that the hub itself has just moved (forty zeros: removed)."""
    before = world.store.known_refs.setdefault(repo.id, {}).get(ref, ZERO)
    if before != after:
        _take_note(world, actor, repo, (RefMove(ref, before, after),))


def _take_note(world: World, actor: Actor, repo: Repository, moves: tuple[RefMove, ...]) -> None:
    known = world.store.known_refs[repo.id]
    for move in moves:
        if move.after == ZERO:
            known.pop(move.ref, None)
        else:
            known[move.ref] = move.after
    for move in moves:
        _follow(world, actor, repo, move)


def _follow(world: World, actor: Actor, repo: Repository, move: RefMove) -> None:
    branch = move.ref.removeprefix(BRANCHES) if move.ref.startswith(BRANCHES) else None
    before = _open_pulls_from(world, repo, branch)
    if branch is not None and move.after != ZERO:
        _move_heads(world, actor, before, move)
    push.announce(world, actor, repo, move.ref, move.before, move.after)
    if branch is None:
        return
    if move.after == ZERO:
        for issue in before:
            close(world, actor, issue)
        return
    for issue in before:
        pull_request.synchronized(world, actor, world.store.issues[issue.id], issue.as_pull.head_sha)
    _request_suites(world, actor, repo, branch, move)
    _notice_merged(world, actor, repo, branch, move.after)


def _open_pulls_from(world: World, repo: Repository, branch: str | None) -> list[Issue]:
    return world.store.issues.where(
        lambda issue: (
            issue.state == "open"
            and issue.pull is not None
            and issue.pull.head_repository_id == repo.id
            and issue.pull.head_ref == branch
        )
    )


def _move_heads(world: World, actor: Actor, pulls: list[Issue], move: RefMove) -> None:
    for issue in pulls:
        pull, base_repo = issue.as_pull, world.store.repositories[issue.repository_id]
        point_pull_ref(world, base_repo, issue.number, pull.head_repository_id, move.after)
        forced = not world.store.bare(base_repo).is_ancestor(pull.head_sha, move.after)
        now = world.now()
        moved = HeadMove(world.store.new_id(), issue.id, pull.head_sha, move.after, forced, actor.who.id, now)
        world.store.head_moves.put(moved)
        world.store.issues.put(replace(issue, updated_at=now, pull=replace(pull, head_sha=move.after)))


def point_pull_ref(world: World, base_repo: Repository, number: int, head_repo_id: int, sha: str) -> None:
    """Keep `refs/pull/N/head`, bringing the objects over from a fork first."""
    bare = world.store.bare(base_repo)
    if head_repo_id != base_repo.id:
        fork = world.store.repositories[head_repo_id]
        bare.run("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--", str(fork.path), sha)
    bare.set_ref(f"refs/pull/{number}/head", sha)


def _request_suites(world: World, actor: Actor, repo: Repository, branch: str, move: RefMove) -> None:
    for app, _ in installed(world, repo):
        if may_write_checks(app):
            suite = suite_for(world, repo, app.id, move.after, branch, move.before)
            check_suite.announce(world, actor, "requested", suite)


def suite_for(
    world: World, repo: Repository, app_id: int, sha: str, branch: str | None, before: str | None = None
) -> CheckSuite:
    """The App's suite on a commit; made when there is none yet."""
    found = world.store.suites.first(
        lambda suite: suite.repository_id == repo.id and suite.app_id == app_id and suite.head_sha == sha
    )
    if found is not None:
        return found
    now = world.now()
    return world.store.suites.put(CheckSuite(world.store.new_id(), repo.id, app_id, sha, branch, now, now, before))


def close(world: World, actor: Actor, issue: Issue) -> Issue:
    """Close a pull request without merging; what it showed stays."""
    closed = frozen(world, issue, world.now(), actor.who.id)
    pull_request.announce(world, actor, "closed", world.store.issues.put(closed))
    return closed


def frozen(world: World, issue: Issue, now: datetime, closer_id: int) -> Issue:
    """A pull request as closed: its base no longer follows the branch."""
    pull = replace(issue.as_pull, frozen_base_sha=world.store.base_sha(issue))
    return replace(issue, state="closed", closed_at=now, closed_by_id=closer_id, updated_at=now, pull=pull)


def _notice_merged(world: World, actor: Actor, repo: Repository, branch: str, tip: str) -> None:
    """A push that already contains a pull request's head merges it, however it got there."""
    bare = world.store.bare(repo)
    for issue in world.store.issues:
        pull = issue.pull
        if issue.repository_id != repo.id or issue.state != "open" or pull is None or pull.base_ref != branch:
            continue
        if pull.head_sha != tip and bare.is_ancestor(pull.head_sha, tip):
            now = world.now()
            done = replace(pull, merged_at=now, merged_by_id=actor.who.id, merge_commit_sha=tip)
            shut = frozen(world, replace(issue, pull=done), now, actor.who.id)
            pull_request.announce(world, actor, "closed", world.store.issues.put(shut))


def create(world: World, actor: Actor, repo: Repository, ref: str, sha: str) -> None:
    """Make a branch or a tag."""
    if not ref.startswith("refs/") or ref.count("/") < 2:
        raise unprocessable("Reference name must start with 'refs/' and have at least two slashes.")
    bare = world.store.bare(repo)
    if bare.run("check-ref-format", ref, allow=(0, 1))[0]:
        raise unprocessable(f"{ref} is not a valid ref name.")
    if ref in bare.refs():
        raise unprocessable("Reference already exists")
    if bare.commit_id(sha) is None:
        raise unprocessable("Object does not exist")
    refuse_workflow_changes(world, actor, repo, sha)
    _set(world, actor, repo, ref, sha, ZERO)


def move(world: World, actor: Actor, repo: Repository, ref: str, sha: str, force: bool) -> None:
    """Move a branch or a tag; without `force` only forward."""
    bare = world.store.bare(repo)
    old = bare.refs().get(ref)
    if old is None:
        raise unprocessable("Reference does not exist")
    if bare.commit_id(sha) is None:
        raise unprocessable("Object does not exist")
    if not force and not bare.is_ancestor(old, sha):
        raise unprocessable("Update is not a fast forward")
    refuse_workflow_changes(world, actor, repo, sha)
    _set(world, actor, repo, ref, sha, old)


def refuse_by_rules(world: World, repo: Repository, ref: str, sha: str, old: str) -> None:
    """What the branch's rules forbid, whoever brings it. To a new branch everything is brought that no other branch has: a pull request's own ref is none."""
    rules, bare = world.store.protection(repo, ref.removeprefix(BRANCHES)), world.store.bare(repo)
    if rules is None or not ref.startswith(BRANCHES):
        return
    beyond = ("--not", old if int(old, 16) else "--branches")
    new = bare.text("rev-list", sha, *beyond).split()
    if rules.signatures and not world.store.signed.issuperset(new):
        raise unprocessable("Commits must have verified signatures.")
    if rules.linear and bare.text("rev-list", "-1", "--min-parents=2", sha, *beyond):
        raise unprocessable("This branch must not contain merge commits.")


def _set(world: World, actor: Actor, repo: Repository, ref: str, sha: str, old: str) -> None:
    refuse_by_rules(world, repo, ref, sha, old)
    try:
        world.store.bare(repo).set_ref(ref, sha, old)
    except GitFailed as failed:
        raise unprocessable("Reference cannot be updated") from failed
    moved(world, actor, repo, ref, sha)


def delete(world: World, actor: Actor, repo: Repository, ref: str) -> None:
    """Remove a branch or a tag."""
    bare = world.store.bare(repo)
    if ref not in bare.refs():
        raise unprocessable("Reference does not exist")
    bare.delete_ref(ref)
    moved(world, actor, repo, ref, ZERO)


def refuse_workflow_changes(world: World, actor: Actor, repo: Repository, sha: str) -> None:
    """An App without `workflows` may not bring commits that touch workflow files."""
    if actor.kind != "installation" or actor.granted(("workflows",), "write"):
        return
    bare = world.store.bare(repo)
    if bare.text("rev-list", "-1", sha, "--not", "--all", "--", ".github/workflows"):
        raise forbidden("Resource not accessible by integration")
