"""Whose file is it? Ownership is read from the diff, never from what an agent promised."""

from collections.abc import Iterable

from bot.core.patterns import readable_patterns
from bot.core.plans.model import Plan, Task
from bot.ids import TaskId


def owns(task: Task, path: str) -> bool:
    """True when the task may write `path`. A task that names no pattern owns everything; an unreadable pattern grants nothing."""
    return not task.owns or readable_patterns(task.owns).matches(path)


def foreign(task: Task, paths: Iterable[str]) -> tuple[str, ...]:
    """The paths that the task does not own, sorted."""
    return tuple(sorted(path for path in set(paths) if not owns(task, path)))


def owners(plan: Plan, path: str) -> tuple[TaskId, ...]:
    """The tasks that own `path`, in the plan's order."""
    return tuple(task.task_id for task in plan.tasks if owns(task, path))
