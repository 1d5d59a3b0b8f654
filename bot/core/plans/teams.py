"""Plans of several tasks: the specs' own, and what the planner drafted. Each is checked, and becomes one agent's where a team does not pay."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.core.plans.checks import Ground, PlanFault
from bot.core.plans.draft import PlanDraft, with_full_names
from bot.core.plans.from_spec import concerned_by, is_open, single_plan, split, with_reasons
from bot.core.plans.graph import graph_faults, in_order
from bot.core.plans.model import Plan, PlanSource, Task
from bot.core.plans.shape import Shape, shape_of
from bot.core.specs.model import Spec, SpecTask, TaskKind
from bot.core.specs.naming import shortest_paths
from bot.ids import CriterionName, TaskId, criterion_name

STEM = 24
"""Characters of a spec's name in the ids of its tasks, where there are several specs; as long as people name their specs."""

MOST_READ = 500
"""Open tasks of the specs that are read as a graph. Long lists are chains, which one agent works off; a longer one than this is hostile."""

MOST_RISKS = 3
"""Risks told with a plan; the comment that shows them is to fit on a screen."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan, or None and the reasons why there is none, as sentences; no reasons where nobody wrote tasks."""

    plan: Plan | None
    reasons: tuple[str, ...] = ()


def spec_plan(specs: Sequence[Spec], unproven: Collection[CriterionName], ground: Ground) -> Proposal:
    """The specs' own open tasks as a plan, when they pass the checks of every plan. One task for one agent where a team does not pay: an author
    who writes a chain means a sequence.

    Groups, checkpoints and what the author put off are nobody's work; who waits for them waits for what they wait for. Optional tasks that
    prove nothing are left out: the author may do without, and each would cost an agent.
    """
    known, others = split(specs, unproven)
    concerned = concerned_by(specs, unproven)
    if not known or not any(spec.tasks for spec in concerned):
        return Proposal(None)
    count = sum(_is_taken(task, spec, unproven) for spec in concerned for task in spec.tasks)
    if count > MOST_READ:
        return Proposal(None, (f"The spec has {count:,} open tasks, which is more than anybody follows.",))
    names = _qualified(concerned)
    tasks = [task for spec in concerned for task in _tasks(spec, unproven, names[spec.path])]
    alone = _for_one_agent(tasks)
    if alone is not None:
        return Proposal(with_reasons(single_plan(specs, unproven), alone.reasons))
    faults = ground.faults(tasks, known)
    if faults:
        return Proposal(None, tuple(fault.sentence for fault in faults))
    reasons = ("The tasks are the spec's own.", *shape_of(tasks).reasons)
    return Proposal(Plan(_assembled(tasks, others), reasons, PlanSource.SPEC))


def draft_plan(
    draft: PlanDraft, specs: Sequence[Spec], unproven: Collection[CriterionName], ground: Ground
) -> Plan | tuple[PlanFault, ...]:
    """The planner's draft as a plan, or what speaks against it. A draft that is one agent's needs no check: its one task is made here."""
    known, others = split(specs, unproven)
    draft = with_full_names(draft, known)
    alone = _for_one_agent(draft.tasks, draft.weights)
    if alone is not None:
        return _for_one(draft, specs, unproven, alone)
    faults = ground.faults(draft.tasks, known, draft.interfaces)
    if faults:
        return faults
    reasons = (*shape_of(draft.tasks, draft.weights).reasons, *_risks(draft))
    return Plan(_assembled(draft.tasks, others), reasons, PlanSource.PLANNER, draft.interfaces)


def _for_one_agent(tasks: Sequence[Task], weights: Mapping[TaskId, int] | None = None) -> Shape | None:
    """The shape of tasks that are one agent's whatever else may be said of them: it covers everything and shares with nobody. None for a team,
    and for what is no graph."""
    if not tasks or graph_faults(tasks):
        return None
    shape = shape_of(tasks, weights)
    return None if shape.team else shape


