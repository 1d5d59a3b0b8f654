"""Team or one agent? Several agents pay only where they can work side by side; a team that waits for itself costs more and is no faster."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.plans.graph import in_order
from bot.core.plans.model import Task
from bot.ids import TaskId

FEWEST_TASKS = 3
"""Of a team. Two agents save at most half of the time and each reads the spec and the code anew: measured teams cost 1.6 to 3 times the tokens
of one agent, so below three one does it anyway."""

LONGEST_CHAIN = 0.6
"""Of the work, in the longest chain of tasks that wait for each other. What is left is all that can be done beside it: with less than two
fifths a team is hardly faster, and measured teams did 39 to 70 % worse than one agent on work that is one sequence."""


CHAIN_SHOWN = 8
"""Tasks of a chain that are named in a sentence about it."""


@dataclass(frozen=True, slots=True)
class Shape:
    """`team` says whether several agents pay; `reasons` are sentences that say why, for the plan."""

    team: bool
    reasons: tuple[str, ...]


def shape_of(tasks: Sequence[Task], sizes: Mapping[TaskId, int] | None = None) -> Shape:
    """What the tasks are best done by. They have no `plan_faults`; `sizes` weighs them against each other, all alike when nothing is said."""
    weights = {task.task_id: max(1, (sizes or {}).get(task.task_id, 1)) for task in tasks}
    if len(tasks) < FEWEST_TASKS:
        many = "One task is" if len(tasks) == 1 else f"{len(tasks)} tasks are"
        return Shape(False, (f"{many} done by one agent: a team needs at least {FEWEST_TASKS}.",))
    chain = longest_chain(tasks, weights)
    way = f"{' → '.join(chain[:CHAIN_SHOWN])}{' → …' if len(chain) > CHAIN_SHOWN else ''}"
    share = sum(weights[name] for name in chain) / sum(weights.values())
    if len(chain) == len(tasks):
        return Shape(False, (f"The {len(tasks)} tasks wait for each other in one chain, so one agent does them.",))
    if share > LONGEST_CHAIN:
        reason = f"{share:.0%} of the work is one chain ({way}), so one agent does all of it."
        return Shape(False, (reason,))
    beside = f"; the longest chain is {way}" if len(chain) > 1 else ", none waits for another"
    return Shape(True, (f"{len(tasks)} tasks for a team of agents{beside}.",))


def longest_chain(tasks: Sequence[Task], weights: Mapping[TaskId, int]) -> tuple[TaskId, ...]:
    """The chain of tasks, each waiting for the one before, that weighs most; the first of several in the given order."""
    heavy: dict[TaskId, int] = {}
    came: dict[TaskId, TaskId | None] = {}
    for task in in_order(tasks):
        came[task.task_id] = max(task.after, key=lambda name: heavy[name], default=None)
        heavy[task.task_id] = weights[task.task_id] + max((heavy[name] for name in task.after), default=0)
    chain: list[TaskId] = []
    current: TaskId | None = max(heavy, key=lambda name: heavy[name], default=None)
    while current is not None:
        chain.append(current)
        current = came[current]
    return tuple(reversed(chain))
