"""The hub as a Python object: start it, fill it, look into it, act as people."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.hub.actor import Actor, as_user
from bot.hub.changes import checks, comments, files, installations, issues, merging, pulls, refs, reviews
from bot.hub.events import ping
from bot.hub.faults import Faults
from bot.hub.front import Front
from bot.hub.git.bare import Bare
from bot.hub.git.history import Signature
from bot.hub.git_http import GitHttp
from bot.hub.journal import Journal, Observer
from bot.hub.rest.api import RestApi
from bot.hub.server import Server
from bot.hub.state.apps import App
from bot.hub.state.checks import CheckRun, CheckSuite
from bot.hub.state.issues import Comment, Issue
from bot.hub.state.people import Level, User, UserType
from bot.hub.state.repositories import Protection, Repository, RequiredCheck
from bot.hub.state.reviews import Review, ReviewComment
from bot.hub.state.store import Store
from bot.hub.webhooks import Webhooks
from bot.hub.world import Clock, World
from bot.hub.wsgi import WsgiApp, nothing_here

DRAIN = 10.0
"""Seconds that stopping waits for requests in work; a push of the tests takes well under one."""

KEY_BITS = 2048
"""GitHub's own key size."""


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


class Hub:
    """A local GitHub. Every method may be called from any thread; people are named by login, repositories by `owner/name`.

    `root` is a folder for the bare repositories; `clock` gives the time for expiry and stamps.
    """

    def __init__(self, root: Path, clock: Clock = utc_now) -> None:
        self.store = Store()
        self.journal = Journal(clock)
        self.faults = Faults()
        self.webhooks = Webhooks(self.store, self.journal, self.faults)
        self.world = World(root, clock, self.store, self.webhooks)
        self._front = Front(
            self.world,
            self.journal,
            self.faults,
            RestApi(self.world, self.webhooks, self.faults),
            GitHttp(self.world, self.journal),
            self._pages(),
        )
        self._server: Server | None = None

    def _pages(self) -> WsgiApp:
        return nothing_here()

    def start(self, port: int = 0) -> "Hub":
        """Listen on loopback; port 0 takes a free one."""
        self._server = Server(self._front, port)
        self.world.url = f"http://127.0.0.1:{self._server.port}"
        self._front.resume()
        self.webhooks.start(f"127.0.0.1:{self._server.port}")
        self._server.start()
        return self

    def stop(self) -> None:
        """Stop listening and sending. What was remembered stays, also for a new start."""
        if self._server is not None:
            self._server.stop()
            self._front.drain(DRAIN)
            self.webhooks.stop()
            self._server = None

    def __enter__(self) -> "Hub":
        return self if self._server is not None else self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`."""
        if not self.world.url:
            raise RuntimeError("the hub has no address before start()")
        return self.world.url

    @property
    def api_url(self) -> str:
        """The base of the REST API."""
        return f"{self.url}/api/v3"

    # --- people and repositories ---

    def add_user(self, login: str, type: UserType = "User") -> User:
        """A person (or an organisation); the one who is there already, if so."""
        with self.store.lock:
            found = self.store.user_named(login)
            return found or self.store.users.put(User(self.store.new_account_id(), login, type, self.world.now()))

    def user_token(self, login: str) -> str:
        """A personal token of that person."""
        with self.store.lock:
            return installations.make_user_token(self.world, self._user(login)).token

    def create_repository(
        self,
        full_name: str,
        private: bool = False,
        default_branch: str = "main",
        files: Mapping[str, str | bytes] | None = None,
    ) -> Repository:
        """A repository; its owner is added if unknown. With `files` it has a first commit, else it is empty."""
        owner_name, _, name = full_name.partition("/")
        with self.store.lock:
            owner = self.add_user(owner_name)
            path = self.world.root / owner.login / f"{name}.git"
            Bare.create(path, default_branch)
            made = self.store.repositories.put(
                Repository(
                    id=self.store.new_account_id(),
                    owner_id=owner.id,
                    owner=owner.login,
                    name=name,
                    private=private,
                    default_branch=default_branch,
                    path=path,
                    created_at=self.world.now(),
                    clone_url=f"{self.url}/{owner.login}/{name}.git",
                )
            )
            if files is not None:
                self.commit(made, default_branch, files, "Start", owner.login)
            return made

    def fork(self, full_name: str, login: str) -> Repository:
        """That person's fork, with all branches."""
        with self.store.lock:
            source = self.repository(full_name)
            made = self.create_repository(f"{login}/{source.name}", source.private, source.default_branch)
            made = self.store.repositories.put(replace(made, fork_of_id=source.id))
            self.store.bare(made).run("fetch", "--quiet", "--", str(source.path), "+refs/heads/*:refs/heads/*")
            refs.settle(self.world, as_user(self._user(login)), made)
            return made

    def repository(self, repo: Repository | str) -> Repository:
        """A repository by its name, as it is now."""
        found = self.store.repository_named(repo if isinstance(repo, str) else repo.full_name)
        if found is None:
            raise LookupError(f"the hub has no repository {repo}")
        return found

    def set_permission(self, repo: Repository | str, login: str, level: Level) -> None:
        """Give a person (added if unknown) a role in a repository."""
        with self.store.lock:
            self.store.levels[self.repository(repo).id, self.add_user(login).id] = level

    def protect(
        self,
        repo: Repository | str,
        branch: str,
        required: Sequence[tuple[str, int | None]],
        strict: bool = False,
        enforce_admins: bool = True,
    ) -> Protection:
        """Require checks, each pinned to an App id (None: from anybody), before a merge into a branch."""
        with self.store.lock:
            found = self.repository(repo)
            old = self.store.protection(found, branch)
            pinned = tuple(RequiredCheck(context, app_id) for context, app_id in required)
            number = old.id if old else self.store.new_id()
            return self.store.protections.put(Protection(number, found.id, branch, pinned, strict, enforce_admins))

    # --- Apps ---

    def register_app(
        self,
        slug: str,
        name: str,
        permissions: Mapping[str, str],
        events: Sequence[str],
        webhook_url: str | None = None,
        secret: str | None = None,
        owner: str = "hub-admin",
    ) -> App:
        """Register an App. Its key is made here; a secret too, unless given."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
        public = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        with self.store.lock:
            bot = self.add_user(f"{slug}[bot]", "Bot")
            made = App(
                id=self.store.new_account_id(),
                client_id=f"Iv23li{secrets.token_hex(7)}",
                client_secret=secrets.token_hex(20),
                slug=slug,
                name=name,
                owner_id=self.add_user(owner).id,
                permissions={"metadata": "read", **permissions},
                events=tuple(events),
                bot_user=bot,
                private_key_pem=private.decode(),
                public_key_pem=public.decode(),
                hook_id=self.store.new_account_id(),
                webhook_secret=secret if secret is not None else secrets.token_hex(20),
                webhook_url=None,
                created_at=self.world.now(),
            )
            self.store.apps.put(made)
        return self.set_webhook(made, webhook_url) if webhook_url else made

    def set_webhook(self, app: App, url: str | None) -> App:
        """Set where the App's webhooks go; a ping follows. None: nowhere."""
        with self.store.lock:
            changed = self.store.apps.put(replace(self.store.apps[app.id], webhook_url=url))
            if url is not None:
                ping.announce(self.world, changed)
            return changed

    def install(self, app: App, account: str, repositories: Sequence[Repository | str] | None = None) -> int:
        """Install an App on repositories of an account (None: all); the installation's id."""
        with self.store.lock:
            owner = self.add_user(account)
            repos = None if repositories is None else [self.repository(repo) for repo in repositories]
            return installations.install(self.world, as_user(owner), self.store.apps[app.id], owner, repos).id

    def suspend(self, installation_id: int, suspended: bool = True) -> None:
        """Suspend an installation, or take it back up."""
        with self.store.lock:
            one = self.store.installations[installation_id]
            actor = as_user(self.store.users[one.account_id])
            installations.suspend(self.world, actor, one, suspended)

    def uninstall(self, installation_id: int) -> None:
        """Delete an installation; its tokens end."""
        with self.store.lock:
            one = self.store.installations[installation_id]
            installations.delete(self.world, as_user(self.store.users[one.account_id]), one)

    def select_repositories(self, installation_id: int, repositories: Sequence[Repository | str]) -> None:
        """Set which repositories an installation covers."""
        with self.store.lock:
            one = self.store.installations[installation_id]
            actor = as_user(self.store.users[one.account_id])
            installations.select(self.world, actor, one, [self.repository(repo) for repo in repositories])

    def installation_token(
        self,
        installation_id: int,
        repositories: Sequence[Repository | str] | None = None,
        permissions: Mapping[str, str] | None = None,
    ) -> str:
        """A token as the App would mint it."""
        with self.store.lock:
            one = self.store.installations[installation_id]
            ids = None if repositories is None else frozenset(self.repository(repo).id for repo in repositories)
            return installations.make_token(self.world, one, ids, permissions).token

    # --- what people do ---

    def commit(
        self,
        repo: Repository | str,
        branch: str,
        files_: Mapping[str, str | bytes | None],
        message: str,
        login: str,
        start: str | None = None,
    ) -> str:
        """Push one commit that writes files (None removes one). A new branch begins at `start`, by default the default branch.

        The commit's id.
        """
        with self.store.lock:
            found, actor = self.repository(repo), as_user(self.add_user(login))
            bare, ref = self.store.bare(found), f"refs/heads/{branch}"
            if bare.commit_id(ref) is None and bare.refs():
                first = bare.find_commit(start or found.default_branch)
                if first is None:
                    raise LookupError(f"{found.full_name} has no {start or found.default_branch} to start from")
                parent: str | None = first
            else:
                parent = bare.commit_id(ref)
            content = {path: data.encode() if isinstance(data, str) else data for path, data in files_.items()}
            author = Signature(actor.who.login, actor.who.email, self.world.now())
            return files.push(self.world, actor, found, (branch, parent), content, message, author)

    def notice_pushes(self, repo: Repository | str, login: str) -> None:
        """Take note of refs that were moved in the bare repository directly, as if that person had pushed them."""
        with self.store.lock:
            refs.settle(self.world, as_user(self._user(login)), self.repository(repo))

    def open_pull_request(
        self,
        repo: Repository | str,
        head: str,
        title: str,
        login: str,
        base: str | None = None,
        body: str | None = None,
        draft: bool = False,
    ) -> Issue:
        """Open a pull request from a branch (`owner:branch` for a fork) to `base`, by default the default branch."""
        with self.store.lock:
            found = self.repository(repo)
            proposal = pulls.Proposal(title, head, base or found.default_branch, body, draft)
            return pulls.create(self.world, as_user(self._user(login)), found, proposal)

    def open_issue(
        self, repo: Repository | str, title: str, login: str, body: str | None = None, labels: Sequence[str] = ()
    ) -> Issue:
        """Open an issue."""
        with self.store.lock:
            actor = as_user(self._user(login))
            return issues.create(self.world, actor, self.repository(repo), title, body, labels)

    def comment(self, repo: Repository | str, number: int, login: str, body: str) -> Comment:
        """Comment on an issue or a pull request."""
        with self.store.lock:
            return comments.create(self.world, as_user(self._user(login)), self.issue(repo, number), body)

    def edit_comment(self, comment_id: int, login: str, body: str) -> Comment:
        """Edit a comment."""
        with self.store.lock:
            found = self.store.comments[comment_id]
            return comments.edit(self.world, as_user(self._user(login)), found, body)

    def delete_comment(self, comment_id: int, login: str) -> None:
        """Delete a comment."""
        with self.store.lock:
            comments.delete(self.world, as_user(self._user(login)), self.store.comments[comment_id])

    def label(self, repo: Repository | str, number: int, login: str, names: Sequence[str]) -> Issue:
        """Give an issue or a pull request exactly these labels."""
        with self.store.lock:
            return comments.set_labels(self.world, as_user(self._user(login)), self.issue(repo, number), names)

    def review(
        self,
        repo: Repository | str,
        number: int,
        login: str,
        event: str,
        body: str = "",
        remarks: Sequence[reviews.Remark] = (),
    ) -> Review:
        """Review: APPROVE, REQUEST_CHANGES or COMMENT."""
        with self.store.lock:
            actor = as_user(self._user(login))
            return reviews.submit(self.world, actor, self.issue(repo, number), event, body, remarks)

    def close(self, repo: Repository | str, number: int, login: str) -> Issue:
        """Close an issue, or a pull request without merging."""
        return self._set_state(repo, number, login, "closed")

    def reopen(self, repo: Repository | str, number: int, login: str) -> Issue:
        """Reopen an issue or a pull request."""
        return self._set_state(repo, number, login, "open")

    def _set_state(self, repo: Repository | str, number: int, login: str, state: str) -> Issue:
        with self.store.lock:
            found, actor = self.issue(repo, number), as_user(self._user(login))
            if found.pull is None:
                return issues.set_state(self.world, actor, found, state, None)
            return pulls.set_state(self.world, actor, found, state)

    def edit_pull_request(
        self,
        repo: Repository | str,
        number: int,
        login: str,
        title: str | None = None,
        body: str | None = None,
        base: str | None = None,
    ) -> Issue:
        """Change title, body or base."""
        with self.store.lock:
            actor = as_user(self._user(login))
            return pulls.edit(self.world, actor, self.issue(repo, number), title, body, base)

    def set_draft(self, repo: Repository | str, number: int, login: str, draft: bool) -> Issue:
        """Convert to a draft, or mark as ready for review."""
        with self.store.lock:
            return pulls.set_draft(self.world, as_user(self._user(login)), self.issue(repo, number), draft)

    def merge(self, repo: Repository | str, number: int, login: str, method: str = "merge") -> Issue:
        """Merge, squash or rebase. Raises Refused with 405 when protection or a conflict stands in the way."""
        with self.store.lock:
            return merging.merge(self.world, as_user(self._user(login)), self.issue(repo, number), method)

    def merge_blockers(self, repo: Repository | str, number: int) -> list[str]:
        """Why it cannot be merged now; empty when it can."""
        with self.store.lock:
            return merging.blockers(self.world, self.issue(repo, number))

    def press_button(self, check_run_id: int, identifier: str, login: str) -> None:
        """Press a button of a check run."""
        with self.store.lock:
            checks.press(self.world, as_user(self._user(login)), self.store.runs[check_run_id], identifier)

    def rerequest(self, check_run_id: int, login: str) -> None:
        """Ask for a check run to be run again."""
        with self.store.lock:
            checks.rerequest(self.world, as_user(self._user(login)), self.store.runs[check_run_id])

    def rerequest_suite(self, suite_id: int, login: str) -> None:
        """Ask for all checks of a suite to be run again."""
        with self.store.lock:
            checks.rerequest_suite(self.world, as_user(self._user(login)), self.store.suites[suite_id])

    # --- looking in ---

    def issue(self, repo: Repository | str, number: int) -> Issue:
        """An issue or a pull request as it is now."""
        found = self.store.issue_numbered(self.repository(repo), number)
        if found is None:
            raise LookupError(f"{repo} has no #{number}")
        return found

    def comments(self, repo: Repository | str, number: int) -> list[Comment]:
        """The conversation's comments, oldest first."""
        issue = self.issue(repo, number)
        return self.store.comments.where(lambda one: one.issue_id == issue.id)

    def reviews(self, repo: Repository | str, number: int) -> list[Review]:
        """The reviews, oldest first."""
        issue = self.issue(repo, number)
        return self.store.reviews.where(lambda one: one.issue_id == issue.id)

    def review_comments(self, repo: Repository | str, number: int) -> list[ReviewComment]:
        """The comments on the diff, oldest first."""
        issue = self.issue(repo, number)
        return self.store.review_comments.where(lambda one: one.issue_id == issue.id)

    def check_runs(self, repo: Repository | str, sha: str) -> list[CheckRun]:
        """All check runs on a commit, oldest first."""
        found = self.repository(repo)
        return self.store.runs.where(lambda run: run.repository_id == found.id and run.head_sha == sha)

    def check_suites(self, repo: Repository | str, sha: str) -> list[CheckSuite]:
        """All check suites on a commit, oldest first."""
        found = self.repository(repo)
        return self.store.suites.where(lambda suite: suite.repository_id == found.id and suite.head_sha == sha)

    def deliveries_idle(self, timeout: float) -> bool:
        """Wait until no webhook is queued, held back or in flight; False if that took longer than `timeout` seconds."""
        return self.webhooks.idle(timeout)

    def on_write(self, observer: Observer) -> Callable[[], None]:
        """Call an observer before and after each write of an App; the answer stops it. See `journal.Observer`."""
        return self.journal.on_write(observer)

    def actor(self, login: str) -> Actor:
        """That person, as the functions in `changes` want it."""
        return as_user(self._user(login))

    def _user(self, login: str) -> User:
        found = self.store.user_named(login)
        if found is None:
            raise LookupError(f"the hub has no user {login}; add_user() first")
        return found
