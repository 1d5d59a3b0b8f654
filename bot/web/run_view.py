"""Everything that a run's page shows, read from the store and put in order. Notes that another version wrote count as absent."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar
from urllib.parse import quote

from bot.core.codec import decode
from bot.core.feedback.work import REVIEW as ANSWERS
from bot.core.held import KIND as HELD
from bot.core.held import Held
from bot.core.plans.model import Plan, Task
from bot.core.plans.progress import Progress, TaskProgress, TaskState
from bot.core.proofs.model import Verification
from bot.core.runs import BillLine, Run, RunState, Spent, worked
from bot.core.terms import KIND as TERMS
from bot.core.terms import Terms
from bot.errors import Defect
from bot.ids import AgentKey, PrNumber, RepoId, RunId, TaskId, agent_parts
from bot.reporting.diff_lines import diff_lines
from bot.reporting.graph_picture import GraphPicture, graph_picture
from bot.reporting.happenings import Event, Happening, agent_name, happening

EVENTS_SHOWED = 300
"""The newest events on one page; older ones are a link away, and `specbot logs` has them all."""

PATCH_LINES = 1_500
"""Of a patch that waits, on the page: more than anybody reads in one go, and the file has all of it."""

PLAN, PROGRESS, VERIFICATION = "plan", "progress", "verification"
"""Kinds of notes that a run's steps leave (`bot.workflows.notes`); a test keeps both in step."""

T = TypeVar("T")


class RunReader(Protocol):
    """What the pages read of the store; the `Store` port says what each does."""

    def run(self, run: RunId) -> Run | None: ...

    def recent_runs(
        self, limit: int, *, skip: int = 0, repos: "frozenset[RepoId] | None" = None, live: bool = False
    ) -> tuple[Run, ...]: ...

    def repositories(self, limit: int) -> tuple[RepoId, ...]: ...

    def last_event(self, run: RunId) -> int: ...

    def events(self, run: RunId, after: int = 0) -> tuple[Event, ...]: ...

    def newest_events(
        self, run: RunId, limit: int, *, before: int | None = None, agent: AgentKey | None = None
    ) -> tuple[Event, ...]: ...

    def note(self, run: RunId, kind: str) -> str | None: ...

    def spent(self, run: RunId) -> Spent: ...

    def bill(self, run: RunId) -> tuple[BillLine, ...]: ...

    def ledger_head(self, repo: RepoId, number: PrNumber) -> str: ...


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task, where it stands, and what its agents have used. `progress` is None where nobody keeps account of tasks (one agent)."""

    task: Task
    progress: TaskProgress | None
    spent: Spent
    state: TaskState

    @property
    def name(self) -> str:
        """The task's id as people know it; "" for the one that answers them, whose title says it."""
        return "" if self.task.task_id == ANSWERS else self.task.task_id


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as its page shows it. `worked` is in seconds; `pull_url` and `repo_url` are "" where there is no GitHub."""

    run: Run
    worked: float
    repo_url: str
    plan: Plan | None
    picture: GraphPicture | None
    tasks: tuple[TaskRow, ...]
    verification: Verification | None
    bill: tuple[BillLine, ...]
    spent: Spent
    terms: Terms | None
    ledger_head: str
    held: Held | None = None

    @property
    def held_lines(self) -> tuple[tuple[str, str], ...]:
        """The first lines of the patch that waits, each with what it is: `added`, `removed`, `place`, `file` or ""."""
        return diff_lines(self.held.patch, PATCH_LINES) if self.held else ()

    @property
    def held_left_out(self) -> int:
        return max(self.held.patch.removesuffix("\n").count("\n") + 1 - PATCH_LINES, 0) if self.held else 0

    @property
    def pull_url(self) -> str:
        kind = "issues" if self.run.of_issue else "pull"
        return f"{self.repo_url}/{kind}/{self.run.number}" if self.repo_url else ""

    @property
    def agents(self) -> tuple[tuple[AgentKey, str], ...]:
        """Each agent with its name, in the order of their first calls."""
        return tuple((key, agent_name(key)) for key in dict.fromkeys(line.agent for line in self.bill))

    def row(self, task_id: TaskId) -> TaskRow:
        return next(row for row in self.tasks if row.task.task_id == task_id)


@dataclass(frozen=True, slots=True)
class LogView:
    """A part of the log, oldest first. `earlier` is the number before which more events stand, None when there are none."""

    happenings: tuple[Happening, ...]
    earlier: int | None


def run_view(runs: RunReader, run: Run, *, github_url: str, now: datetime) -> RunView:
    """Several reads and no transaction: while a run works, parts of its page may be a moment apart. Raises `Transient`."""
    plan = _note(runs, run.run_id, PLAN, Plan)
    progress = _note(runs, run.run_id, PROGRESS, Progress)
    bill = runs.bill(run.run_id)
    return RunView(
        run=run,
        worked=worked(run, now),
        repo_url=f"{github_url}/{quote(run.repo.owner)}/{quote(run.repo.name)}" if github_url else "",
        plan=plan,
        picture=graph_picture(plan) if plan else None,
        tasks=_task_rows(run, plan, progress, bill) if plan else (),
        verification=_note(runs, run.run_id, VERIFICATION, Verification),
        bill=bill,
        spent=runs.spent(run.run_id),
        terms=_note(runs, run.run_id, TERMS, Terms),
        ledger_head=runs.ledger_head(run.repo.repo_id, run.number),
        held=held_of(runs, run),
    )


def held_of(runs: RunReader, run: Run) -> Held | None:
    """The work that waits for a person's word; None while it does not, or not any more."""
    found = _note(runs, run.run_id, HELD, Held) if run.state is RunState.WAITING and not run.published else None
    return found if found is not None and found.characters else None


