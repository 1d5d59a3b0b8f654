"""The protocols that adapters fulfil. Each method says what it guarantees and which errors it raises.

Repeating any call with equal arguments after a crash changes nothing more: writes find what they wrote before.
Blocking methods are plain functions (workflows run them in threads); what must be cancellable is a coroutine.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from bot.core.chat import Message, ModelReply, ModelRequest
from bot.core.events.model import Command, Delivery
from bot.core.policy.model import EnvironmentConfig
from bot.core.proofs.model import Executed, Harness, StoppedBy
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
from bot.core.runs import Run, RunState, Spent, Stage
from bot.ids import (
    AgentKey,
    CheckRunId,
    CommandId,
    CommentId,
    DeliveryId,
    Digest,
    InstallationId,
    PrNumber,
    RepoId,
    ReviewId,
    RunId,
    Sha,
    TreeSha,
)


class Clock(Protocol):
    """Time as a port, so that tests own it."""

    def now(self) -> datetime:
        """The current time, timezone-aware, UTC."""
        ...


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

    def react(self, repo: RepoRef, target: ReactionTarget, target_id: int, content: str) -> None:
        """Our reaction (`eyes`, `+1`, `confused`, `rocket`) stands. `target_id`: issue number or comment id."""
        ...


class Tokens(Protocol):
    """Who hands out git credentials. Tokens are cached until shortly before they expire, one lock per key."""

    def git_token(self, repo: RepoRef, *, write: bool) -> Token | None:
        """A token for exactly this repository (`contents: read` or `write`); None where git needs none (a local clone)."""
        ...


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """A file in a tree. `mode` is git's six digits as text (`100644`, `100755`, `120000`, `160000`)."""

    path: str
    mode: str
    blob: str
    size: int


class ChangeKind(StrEnum):
    ADDED = "A"
    MODIFIED = "M"
    DELETED = "D"
    RENAMED = "R"
    TYPE = "T"


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """One path of a tree diff, without rename detection unless asked for. Modes are `000000` where a side has no file."""

    kind: ChangeKind
    path: str
    old_mode: str
    new_mode: str
    blob: str


@dataclass(frozen=True, slots=True)
class Authorship:
    """Who made a commit and when. Given, never taken from the clock: equal inputs make an equal SHA."""

    name: str
    email: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Checkout:
    """A directory with the files of a tree, and its private git directory elsewhere.

    `path` is laid into the box as /ws. `box_uid` is the uid that owns the files when the service runs as root, else None.
    """

    repo_id: RepoId
    path: Path
    git_dir: Path
    box_uid: int | None


class Git(Protocol):
    """Git on bare mirrors, one a repository, each behind a lock; the only place that ever sees a token.

    Nothing that a pull request brings (hooks, filters, fsmonitor, nested repositories, attributes) executes on the host. Refs and paths are
    never options. Raises `NotThere` for unknown objects, `Transient` for network trouble, `Unsafe` for hostile input, `LeaseLost` on push.
    """

    def fetch(
        self, repo: RepoRef, commits: Sequence[Sha], *, pull: PrNumber | None = None, branch: str | None = None
    ) -> None:
        """The commits and their history are in the mirror. Asked by SHA; `pull` and `branch` name refs that may hold them."""
        ...

    def branch_head(self, repo: RepoRef, branch: str) -> Sha | None:
        """Where the remote's branch stands now, asked afresh; None when there is none."""
        ...

    def merge_base(self, repo: RepoRef, a: Sha, b: Sha) -> Sha: ...

    def tree(self, repo: RepoRef, commit: Sha) -> TreeSha: ...

    def entries(self, repo: RepoRef, tree: TreeSha) -> tuple[TreeEntry, ...]:
        """All files below the tree, recursively, in path order."""
        ...

    def read(self, repo: RepoRef, tree: TreeSha, path: str, *, limit: int = 1_048_576) -> bytes | None:
        """A regular file's bytes; None when there is no such regular file. Larger than `limit`: `Unsafe`."""
        ...

    def changed(self, repo: RepoRef, old: TreeSha, new: TreeSha) -> tuple[ChangedFile, ...]: ...

    def diff(self, repo: RepoRef, old: TreeSha, new: TreeSha) -> str:
        """A unified text diff (3 lines of context, renames detected, no external drivers), decoded with replacement."""
        ...

    def with_files(self, repo: RepoRef, tree: TreeSha, put: Mapping[str, TreeEntry], drop: Sequence[str]) -> TreeSha:
        """A new tree: `tree` with the entries of `put` laid over it (by path) and the paths of `drop` removed."""
        ...

    def checkout(self, repo: RepoRef, tree: TreeSha, name: str) -> Checkout:
        """A fresh checkout of exactly that tree under a meaningless path; one left over under `name` is thrown away first.

        New symlinks are written as git has them; nothing is executed. Owned by an own box uid when we are root.
        """
        ...

    def snapshot(self, checkout: Checkout) -> TreeSha:
        """The checkout's files as a tree in its private git directory, ignoring `.git` and what git's standard ignores of the *base*
        tree leave out. Fast when nothing changed."""
        ...

    def bundle(self, checkout: Checkout, snapshot: TreeSha, base: TreeSha) -> bytes:
        """What another machine needs to rebuild `snapshot` when its mirror has `base`; opaque."""
        ...

    def restore(self, checkout: Checkout, snapshot: TreeSha, bundle: bytes) -> None:
        """The checkout's files are exactly `snapshot` again (untracked files removed)."""
        ...

    def keep_snapshot(self, checkout: Checkout, snapshot: TreeSha) -> TreeSha:
        """The snapshot's objects are in the mirror (checked by fsck), so that `changed`, `commit` and the rest work on it."""
        ...

    def discard(self, checkout: Checkout) -> None: ...

    def commit(self, repo: RepoRef, tree: TreeSha, parents: Sequence[Sha], message: str, author: Authorship) -> Sha:
        """A commit in the mirror, kept alive by a ref. Equal arguments give the same SHA."""
        ...

    def push(self, repo: RepoRef, commit: Sha, branch: str, *, expected: Sha | None) -> None:
        """The remote's `branch` points at `commit`. `expected` is where it must stand before (None: it must not exist). Already there: fine,
        nothing is sent. Anything else: `LeaseLost`. A refusal by the server's rules: `Refused` with its words."""
        ...


