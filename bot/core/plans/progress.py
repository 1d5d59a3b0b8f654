"""Where each task of a plan stands. Stored after every change, read by the scheduler, the sticky comment and the run's page."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from bot.core.plans.model import Plan
from bot.ids import Sha, TaskId, TreeSha


class TaskState(StrEnum):
    """WAITING: not started. WORKING: an agent is at it. HANDED_IN: it ended and waits for its turn to be merged. MERGED: its work is part of the
    candidate (or it needed no change). BLOCKED: the agent says what it lacks. FAILED: the agent ended otherwise than by handing in, or its
    work could not be merged. HELD: it waits for a task that was blocked or failed, so it never starts in this round."""

    WAITING = "waiting"
    WORKING = "working"
    HANDED_IN = "handed in"
    MERGED = "merged"
    BLOCKED = "blocked"
    FAILED = "failed"
    HELD = "held"

    @property
    def ended(self) -> bool:
        return self in (TaskState.MERGED, TaskState.BLOCKED, TaskState.FAILED, TaskState.HELD)


@dataclass(frozen=True, slots=True)
class TaskProgress:
    """One task. `attempt` is the number of its agent, from 1; `start` is the commit whose files that agent began with, None until it starts;
    `commit` the one its work became.

    `reason` says why it is blocked, failed or held; `dropped` holds a sentence for each path that was put back; `reused` names the earlier
    run whose work this is, "" when an agent did it here; `fixed` is true when a conflict was resolved by the fixer. `final`: another agent
    would end the same way, so only a person can help.
    """

    task_id: TaskId
    state: TaskState = TaskState.WAITING
    attempt: int = 1
    start: Sha | None = None
    commit: Sha | None = None
    reason: str = ""
    dropped: tuple[str, ...] = ()
    reused: str = ""
    fixed: bool = False
    final: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """All tasks in the plan's order. `round` counts from 1: the first does the plan, each later one repairs what did not hold; `wanted` are the
    tasks of this round. `head` is the candidate so far, with the tree it has; it is the starting head while nothing is merged. `halted` is
    the ending (JSON) that one task met and that ends the run once the others have handed in, "" while there is none."""

    tasks: tuple[TaskProgress, ...]
    round: int
    wanted: tuple[TaskId, ...]
    head: Sha
    tree: TreeSha
    halted: str = ""

    def of(self, task_id: TaskId) -> TaskProgress:
        """Where one task stands; `KeyError` when the plan has no such task."""
        for task in self.tasks:
            if task.task_id == task_id:
                return task
        raise KeyError(task_id)

    def with_task(self, task_id: TaskId, **changes: Any) -> "Progress":
        """The same with one task changed (fields of `TaskProgress`)."""
        tasks = tuple(replace(task, **changes) if task.task_id == task_id else task for task in self.tasks)
        return replace(self, tasks=tasks)


def first_round(plan: Plan, head: Sha, tree: TreeSha) -> Progress:
    """Nothing done yet."""
    names = tuple(task.task_id for task in plan.tasks)
    return Progress(tuple(TaskProgress(name) for name in names), 1, names, head, tree)


def next_round(progress: Progress, wanted: Iterable[TaskId]) -> Progress:
    """The same candidate, with these tasks to be worked on again, each by its next agent. A task that is new comes last."""
    names = tuple(wanted)
    known = {task.task_id for task in progress.tasks}
    tasks = tuple(_again(task) if task.task_id in names else task for task in progress.tasks)
    new = tuple(TaskProgress(name) for name in names if name not in known)
    return replace(progress, tasks=(*tasks, *new), round=progress.round + 1, wanted=names)


def _again(task: TaskProgress) -> TaskProgress:
    """A task that was held had no agent yet."""
    attempt = task.attempt if task.state is TaskState.HELD else task.attempt + 1
    return TaskProgress(task.task_id, attempt=attempt, commit=task.commit, dropped=task.dropped, fixed=task.fixed)


def taken_up(progress: Progress) -> Progress:
    """After a pause: nothing is in flight, and what was is to be started again, by the same agent and from the same files."""
    tasks = tuple(
        replace(task, state=TaskState.WAITING) if task.state is TaskState.WORKING else task for task in progress.tasks
    )
    return replace(progress, tasks=tasks, halted="")