def log_view(runs: RunReader, run: RunId, *, before: int | None = None, agent: AgentKey | None = None) -> LogView:
    """The newest part of the log, or the part before an event."""
    events = runs.newest_events(run, EVENTS_SHOWED, before=before, agent=agent)
    earlier = events[0][0] if len(events) == EVENTS_SHOWED else None
    return LogView(_told(events), earlier)


def news(runs: RunReader, run: RunId, after: int, agent: AgentKey | None) -> tuple[Happening, ...]:
    """What came after an event; no more than fits a page."""
    told = _told(runs.events(run, after))
    return tuple(one for one in told if agent is None or one.agent == agent)[-EVENTS_SHOWED:]


def _told(events: tuple[Event, ...]) -> tuple[Happening, ...]:
    return tuple(one for one in map(happening, events) if one is not None)


def _task_rows(run: Run, plan: Plan, progress: Progress | None, bill: tuple[BillLine, ...]) -> tuple[TaskRow, ...]:
    stands = {task.task_id: task for task in progress.tasks} if progress else {}
    used: dict[str, list[Spent]] = defaultdict(list)
    for line in bill:
        used[agent_parts(line.agent)[1]].append(line.spent)

    def row(task: Task) -> TaskRow:
        spent, stand = _sum(used[task.task_id]), stands.get(task.task_id)
        return TaskRow(task, stand, spent, stand.state if stand else _lone_state(run, spent))

    return tuple(row(task) for task in plan.tasks)


def _lone_state(run: Run, spent: Spent) -> TaskState:
    """Where a task stands of which nobody keeps account, told from its run."""
    if run.candidate is not None:
        return TaskState.MERGED
    if not spent.calls:
        return TaskState.WAITING
    return TaskState.WORKING if run.state.live else TaskState.FAILED


def _sum(parts: list[Spent]) -> Spent:
    total = Spent()
    for part in parts:
        usd = None if total.usd is None or part.usd is None else total.usd + part.usd
        total = Spent(total.usage + part.usage, total.calls + part.calls, usd)
    return total


def _note(runs: RunReader, run: RunId, kind: str, value: type[T]) -> T | None:
    body = runs.note(run, kind)
    if body is None:
        return None
    try:
        return decode(value, body)
    except Defect:
        return None
