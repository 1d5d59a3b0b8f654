"""Issue comments: one of ours for each marker, edited in place."""

from collections.abc import Callable

from bot.adapters.github.client import Client, repo_path
from bot.adapters.github.tokens import Purpose
from bot.core.pace import Importance
from bot.core.pulls import AppIdentity, RepoRef
from bot.ids import CommentId, PrNumber


class Comments:
    def __init__(self, client: Client, identity: Callable[[], AppIdentity]) -> None:
        self._client = client
        self._identity = identity

    def put(
        self, repo: RepoRef, number: PrNumber, marker: str, body: str, importance: Importance = Importance.WORD
    ) -> CommentId:
        """The one comment by us that carries `marker` on its first line has this body. A new one is never mere progress: there was nothing yet."""
        text = with_marker(marker, body)

        def attempt() -> CommentId:
            found = self._find(repo, number, marker)
            if found is None:
                path = repo_path(repo, "issues", number, "comments")
                made = self._client.write(repo, "POST", path, purpose=Purpose.TALK, body={"body": text})
                return CommentId(made.number("id"))
            comment, there = found
            if there != text:
                path = repo_path(repo, "issues", "comments", comment)
                self._client.write(
                    repo, "PATCH", path, purpose=Purpose.TALK, body={"body": text}, importance=importance
                )
            return comment

        return self._client.until_clear(attempt)

    def _find(self, repo: RepoRef, number: PrNumber, marker: str) -> tuple[CommentId, str] | None:
        """The oldest one, so that two made by mischance do not take turns. A marker that somebody else copied is not ours."""
        us = self._identity().bot_user.user_id
        path = repo_path(repo, "issues", number, "comments")
        for comment in self._client.pages(repo, path, purpose=Purpose.TALK):
            author = comment.maybe("user")
            text = comment.text_or("body")
            if author is not None and author.number("id") == us and carries(marker, text):
                return CommentId(comment.number("id")), text
        return None


def carries(marker: str, text: str) -> bool:
    """Whether the first line is the marker."""
    return text.split("\n", 1)[0].rstrip("\r ") == marker


def with_marker(marker: str, body: str) -> str:
    return body if carries(marker, body) else f"{marker}\n{body}"
