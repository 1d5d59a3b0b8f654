"""A plan: tasks, what each owns, proves and waits for, and what tasks that meet have agreed on."""

from dataclasses import dataclass
from enum import StrEnum

from bot.ids import CriterionName, TaskId


@dataclass(frozen=True, slots=True)
class Interface:
    """What several tasks rely on: a signature, a file format, a route. Agents never talk to each other, so it is settled before they start."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of work for one agent. `owns` are gitignore patterns, empty for the whole scope; `interfaces` names those it keeps or uses."""

    task_id: TaskId
    title: str
    instructions: str
    owns: tuple[str, ...]
    proves: tuple[CriterionName, ...]
    after: tuple[TaskId, ...] = ()
    interfaces: tuple[str, ...] = ()


class PlanSource(StrEnum):
    """Who made a plan: nobody had to (ONE_AGENT), the spec's author in its tasks, or the planner."""

    ONE_AGENT = "one agent"
    SPEC = "spec"
    PLANNER = "planner"


@dataclass(frozen=True, slots=True)
class Plan:
    """The tasks in an order in which each may start after those before it, and why the plan has this shape."""

    tasks: tuple[Task, ...]
    reasons: tuple[str, ...] = ()
    source: PlanSource = PlanSource.ONE_AGENT
    interfaces: tuple[Interface, ...] = ()

    @property
    def is_team(self) -> bool:
        """Several agents, each with its own task."""
        return len(self.tasks) > 1

    def task(self, task_id: TaskId) -> Task:
        """The task of this id; `KeyError` when there is none."""
        for task in self.tasks:
            if task.task_id == task_id:
                return task
        raise KeyError(task_id)
