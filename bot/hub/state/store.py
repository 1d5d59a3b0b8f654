"""The one in-memory store."""

import base64
import itertools
import secrets
import threading

from bot.hub.git.bare import Bare
from bot.hub.state.apps import AccessToken, App, Installation, LoginCode
from bot.hub.state.checks import CheckRun, CheckSuite
from bot.hub.state.deliveries import Delivery
from bot.hub.state.issues import Comment, HeadMove, Issue, Label, Reaction
from bot.hub.state.people import Level, User, at_least
from bot.hub.state.queues import QueueEntry
from bot.hub.state.repositories import ALL, Protection, Repository
from bot.hub.state.reviews import Review, ReviewComment
from bot.hub.state.statuses import CommitStatus
from bot.hub.state.table import Table

FIRST_ACCOUNT_ID = 1_000_001
"""Ids of accounts, repositories, Apps and installations start here: never equal to a pull request's number."""

FIRST_OBJECT_ID = 3_000_000_001
"""Ids of comments, checks and the like start above 2**31, as GitHub's do: a 32-bit column breaks here, not in production."""


class Store:
    """Everything the hub knows apart from git objects. Write only while holding `lock`; records are immutable."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.users: Table[User] = Table()
        self.repositories: Table[Repository] = Table()
        self.protections: Table[Protection] = Table()
        self.issues: Table[Issue] = Table()
        self.comments: Table[Comment] = Table()
        self.labels: Table[Label] = Table()
        self.reactions: Table[Reaction] = Table()
        self.head_moves: Table[HeadMove] = Table()
        self.reviews: Table[Review] = Table()
        self.review_comments: Table[ReviewComment] = Table()
        self.suites: Table[CheckSuite] = Table()
        self.runs: Table[CheckRun] = Table()
        self.statuses: Table[CommitStatus] = Table()
        self.queue: Table[QueueEntry] = Table()
        self.apps: Table[App] = Table()
        self.installations: Table[Installation] = Table()
        self.tokens: Table[AccessToken] = Table()
        self.login_codes: Table[LoginCode] = Table()
        self.deliveries: Table[Delivery] = Table()
        self.job_logs: dict[int, bytes] = {}
        self.storage_key = secrets.token_bytes(32)
        self.levels: dict[tuple[int, int], Level] = {}
        self.signed: set[str] = set()
        self.known_refs: dict[int, dict[str, str]] = {}
        self._bares: dict[int, Bare] = {}
        self._account_ids = itertools.count(FIRST_ACCOUNT_ID)
        self._object_ids = itertools.count(FIRST_OBJECT_ID)

    def new_account_id(self) -> int:
        """A fresh id for an account, a repository, an App or an installation."""
        return next(self._account_ids)

    def new_id(self) -> int:
        """A fresh id for anything else; never given twice, whatever the kind."""
        return next(self._object_ids)

    def user_named(self, login: str) -> User | None:
        """The account with this login, whatever the case of its letters."""
        return self.users.first(lambda user: user.login.lower() == login.lower())

    def repository_named(self, full_name: str) -> Repository | None:
        """The repository `owner/name`, whatever the case of its letters."""
        return self.repositories.first(lambda repo: repo.full_name.lower() == full_name.lower())

    def bare(self, repository: Repository) -> Bare:
        """The git repository behind a repository."""
        found = self._bares.get(repository.id)
        if found is None:
            found = self._bares.setdefault(repository.id, Bare(repository.path))
        return found

    def level(self, repository: Repository, user: User) -> Level:
        """What the account may do there. Strangers may read what is public; owners may do anything."""
        if user.id == repository.owner_id:
            return "admin"
        given = self.levels.get((repository.id, user.id))
        return given if given is not None else ("none" if repository.private else "read")

    def may(self, repository: Repository, user: User, needed: Level) -> bool:
        """Whether the account has at least this level there."""
        return at_least(self.level(repository, user), needed)

    def issue_numbered(self, repository: Repository, number: int) -> Issue | None:
        """The issue or pull request with this number."""
        return self.issues.first(lambda issue: issue.repository_id == repository.id and issue.number == number)

    def next_number(self, repository: Repository) -> int:
        """The next number for an issue or a pull request."""
        taken = (issue.number for issue in self.issues if issue.repository_id == repository.id)
        return max(taken, default=0) + 1

    def pulls_at(self, repository: Repository, sha: str) -> list[Issue]:
        """Open pull requests of the repository whose head is this commit."""
        return self.issues.where(
            lambda issue: (
                issue.repository_id == repository.id
                and issue.state == "open"
                and issue.pull is not None
                and issue.pull.head_sha == sha
            )
        )

    def protection(self, repository: Repository, branch: str) -> Protection | None:
        """What protects the branch, if anything does: its own, or else what stands for all branches (`~ALL`, as rulesets name them)."""
        mine = self.protections.where(lambda p: p.repository_id == repository.id and p.branch in (branch, ALL))
        return next((one for one in mine if one.branch == branch), next(iter(mine), None))

    def token(self, text: str) -> AccessToken | None:
        """The token with exactly this text."""
        return self.tokens.first(lambda token: token.token == text)

    def base_sha(self, issue: Issue) -> str:
        """The tip of the base of a pull request, or what it was when the request was closed."""
        pull = issue.as_pull
        if pull.frozen_base_sha is not None:
            return pull.frozen_base_sha
        found = self.tip(self.repositories[issue.repository_id], pull.base_ref)
        return found if found is not None else pull.head_sha

    def tip(self, repository: Repository, branch: str) -> str | None:
        """The commit of a branch as the hub last saw it, which is before a push that it has not yet told of; or None."""
        return self.known_refs.get(repository.id, {}).get(f"refs/heads/{branch}")

    def installation_covers(self, installation: Installation, repository: Repository) -> bool:
        """Whether the installation includes the repository."""
        if installation.repository_ids is None:
            return installation.account_id == repository.owner_id
        return repository.id in installation.repository_ids


def node_id(kind: str, number: int) -> str:
    """An opaque global id in the style of GitHub's."""
    return f"{kind}_{base64.urlsafe_b64encode(number.to_bytes(8, 'big')).decode().rstrip('=')}"
