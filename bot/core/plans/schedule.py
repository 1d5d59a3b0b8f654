"""What may start now. Pure: the order of work is told from the plan and from where each task stands, and from nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.plans.model import Plan
from bot.core.plans.progress import Progress, TaskState
from bot.ids import TaskId


@dataclass(frozen=True, slots=True)
class Schedule:
    """`start`: tasks to start at once, in the plan's order. `hold`: tasks that can never start in this round, each with the reason.
    `over`: every task of the round has ended, or will have with `hold`."""

    start: tuple[TaskId, ...]
    hold: tuple[tuple[TaskId, str], ...]
    over: bool


def schedule(plan: Plan, progress: Progress, at_once: int) -> Schedule:
    """A task starts when every task of the round that it waits for is merged and fewer than `at_once` agents are working.

    A task that waits, directly or not, for one that was blocked or failed is held. Total for every acyclic plan.
    """
    states = {task.task_id: task.state for task in progress.tasks if task.task_id in progress.wanted}
    waits = {task.task_id: [name for name in task.after if name in states] for task in plan.tasks}
    hold = _held(plan, states, waits)
    held = dict(hold)
    ready = [
        task.task_id
        for task in plan.tasks
        if states.get(task.task_id) is TaskState.WAITING
        and task.task_id not in held
        and all(states[name] is TaskState.MERGED for name in waits[task.task_id])
    ]
    working = sum(1 for state in states.values() if state is TaskState.WORKING)
    over = all(state.ended or name in held for name, state in states.items())
    return Schedule(tuple(ready[: max(0, at_once - working)]), hold, over)


def _held(
    plan: Plan, states: Mapping[TaskId, TaskState], waits: Mapping[TaskId, list[TaskId]]
) -> tuple[tuple[TaskId, str], ...]:
    lost = {name for name, state in states.items() if state in (TaskState.BLOCKED, TaskState.FAILED, TaskState.HELD)}
    held: dict[TaskId, str] = {}
    while True:
        more = {
            task.task_id: f"it waits for {culprit}"
            for task in plan.tasks
            if states.get(task.task_id) is TaskState.WAITING and task.task_id not in held
            for culprit in [next((name for name in waits[task.task_id] if name in lost or name in held), None)]
            if culprit is not None
        }
        if not more:
            return tuple(held.items())
        held |= more