@dataclass(frozen=True, slots=True)
class Bind:
    """A host directory laid read-only into the box."""

    host: Path
    box: str


@dataclass(frozen=True, slots=True)
class Environment:
    """What a repository needs to run its checks, prepared before and read-only in the box. `digest` names its content."""

    digest: Digest
    path: tuple[str, ...]
    binds: tuple[Bind, ...]
    variables: tuple[tuple[str, str], ...]
    description: str


class Environments(Protocol):
    async def prepare(self, repo: RepoRef, config: EnvironmentConfig, files: Mapping[str, bytes]) -> Environment:
        """An environment for a tree; `files` are the manifests (`pyproject.toml`, `requirements*.txt`, …) of the **base** tree.

        Cached by content. May use the network; executes nothing of the repository (wheels only). Raises `EnvironmentFault`.
        """
        ...


@dataclass(frozen=True, slots=True)
class BoxLimits:
    """Limits on one command in the box. Output beyond `output_bytes` is thrown away, beyond 64 MiB it kills."""

    seconds: float
    memory_bytes: int = 1 << 30
    output_bytes: int = 1 << 20
    processes: int = 256
    file_bytes: int = 512 << 20


@dataclass(frozen=True, slots=True)
class BoxResult:
    """How a command in the box ended. `exit_code` is None when a signal or we ended it. `output` is stdout and stderr interleaved, the first and
    last parts of it when longer than allowed. `report` is what the harness wrote, hostile."""

    exit_code: int | None
    stopped_by: StoppedBy
    output: bytes
    output_bytes: int
    output_digest: Digest
    seconds: float
    report: bytes = b""
    broken: str = ""


@dataclass(frozen=True, slots=True)
class SandboxState:
    """What this machine can do. `mode` is `bubblewrap`, `off` or `none`; `problems` are sentences with what to do."""

    mode: str
    detail: str
    problems: tuple[str, ...]

    @property
    def usable(self) -> bool:
        return self.mode in ("bubblewrap", "off")


