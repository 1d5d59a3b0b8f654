"""SB101 and on: criteria, tasks and specs that do not fit together."""

from collections.abc import Iterator
from string import ascii_letters

from bot.core.plans.graph import circle_of
from bot.core.specs.dependencies import circle
from bot.core.specs.layouts import place_of
from bot.core.specs.model import Severity, Spec, SpecFormat, Status
from bot.core.specs.rules.front_place import front_place
from bot.core.specs.rules.rule import LintContext, Remark, Rule
from bot.ids import CriterionId


def _no_criteria(spec: Spec, context: LintContext) -> Iterator[Remark]:
    if not spec.criteria and spec.status is Status.READY:
        native = "Add a section `## Acceptance criteria` with items such as `- **AC-1** …`, or set `status: draft`."
        foreign = "Add what its format has for them, or write `status: draft` into its front matter."
        hint = native if spec.format is SpecFormat.NATIVE else foreign
        yield Remark(spec.home, "This spec has no acceptance criteria.", hint)


NO_CRITERIA = Rule(
    "SB101",
    "No acceptance criteria",
    Severity.ERROR,
    "Without a criterion there is nothing to prove, and nothing could ever be called done. Drafts may be without.",
    check=_no_criteria,
)


def _unknown_references(spec: Spec, context: LintContext) -> Iterator[Remark]:
    criteria = {criterion.criterion_id for criterion in spec.criteria}
    tasks = {task.task_id for task in spec.tasks}
    for task in spec.tasks:
        for criterion in task.proves:
            if criterion not in criteria:
                yield Remark(
                    task.position,
                    f"{task.task_id} proves {criterion}, which is no criterion of this spec.",
                    "Correct the id.",
                )
        for other in task.after:
            if other not in tasks:
                yield Remark(
                    task.position,
                    f"{task.task_id} waits for {other}, which is no task of this spec.",
                    "Correct the id.",
                )


UNKNOWN_REFERENCE = Rule(
    "SB102",
    "Unknown criterion or task",
    Severity.ERROR,
    "What a task proves and waits for is named by ids of the same spec. An unknown one is a typing mistake or something that was removed.",
    check=_unknown_references,
)


def _cycles(spec: Spec, context: LintContext) -> Iterator[Remark]:
    stuck = circle_of({task.task_id: task.after for task in spec.tasks})
    if stuck:
        first = next(task for task in spec.tasks if task.task_id == stuck[0])
        path = " → ".join(stuck)
        yield Remark(first.position, f"These tasks wait for each other: {path[:200]}.", "Remove one of the `after:`.")


CYCLE = Rule(
    "SB103",
    "Tasks that wait for each other",
    Severity.ERROR,
    "A task starts when those it waits for are done. In a circle none ever starts.",
    check=_cycles,
)


def _unplanned(spec: Spec, context: LintContext) -> Iterator[Remark]:
    proven = {criterion for task in spec.tasks for criterion in task.proves}
    if not proven:
        return
    native = spec.format is SpecFormat.NATIVE
    families = {_family(criterion) for criterion in proven}
    for criterion in spec.criteria:
        if criterion.criterion_id not in proven and (native or _family(criterion.criterion_id) in families):
            hint = "Add it to a task's `proves:`." if native else "Name it in a task, as the format has it."
            yield Remark(criterion.position, f"No task proves {criterion.criterion_id}.", hint)


def _family(criterion: CriterionId) -> str:
    """The letters before the number. In another tool's format tasks may have no way to name some families at all."""
    return criterion[: len(criterion) - len(criterion.lstrip(ascii_letters))].upper()


UNPLANNED = Rule(
    "SB104",
    "Criterion that no task proves",
    Severity.NOTICE,
    "When tasks say what they prove, a criterion that none of them names was probably forgotten. In other tools' formats only kinds of criteria "
    "that tasks can name are missed.",
    check=_unplanned,
)


def _missing_dependency(spec: Spec, context: LintContext) -> Iterator[Remark]:
    for path in spec.depends:
        if path == spec.path:
            yield Remark(front_place(spec, path, "depends"), "This spec depends on itself.", "Remove it.")
        elif context.tree_paths is not None and not _is_there(path, context.tree_paths):
            yield Remark(
                front_place(spec, path, "depends"), f"depends: there is no `{path[:80]}`.", "Correct the path."
            )
        elif not _is_spec(path, context):
            yield Remark(
                front_place(spec, path, "depends"),
                f"depends: `{path[:80]}` is not read as a spec, so it is never in force.",
                "Name a spec, its file or its folder.",
            )


def _is_there(path: str, tree_paths: frozenset[str]) -> bool:
    """A file, or the folder of a spec of several files."""
    return path in tree_paths or any(known.startswith(f"{path}/") for known in tree_paths)


def _is_spec(path: str, context: LintContext) -> bool:
    return any(place_of(one, context.config) is not None for one in (path, f"{path}/spec.md"))


MISSING_DEPENDENCY = Rule(
    "SB105",
    "Spec that depends on a missing one",
    Severity.WARNING,
    "`depends` names specs that must be merged first, each by its file or its folder, from the repository's root.",
    check=_missing_dependency,
)


def _circular_dependency(spec: Spec, context: LintContext) -> Iterator[Remark]:
    way = circle(spec.path, context.depends)
    if len(way) > 1:
        shown = " → ".join([*way, spec.path])
        position = front_place(spec, way[1], "depends")
        yield Remark(position, f"These specs wait for each other: {shown[:300]}.", "Take one of the `depends` out.")


CIRCULAR_DEPENDENCY = Rule(
    "SB106",
    "Specs that wait for each other",
    Severity.ERROR,
    "A spec is worked on when those it depends on are in force. In a circle none ever is.",
    check=_circular_dependency,
)


RULES = (
    NO_CRITERIA,
    UNKNOWN_REFERENCE,
    CYCLE,
    UNPLANNED,
    MISSING_DEPENDENCY,
    CIRCULAR_DEPENDENCY,
)
