"""SB101 and on: criteria, tasks and specs that do not fit together."""

from collections.abc import Collection, Iterable, Iterator
from string import ascii_letters

from bot.core.plans.graph import circle_of
from bot.core.policy.model import RepositoryConfig
from bot.core.specs.dependencies import circle
from bot.core.specs.layouts import is_spec, named_place, places_of
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
                    _nearest(criterion, criteria),
                )
        for other in task.after:
            if other not in tasks:
                yield Remark(
                    task.position,
                    f"{task.task_id} waits for {other}, which is no task of this spec.",
                    _nearest(other, tasks),
                )


def _nearest(name: str, known: Collection[str]) -> str:
    """What is said of an unknown id: `AC-01` may be `AC-1`."""
    plain = {_plain_number(one): one for one in known}
    meant = plain.get(_plain_number(name))
    return f"Did you mean {meant}?" if meant is not None else "Correct the id."


def _plain_number(name: str) -> str:
    prefix, _, number = name.partition("-")
    return f"{prefix}-{number.lstrip('0')}"


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
                front_place(spec, path, "depends"),
                f"depends: there is no `{path[:80]}`.",
                _meant_spec(path, context.tree_paths, context.config),
            )
        elif context.tree_paths is not None and not _is_spec(path, context.tree_paths, context.config):
            message = f"depends: `{path[:80]}` is not read as a spec, so it is never in force."
            yield Remark(
                front_place(spec, path, "depends"), message, "Name the spec itself, by its file or its folder."
            )


def _meant_spec(path: str, tree_paths: Iterable[str], config: RepositoryConfig) -> str:
    """What is said of a path that is not there: the one spec that is called like it, or as much of it as was written."""
    bare = path.partition("#")[0].removeprefix("./").strip("/")
    name = bare.rpartition("/")[2].removesuffix(".md")
    specs = {place.path for place in places_of(tree_paths, config)}
    known = [bare] if bare in specs else sorted(s for s in specs if name and _called(s, name))
    return f"Write `{known[0]}`." if len(known) == 1 else "Correct the path."


def _called(path: str, name: str) -> bool:
    """`specs/0007-unicode.md` is called `0007-unicode`, `0007` and `unicode`."""
    own = path.rpartition("/")[2].removesuffix(".md")
    number, _, rest = own.partition("-")
    return name in (own, number, rest)


def _is_spec(path: str, tree_paths: Iterable[str], config: RepositoryConfig) -> bool:
    place = named_place(path.rstrip("/"), config, folder=path not in tree_paths)
    return place is not None and (path not in tree_paths or is_spec(path, config))


def _is_there(path: str, tree_paths: frozenset[str]) -> bool:
    """A file, or the folder of a spec of several files."""
    return path in tree_paths or any(known.startswith(f"{path}/") for known in tree_paths)


MISSING_DEPENDENCY = Rule(
    "SB105",
    "Spec that depends on a missing one",
    Severity.WARNING,
    "`depends` names specs that must be merged first, each by its file or its folder, from the repository's root. What is no spec is never in force, "
    "and the work would wait for ever.",
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
