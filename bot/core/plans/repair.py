"""Whose work is it to mend what was not proven? Pure."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.core.plans.model import Plan, Task
from bot.core.plans.ownership import owners
from bot.core.plans.progress import Progress, TaskState
from bot.core.proofs.model import Verification
from bot.ids import CriterionName, TaskId

ROUNDS = 3
"""The plan once, then the agents that did the work with the failing output, then fresh agents with a clean context. What three have not
mended a fourth rarely does, and a person decides better what is wrong (shared notes, *agents*, sections 3 and 6)."""

TOGETHER = TaskId("TOGETHER")
"""The id of the task that mends what no single task has to prove: what the parts have broken together."""


@dataclass(frozen=True, slots=True)
class Repair:
    """The tasks of the next round, and the plan, which may have got one task more."""

    wanted: tuple[TaskId, ...]
    plan: Plan


def repair_of(plan: Plan, progress: Progress, verification: Verification) -> Repair | None:
    """The next round, or None when another one cannot help: a task of it needs a person, or nobody has anything to mend."""
    bad = {verdict.name for verdict in verification.verdicts if verdict.verdict.bad}
    paths = {found.path for found in verification.tampering}
    if not plan.is_team:
        wanted = [task.task_id for task in plan.tasks]
    else:
        wanted = [task.task_id for task in plan.tasks if _has_to(plan, task, progress, bad, paths)]
        left = bad - {name for task in plan.tasks for name in task.proves if task.task_id != TOGETHER}
        if left:
            plan = _with_one_more(plan, left)
            wanted.append(TOGETHER)
    known = {task.task_id: task for task in progress.tasks}
    if not wanted or any(known[name].final for name in wanted if name in known):
        return None
    return Repair(tuple(dict.fromkeys(wanted)), plan)


def own_part(task: Task, plan: Plan, verification: Verification) -> Verification:
    """What of a verification a task has to answer for: all of it when it is the only one."""
    if not plan.is_team:
        return verification
    return replace(
        verification,
        verdicts=tuple(verdict for verdict in verification.verdicts if verdict.name in task.proves),
        tampering=tuple(found for found in verification.tampering if task.task_id in owners(plan, found.path)),
    )


def _has_to(plan: Plan, task: Task, progress: Progress, bad: Collection[CriterionName], paths: Collection[str]) -> bool:
    if task.task_id == TOGETHER:
        return False
    unfinished = progress.of(task.task_id).state in (TaskState.FAILED, TaskState.HELD, TaskState.BLOCKED)
    touched = any(task.task_id in owners(plan, path) for path in paths)
    return unfinished or touched or any(name in bad for name in task.proves)


def _with_one_more(plan: Plan, left: Collection[CriterionName]) -> Plan:
    """The plan with a task for `left`, after all others; one that is there from an earlier round is replaced."""
    others = tuple(task for task in plan.tasks if task.task_id != TOGETHER)
    names = ", ".join(sorted(left))
    more = Task(
        task_id=TOGETHER,
        title="Mend what the tasks have broken together",
        instructions=f"Every task handed in its part and they were merged. On the whole, this does not hold: {names}. Find out why, and mend it.",
        owns=(),
        proves=tuple(sorted(left)),
        after=tuple(task.task_id for task in others),
    )
    return Plan((*others, more), plan.reasons, plan.source, plan.interfaces)
