"""The things that can be asked for, as objects whose attributes are the schema's fields; graphql-core calls what is callable."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.hub.graphql.asked import Asked, Failed, Info, failed
from bot.hub.refusal import Refused
from bot.hub.render.reviews import current_line
from bot.hub.state.issues import Issue
from bot.hub.state.people import User
from bot.hub.state.repositories import Repository
from bot.hub.state.reviews import ReviewComment
from bot.hub.state.store import node_id

LARGEST_PAGE = 100
"""GitHub refuses `first` beyond it (docs, GraphQL resource limits)."""


class Account:
    """An account, as a thread's author or as who resolved it."""

    def __init__(self, user: User) -> None:
        self.id = node_id("BOT" if user.type == "Bot" else "U", user.id)
        # GraphQL names an App's account without the suffix that REST shows.
        self.login = user.login.removesuffix("[bot]")
        self.databaseId = user.id


def author(asked: Asked, user_id: int) -> dict[str, object]:
    """An account where the schema says `Actor`: a `Bot` or a `User`."""
    user = asked.store.users[user_id]
    shown = Account(user)
    kind = "Bot" if user.type == "Bot" else "User"
    return {"__typename": kind, "id": shown.id, "login": shown.login, "databaseId": shown.databaseId}


class CommitNode:
    """A commit."""

    def __init__(self, asked: Asked, repo: Repository, sha: str) -> None:
        self.id = node_id("C", int(sha[:15], 16))
        self.oid = sha
        self.url = f"{asked.view.page(repo)}/commit/{sha}"
        self.signature = {"isValid": True} if sha in asked.store.signed else None


class RefNode:
    """A branch."""

    def __init__(self, asked: Asked, repo: Repository, name: str, sha: str) -> None:
        self.id = node_id("REF", int(sha[:15], 16))
        self.name = name
        self.target = CommitNode(asked, repo, sha)


class RepositoryNode:
    """A repository that the bearer may see."""

    def __init__(self, asked: Asked, repo: Repository) -> None:
        self._asked, self._repo = asked, repo
        self.id = node_id("R", repo.id)
        self.nameWithOwner = repo.full_name

    def pullRequest(self, info: Info, number: int) -> "PullNode":
        found = self._asked.store.issue_numbered(self._repo, number)
        if found is None or found.pull is None:
            raise Failed("NOT_FOUND", f"Could not resolve to a PullRequest with the number of {number}.")
        need(self._asked, self._repo, "pull_requests", "read")
        return PullNode(self._asked, found)

    def ref(self, info: Info, qualifiedName: str) -> RefNode | None:
        name = qualifiedName.removeprefix("refs/heads/")
        need(self._asked, self._repo, "contents", "read")
        sha = self._asked.store.tip(self._repo, name)
        return RefNode(self._asked, self._repo, name, sha) if sha else None


class PullNode:
    """A pull request."""

    def __init__(self, asked: Asked, issue: Issue) -> None:
        self._asked, self._issue = asked, issue
        self.id = node_id("PR", issue.as_pull.id)
        self.number = issue.number
        self.isDraft = issue.as_pull.draft
        self.headRefOid = issue.as_pull.head_sha

    def reviewThreads(self, info: Info, first: int | None = None, after: str | None = None) -> "Connection":
        store = self._asked.store
        pending = {
            one.id for one in store.reviews.where(lambda one: one.issue_id == self._issue.id and one.state == "PENDING")
        }
        roots = store.review_comments.where(
            lambda one: one.issue_id == self._issue.id and one.in_reply_to_id is None and one.review_id not in pending
        )
        return connection([ThreadNode(self._asked, root) for root in roots], first, after)


class ThreadNode:
    """A thread, known by the comment that began it."""

    def __init__(self, asked: Asked, root: ReviewComment) -> None:
        self._asked, self.root = asked, root
        self.id = node_id("PRRT", root.id)
        self.isResolved = root.resolved_by_id is not None
        self.path = root.place.path
        self.originalLine = root.place.line
        self.line = current_line(asked.view, root)
        self.isOutdated = self.line is None and root.place.line is not None
        who = root.resolved_by_id
        self.resolvedBy = Account(asked.store.users[who]) if who is not None else None

    def comments(self, info: Info, first: int | None = None, after: str | None = None) -> "Connection":
        root = self.root
        said = self._asked.store.review_comments.where(lambda one: root.id in (one.id, one.in_reply_to_id))
        return connection([CommentNode(self._asked, one) for one in said], first, after)


class CommentNode:
    """One comment of a thread."""

    def __init__(self, asked: Asked, one: ReviewComment) -> None:
        self.id = node_id("PRRC", one.id)
        # 32 bits, as GitHub's deprecated field has them: larger ids do not fit.
        self.databaseId = one.id if one.id < 2**31 else None
        self.fullDatabaseId = str(one.id)
        self.body = one.body
        self.createdAt = one.created_at.isoformat()
        self.author = author(asked, one.author_id)


@dataclass(frozen=True, slots=True)
class Connection:
    """One page of a list."""

    totalCount: int
    nodes: Sequence[Any]
    pageInfo: dict[str, object]


def connection(rows: Sequence[Any], first: int | None, after: str | None) -> Connection:
    """The rows behind the cursor `after`, `first` of them. GitHub wants to be told how many."""
    if first is None or not 0 < first <= LARGEST_PAGE:
        raise Failed("EXCESSIVE_PAGINATION", f"`first` must be from 1 to {LARGEST_PAGE} here.")
    start = int(after) if after is not None and after.isascii() and after.isdigit() else 0
    page = rows[start : start + first]
    end = start + len(page)
    return Connection(len(rows), page, {"hasNextPage": end < len(rows), "endCursor": str(end) if page else None})


def need(asked: Asked, repo: Repository, area: str, access: str) -> None:
    """As REST: an App by its permission there, a person by the level that goes with it. Raises `Failed`."""
    try:
        asked.actor.need(asked.store, repo, (area,), access, "write" if access == "write" else "read")
    except Refused as refused:
        raise failed(refused) from refused
