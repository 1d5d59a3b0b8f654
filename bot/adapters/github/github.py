"""The `GitHub` and `Tokens` ports for one App, put together."""

import threading
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from bot.adapters.clock import SystemClock
from bot.adapters.github import deliveries, drafts, foreign_checks, issues, permissions, pulls, reactions, rules, signed
from bot.adapters.github.answers import Body, bodies
from bot.adapters.github.app_key import AppKey
from bot.adapters.github.checks import Checks
from bot.adapters.github.client import PAUSES, Client
from bot.adapters.github.comments import Comments
from bot.adapters.github.deliveries import WINDOW, WINDOW_ENTERPRISE, CatchUp
from bot.adapters.github.graphql import GraphQL
from bot.adapters.github.job_logs import JobLogs
from bot.adapters.github.paced import Gate
from bot.adapters.github.reviews import Reviews
from bot.adapters.github.threads import Threads
from bot.adapters.github.tokens import InstallationTokens, Purpose, TokenKey
from bot.adapters.github.transport import Transport
from bot.core.ci import CiCheck
from bot.core.ci_log import failing_part
from bot.core.feedback.model import Conversation
from bot.core.pace import Importance
from bot.core.policy.branch_rules import BranchRules
from bot.core.ports import Clock, SignedCommit
from bot.core.pulls import (
    Annotation,
    AppIdentity,
    CheckDraft,
    CheckSeen,
    Issue,
    Permission,
    Person,
    PullDraft,
    PullRequest,
    ReactionTarget,
    RepoRef,
    Repository,
    ReviewDraft,
    Secret,
    Token,
)
from bot.errors import Transient
from bot.ids import CheckRunId, CommentId, InstallationId, PrNumber, RepoId, ReviewId, Sha

GITHUB_COM_API = "api.github.com"


