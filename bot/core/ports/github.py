"""GitHub as our App sees it, and who hands out its git credentials."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.core.ci import CiCheck
from bot.core.feedback.model import Conversation
from bot.core.pace import Importance
from bot.core.policy.branch_rules import BranchRules
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
from bot.ids import CheckRunId, CommentId, InstallationId, PrNumber, RepoId, ReviewId, Sha


@dataclass(frozen=True, slots=True)
class SignedCommit:
    """A commit that GitHub is to make on a branch of the repository, directly on `expected`. `mark` is a whole line of the message that no other
    commit has: by it the commit is found again. `put` are plain files with their bytes, `drop` paths that go."""

    branch: str
    expected: Sha
    message: str
    mark: str
    put: Mapping[str, bytes]
    drop: Sequence[str]


class GitHub(Protocol):
    """GitHub as our App sees it.

    Reads: one automatic retry on a broken connection, then `Transient`. Writes are safe to repeat: after an unclear answer (5xx, reset)
    the adapter looks whether the write landed before it tries again, a bounded number of times. All raise `RateLimited` with seconds,
    `NotThere` for 404, `Refused` for 403 that is no limit, `Transient` for the rest. No call sleeps longer than a few seconds.
    """

    def app(self) -> AppIdentity: ...

    def repository(self, installation: InstallationId, repo_id: RepoId) -> Repository: ...

    def pull_request(self, repo: RepoRef, number: PrNumber) -> PullRequest: ...

    def open_pull_requests(self, repo: RepoRef) -> tuple[PullRequest, ...]:
        """Every open pull request, all pages."""
        ...

    def issue(self, repo: RepoRef, number: PrNumber) -> Issue:
        """An issue (or the conversation of a pull request) with all its comments."""
        ...

    def pull_request_from(self, repo: RepoRef, branch: str) -> PullRequest | None:
        """The newest pull request from that branch of the repository itself, open or not; None when there is none."""
        ...

    def open_pull_request(self, repo: RepoRef, draft: PullDraft) -> PullRequest:
        """The open pull request from that branch: the one that is there, else a new one, as a draft where the repository has drafts."""
        ...

    def edit_pull_request(self, repo: RepoRef, number: PrNumber, body: str) -> None:
        """The pull request has this body."""
        ...

    def remove_label(self, repo: RepoRef, number: PrNumber, label: str) -> None:
        """The issue does not have that label."""
        ...

    def permission(self, repo: RepoRef, person: Person) -> Permission:
        """Effective permission by the collaborator endpoint's `role_name`; NONE for 404, 403, 5xx and when the answer's user id is
        not `person.user_id` (fail closed). Never `author_association`."""
        ...

    def file(self, repo: RepoRef, path: str, ref: str) -> bytes | None:
        """A file's content at a branch or SHA; None when there is none. At most 1 MiB, else `Refused`."""
        ...

    def put_check(self, repo: RepoRef, draft: CheckDraft, known: CheckRunId | None = None) -> CheckRunId:
        """Make the check run be as drafted: found by `known`, or by (head, name, our App, external_id), else created.

        A completed run of ours is never reopened: a draft with another `external_id` makes a new run. Annotations go in batches of 50 and
        are counted before a batch is repeated, so that none appears twice.
        """
        ...

    def checks(self, repo: RepoRef, head: Sha, name: str) -> tuple[CheckSeen, ...]:
        """Our own App's check runs of that name on that commit, newest first."""
        ...

    def foreign_checks(self, repo: RepoRef, head: Sha) -> tuple[CiCheck, ...]:
        """What others report on a commit: the newest of every other App's check runs, and commit statuses where we may read them."""
        ...

    def annotations(self, repo: RepoRef, check: CheckRunId) -> tuple[Annotation, ...]:
        """What a check run, also another App's, says about lines; a bounded number, first ones first."""
        ...

    def check_log(self, repo: RepoRef, check: CheckRunId) -> str | None:
        """The part of the log behind a check run that says why it failed, as visible text; None where it cannot be had. A stranger's words."""
        ...

    def put_comment(
        self, repo: RepoRef, number: PrNumber, marker: str, body: str, importance: Importance = Importance.WORD
    ) -> CommentId:
        """The one comment by us that carries `marker` (a hidden HTML comment, first line of the body) has this body: edited or created.

        `SIGN` for an edit that the next one replaces anyway: it is the first to be refused when GitHub's limits come near.
        """
        ...

    def put_review(self, repo: RepoRef, number: PrNumber, draft: ReviewDraft) -> ReviewId:
        """One COMMENT review by us carries `draft.marker`. When GitHub refuses the inline comments (422), they go into the body."""
        ...

    def branch_rules(self, repo: RepoRef, branch: str) -> BranchRules:
        """What the branch demands, as far as we may know: protection of the older kind is shown to administrators only."""
        ...

    def commit_signed(self, repo: RepoRef, wanted: SignedCommit) -> Sha:
        """The branch's tip is the wanted commit, made and signed by GitHub; its SHA. Raises `LeaseLost` when the branch is at neither."""
        ...

    def mark_ready(self, repo: RepoRef, number: PrNumber) -> None:
        """The pull request is no draft any more; for one that is none, nothing changes."""
        ...

    def conversation(self, repo: RepoRef, number: PrNumber) -> Conversation:
        """Every submitted review and every thread on the diff, oldest first, with all comments."""
        ...

    def put_reply(self, repo: RepoRef, number: PrNumber, root: CommentId, marker: str, body: str) -> CommentId:
        """One comment by us in the thread that the comment `root` began carries `marker` on its first line; one that is there is left as it is."""
        ...

    def resolve_thread(self, repo: RepoRef, thread_id: str) -> None:
        """The thread is resolved; for one that is already, nothing changes."""
        ...

    def react(self, repo: RepoRef, target: ReactionTarget, target_id: int, content: str) -> None:
        """Our reaction (`eyes`, `+1`, `confused`, `rocket`) stands. `target_id`: issue number or comment id."""
        ...


class Tokens(Protocol):
    """Who hands out git credentials. Tokens are cached until shortly before they expire, one lock per key."""

    def git_token(self, repo: RepoRef, *, write: bool) -> Token | None:
        """A token for exactly this repository (`contents: read` or `write`); None where git needs none (a local clone)."""
        ...
