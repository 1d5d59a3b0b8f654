"""What the database keeps."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.events.model import Command, Delivery
from bot.core.ports.model import AgentJournal
from bot.core.ports.purse import Purse
from bot.core.proofs.model import Executed
from bot.core.runs import BillLine, Run, RunState, Spent, Stage
from bot.ids import AgentKey, CommandId, DeliveryId, Digest, PrNumber, RepoId, RunId, Sha, TaskId


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


class Store(DeliveryStore, AgentJournal, Purse, Protocol):
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

    def recent_runs(
        self, limit: int, *, skip: int = 0, repos: Collection[RepoId] | None = None, live: bool = False
    ) -> tuple[Run, ...]:
        """The newest runs, newest first, after `skip` of them; only those of `repos` and only live ones when asked."""
        ...

    def repositories(self, limit: int) -> tuple[RepoId, ...]:
        """The repositories that have runs, the one with the newest run first."""
        ...

    def runs_like(self, text: str, limit: int) -> tuple[Run, ...]:
        """The runs that somebody may mean who writes `text`, newest first: a run's id or its beginning, or `owner/name#12`."""
        ...

    def update_run(
        self,
        run: RunId,
        *,
        state: RunState | None = None,
        stage: Stage | None = None,
        reason: str | None = None,
        candidate: Sha | None = None,
        published: bool | None = None,
        segment: int | None = None,
    ) -> Run:
        """Change what is given. An ended run never becomes live again: such a change is ignored. Ending sets `ended_at` and frees the branch."""
        ...

    def end_run(self, run: RunId, state: RunState, reason: str, at: datetime) -> Run:
        """End it as `update_run` does, `at` a moment that people have been told: what is said of it later says the same."""
        ...

    def rest(self, run: RunId, seconds: float) -> None:
        """So much of the run's time was a pause and no work: it is not counted. The one method that adds up when it is repeated."""
        ...

    def run_of_candidate(self, repo: RepoId, sha: Sha) -> RunId | None:
        """Whose candidate (also an unpublished or replaced one) this commit is."""
        ...

    def spent(self, run: RunId) -> Spent:
        """The sum over all of a run's model calls."""
        ...

    def models_used(self, run: RunId) -> tuple[str, ...]:
        """The models that answered in a run, as their endpoints call them, in the order of their first answers."""
        ...

    def bill(self, run: RunId) -> tuple[BillLine, ...]:
        """A run's model calls added up for each agent and model, in the order of their first calls."""
        ...

    def executed(self, key: Digest) -> Executed | None: ...

    def keep_executed(self, executed: Executed) -> None: ...

    def keep_note(self, run: RunId, kind: str, body: str) -> None:
        """A run's own notes: versioned JSON of the codecs (`report`, `verification`, `review`, …), one a kind, replaced when written again."""
        ...

    def note(self, run: RunId, kind: str) -> str | None: ...

    def note_kinds(self, run: RunId, beginning: str) -> tuple[str, ...]:
        """The kinds of a run's notes that begin so, sorted."""
        ...

    def keep_task_result(self, key: Digest, run: Run, task: TaskId, body: str) -> None:
        """What a task made, under a key of all that it was asked and given. The newest counts."""
        ...

    def task_result(self, key: Digest) -> str | None: ...

    def forget_task_result(self, run: RunId, task: TaskId) -> None:
        """What this run made of this task is not to be taken over by any other."""
        ...

    def append_ledger(self, repo: RepoId, number: PrNumber, key: str, body: str) -> str:
        """Append a record to the pull request's chain, once for each `key`; returns the hash of the chain's head."""
        ...

    def ledger(self, repo: RepoId, number: PrNumber) -> tuple[tuple[int, str, str, str], ...]:
        """(sequence from 1, previous hash, hash, body), in order."""
        ...

    def ledger_head(self, repo: RepoId, number: PrNumber) -> str:
        """The hash of the newest record of the pull request's chain, "" while it has none."""
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

    def last_event(self, run: RunId) -> int:
        """The number of the newest event; 0 while there is none."""
        ...

    def newest_events(
        self, run: RunId, limit: int, *, before: int | None = None, agent: AgentKey | None = None
    ) -> tuple[tuple[int, datetime, str, str], ...]:
        """The newest events in order, as `events` gives them; with numbers smaller than `before` and of one agent only when asked."""
        ...
