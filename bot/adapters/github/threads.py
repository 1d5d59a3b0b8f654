"""What people said on the diff. Comments and their authors come from REST, which has accounts' ids; whether a thread is resolved, and its name,
only GraphQL tells."""

from collections.abc import Callable, Iterator

from bot.adapters.github.answers import Body
from bot.adapters.github.client import MOST_PAGES, Client, repo_path
from bot.adapters.github.comments import carries, with_marker
from bot.adapters.github.graphql import GraphQL
from bot.adapters.github.pulls import bot_user
from bot.adapters.github.tokens import Purpose
from bot.core.feedback.model import Conversation, ReviewSeen, ReviewState, ReviewThread, ThreadComment
from bot.core.pulls import AppIdentity, Person, RepoRef
from bot.ids import CommentId, PrNumber, ReviewId, Sha, UserId

THREADS = """
query($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      reviewThreads(first: 100, after: $after) {
        nodes { id isResolved comments(first: 1) { nodes { fullDatabaseId } } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}
"""

RESOLVE = (
    "mutation($input: ResolveReviewThreadInput!) { resolveReviewThread(input: $input) { thread { id isResolved } } }"
)

GHOST = Person(UserId(0), "ghost")
"""Whoever deleted the account."""


class Threads:
    def __init__(self, client: Client, identity: Callable[[], AppIdentity]) -> None:
        self._client = client
        self._graphql = GraphQL(client)
        self._identity = identity

    def conversation(self, repo: RepoRef, number: PrNumber) -> Conversation:
        """Every submitted review, and every thread with all its comments."""
        said: dict[int, list[Body]] = {}
        for comment in self._comments(repo, number):
            root = comment.number("in_reply_to_id") if comment.has("in_reply_to_id") else comment.number("id")
            said.setdefault(root, []).append(comment)
        known = dict(self._names(repo, number)) if said else {}
        # A thread without a name was begun between the two questions; it is there the next time.
        threads = tuple(_thread(bodies, *known[root]) for root, bodies in said.items() if root in known)
        path = repo_path(repo, "pulls", number, "reviews")
        reviews = (_review(body) for body in self._client.pages(repo, path, purpose=Purpose.TALK))
        return Conversation(threads, tuple(review for review in reviews if review is not None))

    def reply(self, repo: RepoRef, number: PrNumber, root: CommentId, marker: str, body: str) -> CommentId:
        """One comment by us in the thread that `root` began carries the marker; one that is there is left as it is."""
        path = repo_path(repo, "pulls", number, "comments", root, "replies")

        def attempt() -> CommentId:
            found = self._find(repo, number, root, marker)
            if found is not None:
                return found
            made = self._client.write(
                repo, "POST", path, purpose=Purpose.TALK, body={"body": with_marker(marker, body)}
            )
            return CommentId(made.number("id"))

        return self._client.until_clear(attempt)

    def resolve(self, repo: RepoRef, thread_id: str) -> None:
        """The thread is resolved; one that is already stays so."""

        def attempt() -> None:
            self._graphql.change(repo, RESOLVE, {"threadId": thread_id}, purpose=Purpose.RESOLVE)

        self._client.until_clear(attempt)

    def _comments(self, repo: RepoRef, number: PrNumber) -> Iterator[Body]:
        return self._client.pages(repo, repo_path(repo, "pulls", number, "comments"), purpose=Purpose.TALK)

    def _find(self, repo: RepoRef, number: PrNumber, root: CommentId, marker: str) -> CommentId | None:
        us = self._identity().bot_user.user_id
        for comment in self._comments(repo, number):
            there = comment.has("in_reply_to_id") and comment.number("in_reply_to_id") == root
            if there and _author(comment).user_id == us and carries(marker, comment.text_or("body")):
                return CommentId(comment.number("id"))
        return None

    def _names(self, repo: RepoRef, number: PrNumber) -> Iterator[tuple[int, tuple[str, bool]]]:
        """For each thread's first comment: the thread's name and whether it is resolved."""
        asked: dict[str, str | int | None] = {"owner": repo.owner, "name": repo.name, "number": number, "after": None}
        for _ in range(MOST_PAGES):
            data = self._graphql.ask(repo, THREADS, asked, purpose=Purpose.READ)
            page = data.object("repository").object("pullRequest").object("reviewThreads")
            for node in page.list("nodes"):
                first = node.object("comments").list("nodes")
                if first:
                    yield _number(first[0]), (node.text("id"), node.flag("isResolved"))
            if not page.object("pageInfo").flag("hasNextPage"):
                return
            asked["after"] = page.object("pageInfo").text("endCursor")


def _number(comment: Body) -> int:
    """REST's number of a comment; a BigInt, which comes as text (`databaseId` holds only what fits 32 bits)."""
    text = comment.text_or("fullDatabaseId")
    return int(text) if text.isdecimal() else comment.number("fullDatabaseId")


def _thread(comments: list[Body], thread_id: str, resolved: bool) -> ReviewThread:
    first = comments[0]
    line = first.number("line") if first.has("line") else None
    said = tuple(
        ThreadComment(CommentId(one.number("id")), _author(one), one.text_or("body"), one.time("created_at"))
        for one in comments
    )
    return ReviewThread(thread_id, resolved, first.text("path"), line, first.text_or("diff_hunk"), said)


def _review(body: Body) -> ReviewSeen | None:
    """None for one that is not submitted yet, or of a kind that we do not know."""
    state = body.text_or("state")
    if state not in list(ReviewState) or not body.has("submitted_at"):
        return None
    commit = body.text_or("commit_id")
    return ReviewSeen(
        ReviewId(body.number("id")),
        _author(body),
        ReviewState(state),
        body.text_or("body"),
        Sha(commit) if commit else None,
        body.time("submitted_at"),
    )


def _author(body: Body) -> Person:
    author = body.maybe("user")
    return GHOST if author is None else bot_user(author)