def _for_one(draft: PlanDraft, specs: Sequence[Spec], unproven: Collection[CriterionName], shape: Shape) -> Plan:
    """One agent does it, and is told what the planner found out: that was paid for."""
    plan = single_plan(specs, unproven)
    advice = "\n\n".join(
        ["A planner has read the code before. Its advice, to be followed where it fits:", *_advice(draft)]
    )
    tasks = tuple(replace(task, instructions=f"{task.instructions}\n\n{advice}") for task in plan.tasks)
    return Plan(tasks, (*plan.reasons, *shape.reasons, *_risks(draft)), PlanSource.PLANNER)


def _advice(draft: PlanDraft) -> Iterator[str]:
    for task in draft.tasks:
        where = f" (in: {', '.join(task.owns)})" if task.owns else ""
        yield f"{task.title}{where}\n{task.instructions}"
    for interface in draft.interfaces:
        yield f"{interface.name}:\n{interface.text}"


def _risks(draft: PlanDraft) -> tuple[str, ...]:
    return tuple(f"Risk: {risk}" for risk in draft.risks[:MOST_RISKS])


def _assembled(tasks: Sequence[Task], others: Sequence[CriterionName]) -> tuple[Task, ...]:
    """In order, with what belongs to nobody's criteria on the last task: it stands on the most of the others' work."""
    *first, last = in_order(tasks)
    return (*first, replace(last, proves=(*last.proves, *others)))


def _qualified(specs: Sequence[Spec]) -> Mapping[str, str]:
    """By spec what stands before the ids of its tasks: nothing for the only spec, else its name as far as it is one."""
    if len(specs) == 1:
        return {specs[0].path: ""}
    short = shortest_paths([spec.path for spec in specs])
    stems = {path: _stem(tail) for path, tail in short.items()}
    times = Counter(stem.casefold() for stem in stems.values())
    return {
        spec.path: f"{stems[spec.path] if times[stems[spec.path].casefold()] == 1 else f'spec-{number}'}."
        for number, spec in enumerate(specs, start=1)
    }


def _stem(tail: str) -> str:
    text = "".join(c if c.isascii() and c.isalnum() else "-" for c in tail.removesuffix(".md"))
    return "-".join(part for part in text.split("-") if part)[:STEM].rstrip("-") or "spec"


def _tasks(spec: Spec, unproven: Collection[CriterionName], prefix: str) -> list[Task]:
    by_id = {task.task_id: task for task in spec.tasks}
    taken = {task.task_id for task in spec.tasks if _is_taken(task, spec, unproven)}
    return [
        Task(
            task_id=TaskId(prefix + task.task_id),
            title=task.title or task.task_id,
            instructions=_instructions(spec, task),
            owns=task.owns,
            proves=tuple(_unproven_of(task, spec, unproven)),
            after=tuple(TaskId(prefix + name) for name in _waits_for(task, by_id, taken)),
        )
        for task in spec.tasks
        if task.task_id in taken
    ]


def _is_taken(task: SpecTask, spec: Spec, unproven: Collection[CriterionName]) -> bool:
    return is_open(task, spec, unproven) and not (task.optional and not _unproven_of(task, spec, unproven))


def _unproven_of(task: SpecTask, spec: Spec, unproven: Collection[CriterionName]) -> list[CriterionName]:
    names = (criterion_name(spec.path, proven) for proven in task.proves)
    return [name for name in dict.fromkeys(names) if name in unproven]


def _waits_for(task: SpecTask, by_id: Mapping[TaskId, SpecTask], taken: Collection[TaskId]) -> list[TaskId]:
    """What it waits for among the tasks that are worked on: through groups, barriers, and tasks that are done or put off. In order of naming;
    an unknown task stays, to be named as a fault."""
    found: dict[TaskId, None] = {}
    seen: set[TaskId] = set()
    todo = list(reversed(task.after))
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        if name in taken or name not in by_id:
            found[name] = None
        else:
            todo.extend(reversed(by_id[name].after))
    return list(found)


def _instructions(spec: Spec, task: SpecTask) -> str:
    """The author's words: the task with what stands under it."""
    kind = " (optional)" if task.optional and task.kind is TaskKind.WORK else ""
    head = f"{spec.path}: {spec.title}\nThe author's task {task.task_id}{kind}: {task.title}"
    return f"{head}\n\n{task.details}" if task.details else head
