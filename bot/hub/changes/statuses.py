"""Commit statuses: anybody with the right to push may report one; the newest of each context counts."""

from bot.hub.actor import Actor
from bot.hub.events import status as event
from bot.hub.refusal import invalid, unprocessable
from bot.hub.state.repositories import Repository
from bot.hub.state.statuses import CommitStatus
from bot.hub.world import World

STATES = ("error", "failure", "pending", "success")

CONTEXT = "default"
"""The context of a status that names none; GitHub's REST description says so."""

DESCRIPTION_LIMIT = 140
"""Characters in a description; observed at GitHub."""


def create(
    world: World,
    actor: Actor,
    repo: Repository,
    sha: str,
    state: str,
    context: str = CONTEXT,
    description: str | None = None,
    target_url: str | None = None,
) -> CommitStatus:
    """Report a status on a commit of the repository."""
    if len(sha) != 40 or world.store.bare(repo).commit_id(sha) != sha:
        raise unprocessable(f"No commit found for SHA: {sha}")
    if len(description or "") > DESCRIPTION_LIMIT:
        raise invalid("Status", "description", "custom", "description is too long (maximum is 140 characters)")
    store = world.store
    made = store.statuses.put(
        CommitStatus(store.new_id(), repo.id, sha, state, context, description, target_url, actor.who.id, world.now())
    )
    event.announce(world, actor, made)
    return made


def latest(world: World, repo: Repository, sha: str) -> list[CommitStatus]:
    """The newest status of each context on a commit, newest first."""
    rows = world.store.statuses.where(lambda one: one.repository_id == repo.id and one.sha == sha)
    return sorted({one.context: one for one in rows}.values(), key=lambda one: -one.id)


def combined(rows: list[CommitStatus]) -> str:
    """What they say together: `failure` when one failed, `pending` when one is or when there is none, else `success`."""
    states = {one.state for one in rows}
    if states & {"error", "failure"}:
        return "failure"
    return "pending" if "pending" in states or not states else "success"
