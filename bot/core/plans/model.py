"""A plan: tasks, what each owns, proves and waits for."""

from dataclasses import dataclass

from bot.ids import CriterionName, TaskId


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of work for one agent. `owns` are gitignore patterns, empty for the whole scope."""

    task_id: TaskId
    title: str
    instructions: str
    owns: tuple[str, ...]
    proves: tuple[CriterionName, ...]
    after: tuple[TaskId, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The tasks in an order in which each may start after those before it, and why the plan has this shape."""

    tasks: tuple[Task, ...]
    reasons: tuple[str, ...] = ()
