"""Reactions: GitHub itself makes them once (200 for one that is there, 201 for a new one)."""

from bot.adapters.github.client import Client, repo_path
from bot.adapters.github.tokens import Purpose
from bot.core.pulls import ReactionTarget, RepoRef

_PLACE: dict[ReactionTarget, tuple[str, ...]] = {
    ReactionTarget.ISSUE: ("issues",),
    ReactionTarget.ISSUE_COMMENT: ("issues", "comments"),
    ReactionTarget.REVIEW_COMMENT: ("pulls", "comments"),
}


def react(client: Client, repo: RepoRef, target: ReactionTarget, target_id: int, content: str) -> None:
    """Our reaction stands."""
    path = repo_path(repo, *_PLACE[target], target_id, "reactions")
    client.until_clear(lambda: client.write(repo, "POST", path, purpose=Purpose.TALK, body={"content": content}))
