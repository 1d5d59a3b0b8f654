"""What may start now. Pure: the order of work is told from the plan and from where each task stands, and from nothing else."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bot.core.plans.graph import in_order
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

    It waits also for those that stand before it behind tasks which are not of the round: tasks in one line may own the same files. A task that
    waits, directly or not, for one that was blocked or failed is held. Total for every acyclic plan.
    """
    states = {task.task_id: task.state for task in progress.tasks if task.task_id in progress.wanted}
    waits = _waits(plan, states)
    hold = _held(states, waits)
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


def _waits(plan: Plan, wanted: Collection[TaskId]) -> Mapping[TaskId, tuple[TaskId, ...]]:
    """For each task the nearest ones of the round that it waits for, in an order in which the tasks can be worked off."""
    waits: dict[TaskId, tuple[TaskId, ...]] = {}
    for task in in_order(plan.tasks):
        nearest = [(name,) if name in wanted else waits[name] for name in task.after]
        waits[task.task_id] = tuple(dict.fromkeys(name for names in nearest for name in names))
    return waits


def _held(
    states: Mapping[TaskId, TaskState], waits: Mapping[TaskId, tuple[TaskId, ...]]
) -> tuple[tuple[TaskId, str], ...]:
    lost = {name for name, state in states.items() if state in (TaskState.BLOCKED, TaskState.FAILED, TaskState.HELD)}
    held: dict[TaskId, str] = {}
    for name, before in waits.items():
        culprit = next((other for other in before if other in lost or other in held), None)
        if culprit is not None and states.get(name) is TaskState.WAITING:
            held[name] = f"it waits for {culprit}"
    return tuple(held.items())
