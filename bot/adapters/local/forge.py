"""The GitHub port on a local clone: checks, comment and review stay in memory, where the terminal reads them."""

import zlib
from dataclasses import dataclass, field
from threading import Lock

from bot.adapters.local.clone import Clone, LocalWork
from bot.core.ci import CiCheck
from bot.core.feedback.model import Conversation
from bot.core.pace import Importance
from bot.core.policy.branch_rules import BranchRules
from bot.core.ports import SignedCommit
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
    Token,
)
from bot.errors import NotThere, Refused
from bot.ids import CheckRunId, CommentId, InstallationId, PrNumber, RepoId, ReviewId, Sha, UserId

THE_USER = Person(UserId(0), "you")
"""Whoever sits at the keyboard; the clone is theirs, so they may do anything with it. No account of GitHub has the number 0."""

ONLY_PULL = PrNumber(1)


@dataclass
class LocalForge:
    """One clone, one piece of work, presented as pull request 1."""

    clone: Clone
    work: LocalWork
    checks_by_id: dict[CheckRunId, CheckDraft] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    reviews: dict[str, ReviewDraft] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    @property
    def repo(self) -> RepoRef:
        """The clone as a repository; its id follows from its place, so that mirrors of two clones never mix."""
        identity = RepoId(zlib.crc32(str(self.clone.root).encode()))
        return RepoRef(InstallationId(0), identity, "local", self.clone.root.name or "clone")

    def app(self) -> AppIdentity:
        return AppIdentity(0, "specbot", Person(UserId(2), "specbot[bot]", is_bot=True))

    def repository(self, installation: InstallationId, repo_id: RepoId) -> Repository:
        return Repository(self.repo, default_branch=str(self.work.base), private=True, html_url="")

    def pull_request(self, repo: RepoRef, number: PrNumber) -> PullRequest:
        if number != ONLY_PULL:
            raise NotThere(f"a local clone has no pull request {number}", hint="it is always number 1")
        return PullRequest(
            repo=self.repo,
            number=ONLY_PULL,
            title=self.work.spec_path,
            body="",
            is_open=True,
            merged=False,
            draft=False,
            head_sha=self.clone.branch_head(self.work.branch) or self.work.head,
            head_ref=self.work.branch,
            head_repo_id=self.repo.repo_id,
            base_sha=self.work.base,
            base_ref=str(self.work.base),
            author=THE_USER,
            html_url="",
        )

    def open_pull_requests(self, repo: RepoRef) -> tuple[PullRequest, ...]:
        return (self.pull_request(repo, ONLY_PULL),)

    def issue(self, repo: RepoRef, number: PrNumber) -> Issue:
        raise NotThere("a local clone has no issues", hint="write a spec with `specbot new`")

    def pull_request_from(self, repo: RepoRef, branch: str) -> PullRequest | None:
        return self.pull_request(repo, ONLY_PULL) if branch == self.work.branch else None

    def open_pull_request(self, repo: RepoRef, draft: PullDraft) -> PullRequest:
        raise NotThere("a local clone has one pull request, and no more can be opened", hint="it is always number 1")

    def edit_pull_request(self, repo: RepoRef, number: PrNumber, body: str) -> None:
        """Nobody reads it here."""

    def remove_label(self, repo: RepoRef, number: PrNumber, label: str) -> None:
        """Nothing has labels here."""

    def permission(self, repo: RepoRef, person: Person) -> Permission:
        return Permission.ADMIN

    def file(self, repo: RepoRef, path: str, ref: str) -> bytes | None:
        return self.clone.file(ref, path)

    def put_check(self, repo: RepoRef, draft: CheckDraft, known: CheckRunId | None = None) -> CheckRunId:
        with self._lock:
            for number, have in self.checks_by_id.items():
                if (have.name, have.head_sha, have.external_id) == (draft.name, draft.head_sha, draft.external_id):
                    self.checks_by_id[number] = draft
                    return number
            number = CheckRunId(len(self.checks_by_id) + 1)
            self.checks_by_id[number] = draft
            return number

    def checks(self, repo: RepoRef, head: Sha, name: str) -> tuple[CheckSeen, ...]:
        with self._lock:
            return tuple(
                CheckSeen(number, draft.name, draft.head_sha, draft.external_id, draft.status, draft.conclusion)
                for number, draft in reversed(self.checks_by_id.items())
                if draft.head_sha == head and draft.name == name
            )

    def foreign_checks(self, repo: RepoRef, head: Sha) -> tuple[CiCheck, ...]:
        return ()

    def annotations(self, repo: RepoRef, check: CheckRunId) -> tuple[Annotation, ...]:
        return ()

    def check_log(self, repo: RepoRef, check: CheckRunId) -> str | None:
        return None

    def put_comment(
        self, repo: RepoRef, number: PrNumber, marker: str, body: str, importance: Importance = Importance.WORD
    ) -> CommentId:
        with self._lock:
            self.comments[marker] = body
            return CommentId(list(self.comments).index(marker) + 1)

    def put_review(self, repo: RepoRef, number: PrNumber, draft: ReviewDraft) -> ReviewId:
        with self._lock:
            self.reviews.setdefault(draft.marker, draft)
            return ReviewId(list(self.reviews).index(draft.marker) + 1)

    def branch_rules(self, repo: RepoRef, branch: str) -> BranchRules:
        return BranchRules()

    def commit_signed(self, repo: RepoRef, wanted: SignedCommit) -> Sha:
        raise Refused("a local clone has nobody who signs", hint="use `commits: push`")

    def mark_ready(self, repo: RepoRef, number: PrNumber) -> None:
        """A local clone's pull request is never a draft."""

    def conversation(self, repo: RepoRef, number: PrNumber) -> Conversation:
        """Nobody reviews on a local clone."""
        return Conversation()

    def put_reply(self, repo: RepoRef, number: PrNumber, root: CommentId, marker: str, body: str) -> CommentId:
        raise NotThere("a local clone has no threads", hint="report this")

    def resolve_thread(self, repo: RepoRef, thread_id: str) -> None:
        raise NotThere("a local clone has no threads", hint="report this")

    def react(self, repo: RepoRef, target: ReactionTarget, target_id: int, content: str) -> None:
        """Nobody to wave at."""

    def git_token(self, repo: RepoRef, *, write: bool) -> Token | None:
        return None
