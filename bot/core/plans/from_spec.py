"""A plan without a planner: what is unproven, as one task for one agent, told in the words of the spec's own tasks."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.core.plans.model import Plan, Task
from bot.core.specs.model import ProofKind, Spec, SpecTask, TaskKind
from bot.ids import CriterionName, TaskId, criterion_name

ONLY_TASK = TaskId("T-1")
"""The id of the one task; it is part of the agent's key, so it never depends on the spec's own numbering."""


def single_plan(specs: Sequence[Spec], unproven: Collection[CriterionName]) -> Plan:
    """One task that proves all of `unproven`, in the order of the specs; an empty plan when nothing is unproven.

    Names that no spec has (a `keep` command, for one) belong to the task as well: it must not leave them worse.
    """
    if not unproven:
        return Plan((), ("Everything is proven already.",))
    known, others = split(specs, unproven)
    concerned = concerned_by(specs, unproven)
    task = Task(
        task_id=ONLY_TASK,
        title=concerned[0].title if len(concerned) == 1 else f"Implement {len(concerned)} specs",
        instructions="\n\n".join(_instructions(spec, unproven) for spec in concerned),
        owns=(),
        proves=(*known, *others),
    )
    return Plan((task,), (_one_agent(len(task.proves)),))


def with_reasons(plan: Plan, reasons: Sequence[str]) -> Plan:
    """The same plan with more reasons behind its own."""
    return replace(plan, reasons=(*plan.reasons, *reasons))


def split(
    specs: Sequence[Spec], unproven: Collection[CriterionName]
) -> tuple[tuple[CriterionName, ...], tuple[CriterionName, ...]]:
    """The unproven names that are the specs' criteria, in their order, and the others (`keep` commands, what the head took out), sorted."""
    known = tuple(name for spec in specs for name in _names(spec) if name in unproven)
    return known, tuple(sorted(set(unproven) - set(known)))


def concerned_by(specs: Sequence[Spec], unproven: Collection[CriterionName]) -> list[Spec]:
    """The specs with an unproven criterion; all of them when none has one."""
    return [spec for spec in specs if any(name in unproven for name in _names(spec))] or list(specs)


def _one_agent(criteria: int) -> str:
    return (
        f"One agent for all {criteria} unproven criteria."
        if criteria > 1
        else "One agent for the one unproven criterion."
    )


def _names(spec: Spec) -> list[CriterionName]:
    return [criterion.name for criterion in spec.criteria]


def _instructions(spec: Spec, unproven: Collection[CriterionName]) -> str:
    ids = [criterion.criterion_id for criterion in spec.criteria if criterion.name in unproven]
    refactoring = bool(ids) and all(c.kind is ProofKind.KEEP for c in spec.criteria)
    state = "Holds, and must still hold when the work is done" if refactoring else "Not proven yet"
    lines = [f"{spec.path}: {spec.title}", f"{state}: {', '.join(ids) or 'its `keep` commands'}"]
    tasks = [task for task in spec.tasks if is_open(task, spec, unproven)]
    if tasks:
        lines += ["The author's tasks:", *(_line(task) for task in tasks)]
    return "\n".join(lines)


def is_open(task: SpecTask, spec: Spec, unproven: Collection[CriterionName]) -> bool:
    """A tick is a claim and closes nothing; proofs do. A task that proves nothing is open as long as anything is. What the author put off, and
    groups and checkpoints, are nobody's work."""
    if task.skipped or task.kind is not TaskKind.WORK:
        return False
    return not task.proves or any(criterion_name(spec.path, proven) in unproven for proven in task.proves)


def _line(task: SpecTask) -> str:
    notes = [("in", task.owns), ("proves", task.proves), ("after", task.after)]
    told = "; ".join(f"{word}: {', '.join(values)}" for word, values in notes if values)
    may = " (optional)" if task.optional else ""
    return f"- {task.task_id} {task.title}{may}" + (f" ({told})" if told else "")
