"""Whose work is it to mend what was not proven? Pure."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.core.plans.graph import before
from bot.core.plans.model import Plan, Task
from bot.core.plans.ownership import owners
from bot.core.plans.progress import Progress, TaskState
from bot.core.proofs.model import Verification
from bot.core.reviews.rows import is_row
from bot.ids import CriterionName, TaskId

AGENTS_A_TASK = 3
"""The agent that did the work, the same with what failed, then a fresh one with a clean context. What three have not mended a fourth rarely
does, and a person decides better what is wrong (shared notes, *agents*, sections 3 and 6)."""

ROUNDS = 6
"""Of a run. Faults are mended from the root: what builds on a task waits until that one holds, so a chain of faults takes several rounds."""

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
        wanted = _at_the_roots(plan, progress, {task.task_id for task in plan.tasks if _has_to(plan, task, bad, paths)})
        left = bad - {name for task in plan.tasks for name in task.proves if task.task_id != TOGETHER}
        if left and not wanted:
            plan = _with_one_more(plan, left, verification)
            wanted = [TOGETHER]
    if not wanted or any(_hopeless(progress, name) for name in wanted):
        return None
    return Repair(tuple(wanted), plan)


def _at_the_roots(plan: Plan, progress: Progress, to_mend: set[TaskId]) -> list[TaskId]:
    """Who mends now: a task whose foundations hold, and whoever was only held up. A join rarely is at fault where one of its parts is."""
    undone = {task.task_id for task in progress.tasks if task.state in (TaskState.FAILED, TaskState.BLOCKED)}
    held = {task.task_id for task in progress.tasks if task.state is TaskState.HELD}
    to_mend = (to_mend | undone) - held
    earlier = before(plan.tasks)
    return [
        task.task_id
        for task in plan.tasks
        if task.task_id in held or (task.task_id in to_mend and not to_mend & earlier[task.task_id])
    ]


def _hopeless(progress: Progress, name: TaskId) -> bool:
    at = next((task for task in progress.tasks if task.task_id == name), None)
    return at is not None and at.state is not TaskState.HELD and (at.final or at.attempt >= AGENTS_A_TASK)


def own_part(task: Task, plan: Plan, verification: Verification) -> Verification:
    """What of a verification a task has to answer for: all of it when it is the only one."""
    if not plan.is_team:
        return verification
    return replace(
        verification,
        verdicts=tuple(verdict for verdict in verification.verdicts if verdict.name in task.proves),
        tampering=tuple(found for found in verification.tampering if task.task_id in owners(plan, found.path)),
    )


def _has_to(plan: Plan, task: Task, bad: Collection[CriterionName], paths: Collection[str]) -> bool:
    if task.task_id == TOGETHER:
        return False
    return any(name in bad for name in task.proves) or any(task.task_id in owners(plan, path) for path in paths)


def _with_one_more(plan: Plan, left: Collection[CriterionName], verification: Verification) -> Plan:
    """The plan with a task for `left`, after all others; one that is there from an earlier round is replaced. A reviewer's finding is told with its words:
    they stand in no spec."""
    others = tuple(task for task in plan.tasks if task.task_id != TOGETHER)
    names = ", ".join(sorted(left))
    told = "".join(
        f"\n\n{verdict.name}, found by a reviewer: {verdict.text}\nIt is shown by: {'; '.join(shown.script for shown in verdict.shown)}"
        for verdict in verification.verdicts
        if verdict.name in left and is_row(verdict.name)
    )
    more = Task(
        task_id=TOGETHER,
        title="Mend what the tasks have broken together",
        instructions=f"Every task handed in its part and they were merged. On the whole, this does not hold: {names}. Find out why, and mend it.{told}",
        owns=(),
        proves=tuple(sorted(left)),
        after=tuple(task.task_id for task in others),
    )
    return Plan((*others, more), plan.reasons, plan.source, plan.interfaces)