class AppGitHub:
    """GitHub as one App sees it; fulfils `GitHub` and `Tokens`. Safe from any number of threads; asks nothing before its first use.

    `pauses` are the seconds before looking again after an unclear write. Without a `gate` nothing is paced. `log_hosts`: see `JobLogs`. Raises `ConfigFault` for a key that is none.
    """

    def __init__(
        self,
        api_url: str,
        app_id: int,
        private_key: Secret,
        *,
        clock: Clock | None = None,
        pauses: Sequence[float] = PAUSES,
        gate: Gate | None = None,
        log_hosts: tuple[str, ...] = (),
    ) -> None:
        self._clock = clock or SystemClock()
        self._window = WINDOW if urlsplit(api_url).hostname == GITHUB_COM_API else WINDOW_ENTERPRISE
        self._transport = Transport(api_url)
        key = AppKey(app_id, private_key, self._clock)
        self._tokens = InstallationTokens(self._transport, key, self._clock)
        self._client = Client(self._transport, key, self._tokens, self._clock, pauses, gate)
        self.graphql = GraphQL(self._client)
        self._logs = JobLogs(self._client, api_url, log_hosts)
        self._checks = Checks(self._client)
        self._comments = Comments(self._client, self.app)
        self._reviews = Reviews(self._client, self.app)
        self._threads = Threads(self._client, self.app)
        self._identity: AppIdentity | None = None
        self._identity_lock = threading.Lock()

    def close(self) -> None:
        """Close the idle sockets."""
        self._transport.close()

    def app(self) -> AppIdentity:
        """Who we are; asked once."""
        with self._identity_lock:
            if self._identity is None:
                self._identity = self._ask_who_we_are()
            return self._identity

    def repository(self, installation: InstallationId, repo_id: RepoId) -> Repository:
        return pulls.repository(self._client, installation, repo_id)

    def pull_request(self, repo: RepoRef, number: PrNumber) -> PullRequest:
        return pulls.pull_request(self._client, repo, number)

    def open_pull_requests(self, repo: RepoRef) -> tuple[PullRequest, ...]:
        return pulls.open_pull_requests(self._client, repo)

    def issue(self, repo: RepoRef, number: PrNumber) -> Issue:
        return issues.issue(self._client, repo, number)

    def pull_request_from(self, repo: RepoRef, branch: str) -> PullRequest | None:
        return pulls.pull_request_from(self._client, repo, branch)

    def open_pull_request(self, repo: RepoRef, draft: PullDraft) -> PullRequest:
        return pulls.open_pull_request(self._client, repo, draft)

    def edit_pull_request(self, repo: RepoRef, number: PrNumber, body: str) -> None:
        pulls.edit_pull_request(self._client, repo, number, body)

    def remove_label(self, repo: RepoRef, number: PrNumber, label: str) -> None:
        issues.remove_label(self._client, repo, number, label)

    def permission(self, repo: RepoRef, person: Person) -> Permission:
        return permissions.permission(self._client, repo, person)

    def file(self, repo: RepoRef, path: str, ref: str) -> bytes | None:
        return pulls.file(self._client, repo, path, ref)

    def put_check(self, repo: RepoRef, draft: CheckDraft, known: CheckRunId | None = None) -> CheckRunId:
        return self._checks.put(repo, draft, known)

    def checks(self, repo: RepoRef, head: Sha, name: str) -> tuple[CheckSeen, ...]:
        return self._checks.seen(repo, head, name)

    def foreign_checks(self, repo: RepoRef, head: Sha) -> tuple[CiCheck, ...]:
        return foreign_checks.foreign_checks(self._client, repo, head)

    def annotations(self, repo: RepoRef, check: CheckRunId) -> tuple[Annotation, ...]:
        return foreign_checks.annotations(self._client, repo, check)

    def check_log(self, repo: RepoRef, check: CheckRunId) -> str | None:
        log = self._logs.end_of_log(repo, check)
        return failing_part(log) if log is not None else None

    def put_comment(
        self, repo: RepoRef, number: PrNumber, marker: str, body: str, importance: Importance = Importance.WORD
    ) -> CommentId:
        return self._comments.put(repo, number, marker, body, importance)

    def put_review(self, repo: RepoRef, number: PrNumber, draft: ReviewDraft) -> ReviewId:
        return self._reviews.put(repo, number, draft)

    def branch_rules(self, repo: RepoRef, branch: str) -> BranchRules:
        return rules.branch_rules(self._client, repo, branch)

    def commit_signed(self, repo: RepoRef, wanted: SignedCommit) -> Sha:
        return signed.commit_signed(self._client, self.graphql, repo, wanted)

    def mark_ready(self, repo: RepoRef, number: PrNumber) -> None:
        drafts.mark_ready(self._client, self.graphql, repo, number)

    def conversation(self, repo: RepoRef, number: PrNumber) -> Conversation:
        return self._threads.conversation(repo, number)

    def put_reply(self, repo: RepoRef, number: PrNumber, root: CommentId, marker: str, body: str) -> CommentId:
        return self._threads.reply(repo, number, root, marker, body)

    def resolve_thread(self, repo: RepoRef, thread_id: str) -> None:
        self._threads.resolve(repo, thread_id)

    def react(self, repo: RepoRef, target: ReactionTarget, target_id: int, content: str) -> None:
        reactions.react(self._client, repo, target, target_id, content)

    def git_token(self, repo: RepoRef, *, write: bool) -> Token | None:
        return self._tokens.git_token(repo, write=write)

    def redeliver_lost(self, since: datetime | None) -> CatchUp:
        """Ask GitHub for every delivery since the watermark that never arrived. At the worker's start and every few minutes."""
        return deliveries.redeliver_lost(self._client, self._clock, since, self._window)

    def _ask_who_we_are(self) -> AppIdentity:
        """`/app` takes the App's own signature, the bot's account any other: an installation's token where there is one."""
        app = Body(self._client.read_as_app("/app").data)
        slug = app.text("slug")
        if app.number("id") != self._client.app_id:
            raise Transient("GitHub takes us for another App", hint="is APP_ID that of PRIVATE_KEY?")
        path = pulls.user_path(f"{slug}[bot]")
        installed = bodies(self._client.read_as_app("/app/installations", parameters={"per_page": "100"}).data)
        active = [found for found in installed if found.text_or("suspended_at") == ""]
        if active:
            key = TokenKey(InstallationId(active[0].number("id")), None, Purpose.LOOK_AROUND)
            reply = self._client.read_as(key, path)
        else:
            reply = self._client.read_as_nobody(path)
        return AppIdentity(self._client.app_id, slug, pulls.bot_user(Body(reply.data)))
