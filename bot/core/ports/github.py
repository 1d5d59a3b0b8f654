"""GitHub as our App sees it, and who hands out its git credentials."""

from typing import Protocol

from bot.core.feedback.model import Conversation
from bot.core.pulls import (
    AppIdentity,
    CheckDraft,
    CheckSeen,
    Permission,
    Person,
    PullRequest,
    ReactionTarget,
    RepoRef,
    Repository,
    ReviewDraft,
    Token,
)
from bot.ids import CheckRunId, CommentId, InstallationId, PrNumber, RepoId, ReviewId, Sha


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

    def put_comment(self, repo: RepoRef, number: PrNumber, marker: str, body: str) -> CommentId:
        """The one comment by us that carries `marker` (a hidden HTML comment, first line of the body) has this body: edited or created."""
        ...

    def put_review(self, repo: RepoRef, number: PrNumber, draft: ReviewDraft) -> ReviewId:
        """One COMMENT review by us carries `draft.marker`. When GitHub refuses the inline comments (422), they go into the body."""
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
