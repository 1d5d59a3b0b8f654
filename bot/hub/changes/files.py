"""Writing files through the API: one commit on a branch for each."""

from collections.abc import Mapping

from bot.hub.actor import Actor
from bot.hub.changes import refs
from bot.hub.git.bare import GitFailed
from bot.hub.git.history import Signature
from bot.hub.git.trees import commit_files
from bot.hub.refusal import Refused, forbidden, not_found
from bot.hub.state.repositories import Repository
from bot.hub.world import World


def commit(
    world: World,
    actor: Actor,
    repo: Repository,
    branch: str,
    files: Mapping[str, bytes | None],
    message: str,
    author: Signature | None = None,
) -> str:
    """Commit files to a branch (None removes one), creating it in an empty repository; the commit's id."""
    parent = world.store.tip(repo, branch)
    if parent is None and world.store.known_refs.get(repo.id):
        raise not_found()
    who = author or Signature(actor.who.login, actor.who.email, world.now())
    return push(world, actor, repo, (branch, parent), files, message, who)


def push(
    world: World,
    actor: Actor,
    repo: Repository,
    onto: tuple[str, str | None],
    files: Mapping[str, bytes | None],
    message: str,
    author: Signature,
) -> str:
    """Commit files on a parent and point a branch at it, `onto` being branch and parent; the commit's id."""
    return push_by(world, actor, repo, onto, files, message, (author, author))


def push_by(
    world: World,
    actor: Actor,
    repo: Repository,
    onto: tuple[str, str | None],
    files: Mapping[str, bytes | None],
    message: str,
    people: tuple[Signature, Signature],
) -> str:
    """As `push`, with an author and a committer who need not be the same."""
    may_workflows = actor.kind != "installation" or actor.granted(("workflows",), "write")
    if not may_workflows and any(path.startswith(".github/workflows/") for path in files):
        raise forbidden("Resource not accessible by integration")
    (branch, _), (author, committer) = onto, people
    try:
        sha = commit_files(world.store.bare(repo), onto, files, message, author, committer)
    except ValueError as wrong:
        raise Refused(422, str(wrong)) from wrong
    except GitFailed as failed:
        raise Refused(409, f"{branch} has moved meanwhile") from failed
    refs.moved(world, actor, repo, f"refs/heads/{branch}", sha)
    return sha


def expect_blob(actual: str | None, given: str | None) -> None:
    """Refuse to overwrite a file whose blob the caller has not named."""
    if actual is not None and given is None:
        raise Refused(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
    if given is not None and given != actual:
        raise Refused(409, f"is at {actual} but expected {given}")
