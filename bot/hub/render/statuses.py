"""Commit statuses, one by one and combined."""

from bot.hub.fields import Json
from bot.hub.render.accounts import maybe_user
from bot.hub.render.repositories import repository
from bot.hub.render.view import View, stamp
from bot.hub.state.repositories import Repository
from bot.hub.state.statuses import CommitStatus
from bot.hub.state.store import node_id


def simple_status(view: View, one: CommitStatus) -> Json:
    """A status as it stands in the combined one."""
    repo = view.store.repositories[one.repository_id]
    return {
        "url": f"{view.repo(repo)}/statuses/{one.sha}",
        "avatar_url": f"{view.html}/avatars/{one.creator_id}",
        "id": one.id,
        "node_id": node_id("SC", one.id),
        "state": one.state,
        "description": one.description,
        "target_url": one.target_url,
        "context": one.context,
        "created_at": stamp(one.created_at),
        "updated_at": stamp(one.created_at),
    }


def status(view: View, one: CommitStatus) -> Json:
    """A status with who reported it."""
    return simple_status(view, one) | {"creator": maybe_user(view, one.creator_id)}


def combined_status(view: View, repo: Repository, sha: str, state: str, rows: list[Json], total: int) -> Json:
    """All contexts of a commit; `rows` is one page of them."""
    return {
        "state": state,
        "statuses": rows,
        "sha": sha,
        "total_count": total,
        "repository": repository(view, repo),
        "commit_url": f"{view.repo(repo)}/commits/{sha}",
        "url": f"{view.repo(repo)}/commits/{sha}/status",
    }