class Sandbox(Protocol):
    """The box in which untrusted code runs: no network, no credentials, only the checkout writable."""

    def probe(self) -> SandboxState:
        """Tried out for real, once a process."""
        ...

    async def run(
        self,
        checkout: Checkout,
        argv: Sequence[str],
        *,
        environment: Environment,
        limits: BoxLimits,
        writable: bool = True,
        harness: Harness | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> BoxResult:
        """Run to the end. Cancelling the coroutine kills the whole process tree before it returns. Raises `SandboxUnavailable`."""
        ...

    def read(self, checkout: Checkout, path: str, *, limit: int) -> bytes:
        """A regular file below the checkout, opened without following links. `NotThere`, `Unsafe`."""
        ...

    def write(self, checkout: Checkout, path: str, data: bytes) -> None:
        """Create or replace a regular file below the checkout (folders made), keeping its mode, owned so that the box may change it. `Unsafe`."""
        ...


class Model(Protocol):
    async def complete(self, request: ModelRequest) -> ModelReply:
        """One finished answer. Retries transient faults itself, capped in count and in wait, then `Transient`/`RateLimited` with seconds, or
        `ModelFault`. A missing finish reason is an error. Cancelling aborts the request."""
        ...

    def knows_price(self, model: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A checkout's state with a turn: `tree` and the bundle that rebuilds it on another machine."""

    tree: TreeSha
    bundle: bytes


@dataclass(frozen=True, slots=True)
class Transcript:
    """An agent's past, as far as it is safe. `messages` ends with the last stored message; `snapshot` belongs to that point.
    `turns` counts stored model replies, `spent` what they cost."""

    messages: tuple[Message, ...]
    snapshot: Snapshot | None
    turns: int
    spent: Spent
    finished: str = ""


class AgentJournal(Protocol):
    """Where an agent's turns are kept, so that no finished model call is ever paid again."""

    def load(self, agent: AgentKey) -> Transcript: ...

    def append(
        self,
        agent: AgentKey,
        messages: Sequence[Message],
        *,
        reply: ModelReply | None = None,
        snapshot: Snapshot | None = None,
    ) -> None:
        """In one transaction: the messages, the reply's cost and the snapshot. Appending follows what is there."""
        ...

    def finish(self, agent: AgentKey, outcome: str) -> None:
        """The agent's outcome (JSON of the agents room) is stored; `load` returns it as `finished`."""
        ...


class DeliveryStore(Protocol):
    """What the web process needs of the store."""

    def add_delivery(self, delivery: Delivery) -> bool:
        """Stored durably when it returns. False: this GUID was there already. Raises `Transient` when the database is down."""
        ...

    def ping(self) -> None:
        """Raises `Transient` when the database is down."""
        ...


@dataclass(frozen=True, slots=True)
class HeadSeen:
    sha: Sha
    seen_at: datetime


class Store(DeliveryStore, AgentJournal, Protocol):
    """Everything the worker keeps. Each method is one transaction; raises `Transient` when the database is down."""

    def pending_deliveries(self, limit: int) -> tuple[Delivery, ...]:
        """Not yet understood, oldest first."""
        ...

    def settle_delivery(
        self,
        delivery: DeliveryId,
        outcome: str,
        commands: Sequence[Command],
        heads: Sequence[tuple[RepoId, PrNumber, Sha]],
    ) -> None:
        """In one transaction: the delivery is done with this outcome, its commands (unique by id) and heads are recorded."""
        ...

    def add_command(self, command: Command) -> bool:
        """False: a command with this id was there already."""
        ...

    def pending_commands(self, limit: int) -> tuple[Command, ...]: ...

    def settle_command(self, command: CommandId, outcome: str) -> None: ...

    def heads(self, repo: RepoId, number: PrNumber) -> tuple[HeadSeen, ...]:
        """Every head seen of a pull request, oldest first."""
        ...

    def see_head(self, repo: RepoId, number: PrNumber, sha: Sha) -> None: ...

    def create_run(self, run: Run) -> Run:
        """The run, or the one that is there under its unique key. Raises `Refused` while another live run writes the same head branch."""
        ...

    def run(self, run: RunId) -> Run | None: ...

    def runs_of(self, repo: RepoId, number: PrNumber) -> tuple[Run, ...]:
        """All runs of a pull request, oldest first."""
        ...

    def runs_at(self, repo: RepoId, head: Sha) -> tuple[Run, ...]:
        """All runs of any pull request that start at this commit or whose candidate it is, oldest first."""
        ...

    def beat(self, worker: str) -> None:
        """This worker process lives, now (by the database's clock where there is one)."""
        ...

    def workers(self, within_seconds: float) -> tuple[str, ...]:
        """The worker processes whose last beat is no older than that."""
        ...

    def forget_worker(self, worker: str) -> None: ...

    def recent_runs(self, limit: int) -> tuple[Run, ...]: ...

    def update_run(
        self,
        run: RunId,
        *,
        state: RunState | None = None,
        stage: Stage | None = None,
        reason: str | None = None,
        candidate: Sha | None = None,
        published: bool | None = None,
    ) -> Run:
        """Change what is given. An ended run never becomes live again: such a change is ignored. Ending sets `ended_at` and frees the branch."""
        ...

    def run_of_candidate(self, repo: RepoId, sha: Sha) -> RunId | None:
        """Whose candidate (also an unpublished or replaced one) this commit is."""
        ...

    def spent(self, run: RunId) -> Spent:
        """The sum over all of a run's model calls."""
        ...

    def executed(self, key: Digest) -> Executed | None: ...

    def keep_executed(self, executed: Executed) -> None: ...

    def keep_note(self, run: RunId, kind: str, body: str) -> None:
        """A run's own notes: versioned JSON of the codecs (`report`, `verification`, `review`, …), one a kind, replaced when written again."""
        ...

    def note(self, run: RunId, kind: str) -> str | None: ...

    def append_ledger(self, repo: RepoId, number: PrNumber, key: str, body: str) -> str:
        """Append a record to the pull request's chain, once for each `key`; returns the hash of the chain's head."""
        ...

    def ledger(self, repo: RepoId, number: PrNumber) -> tuple[tuple[int, str, str, str], ...]:
        """(sequence from 1, previous hash, hash, body), in order."""
        ...

    def keep_post(self, key: str, remote_id: int) -> None:
        """The id GitHub gave to something we wrote, by our own key (`check/NAME/SHA/RUN`, `comment/REPO/PR/KIND`)."""
        ...

    def post(self, key: str) -> int | None: ...

    def emit(self, run: RunId, kind: str, data: str) -> int:
        """One live event of a run, numbered from 1; the number."""
        ...

    def events(self, run: RunId, after: int = 0) -> tuple[tuple[int, datetime, str, str], ...]:
        """(number, time, kind, data) with a number greater than `after`."""
        ...
