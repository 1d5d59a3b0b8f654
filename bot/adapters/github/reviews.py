"""One batched review for each marker, with its inline comments or, where GitHub refuses them, with their text."""

from collections.abc import Callable
from typing import Any

from bot.adapters.github.client import Client, repo_path
from bot.adapters.github.comments import carries, with_marker
from bot.adapters.github.limits import Unprocessable
from bot.adapters.github.tokens import Purpose
from bot.core.pulls import AppIdentity, InlineComment, RepoRef, ReviewDraft
from bot.ids import PrNumber, ReviewId

LONGEST_BODY = 60_000
"""Below GitHub's 65,536 characters, which count differently from Python's for characters outside the basic plane."""


class Reviews:
    def __init__(self, client: Client, identity: Callable[[], AppIdentity]) -> None:
        self._client = client
        self._identity = identity

    def put(self, repo: RepoRef, number: PrNumber, draft: ReviewDraft) -> ReviewId:
        """One COMMENT review by us carries the marker; one that is there is left as it is."""
        path = repo_path(repo, "pulls", number, "reviews")

        def post(body: str, comments: tuple[InlineComment, ...]) -> ReviewId:
            review = {
                "commit_id": draft.commit_sha,
                "event": "COMMENT",
                "body": with_marker(draft.marker, body),
                "comments": [_inline(comment) for comment in comments],
            }
            made = self._client.write(repo, "POST", path, purpose=Purpose.TALK, body=review)
            return ReviewId(made.number("id"))

        def attempt() -> ReviewId:
            found = self._find(repo, number, draft.marker)
            if found is not None:
                return found
            try:
                return post(draft.body, draft.comments)
            except Unprocessable:
                # All or nothing: one line outside the diff refuses the whole review, and the answer does not say which.
                if not draft.comments:
                    raise
                return post(_folded(draft), ())

        return self._client.until_clear(attempt)

    def _find(self, repo: RepoRef, number: PrNumber, marker: str) -> ReviewId | None:
        us = self._identity().bot_user.user_id
        for review in self._client.pages(repo, repo_path(repo, "pulls", number, "reviews"), purpose=Purpose.TALK):
            author = review.maybe("user")
            if author is not None and author.number("id") == us and carries(marker, review.text_or("body")):
                return ReviewId(review.number("id"))
        return None


def _inline(comment: InlineComment) -> dict[str, Any]:
    """`start_line` only where it lies before `line`: equal values are an error to GitHub."""
    made: dict[str, Any] = {"path": comment.path, "line": comment.line, "side": "RIGHT", "body": comment.body}
    if comment.start_line is not None and comment.start_line < comment.line:
        made |= {"start_line": comment.start_line, "start_side": "RIGHT"}
    return made


def _folded(draft: ReviewDraft) -> str:
    """The body with the inline comments' text below it, cut at a whole comment."""
    text = with_marker(draft.marker, draft.body)
    for index, comment in enumerate(draft.comments):
        place = f"{comment.path}:{comment.line}".replace("`", "'")
        more = f"\n\n**`{place}`**\n\n{comment.body}"
        if len(text) + len(more) > LONGEST_BODY:
            return f"{text}\n\n({len(draft.comments) - index} more remarks did not fit.)"
        text += more
    return text
