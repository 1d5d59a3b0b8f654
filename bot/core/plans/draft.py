"""What the planner hands in, before code has checked it. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.core.plans.model import Interface, Task
from bot.core.specs.naming import meant_by
from bot.ids import CriterionName, TaskId


class Size(StrEnum):
    """How much work the planner takes a task for: only the relation counts."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


WEIGHTS: Mapping[Size, int] = {Size.SMALL: 1, Size.MEDIUM: 2, Size.LARGE: 4}
"""Each is about twice the one before. Models tell an order of sizes well and their ratio badly, so there is no finer scale."""


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """A plan as proposed. `sizes` has one entry for each task, in their order; `risks` are sentences."""

    tasks: tuple[Task, ...]
    sizes: tuple[Size, ...]
    interfaces: tuple[Interface, ...] = ()
    risks: tuple[str, ...] = ()

    @property
    def weights(self) -> Mapping[TaskId, int]:
        return {task.task_id: WEIGHTS[size] for task, size in zip(self.tasks, self.sizes, strict=False)}


def with_full_names(draft: PlanDraft, names: Collection[CriterionName]) -> PlanDraft:
    """The draft with each criterion under its full name where it is clear which of `names` is meant, as written where it is not."""

    def full(name: CriterionName) -> CriterionName:
        meant = meant_by(name, names)
        return meant[0] if len(meant) == 1 else name

    tasks = tuple(
        replace(task, proves=tuple(dict.fromkeys(full(name) for name in task.proves))) for task in draft.tasks
    )
    return replace(draft, tasks=tasks)
