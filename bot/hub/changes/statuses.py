"""Commit statuses: anybody with the right to push may report one; the newest of each context counts."""

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody reports of a commit."""

    state: str
    context: str = CONTEXT
    description: str | None = None
    target_url: str | None = None


def create(world: World, actor: Actor, repo: Repository, sha: str, report: Report) -> CommitStatus:
    """Report a status on a commit of the repository."""
    if len(sha) != 40 or world.store.bare(repo).commit_id(sha) != sha:
        raise unprocessable(f"No commit found for SHA: {sha}")
    if len(report.description or "") > DESCRIPTION_LIMIT:
        raise invalid("Status", "description", "custom", "description is too long (maximum is 140 characters)")
    store = world.store
    made = store.statuses.put(
        CommitStatus(
            id=store.new_id(),
            repository_id=repo.id,
            sha=sha,
            state=report.state,
            context=report.context,
            description=report.description,
            target_url=report.target_url,
            creator_id=actor.who.id,
            created_at=world.now(),
        )
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
