"""What speaks against a plan. Checked by code, whoever made it: agents that work side by side are kept apart here and nowhere else."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from bot.core.overlap import common
from bot.core.patterns import BadPattern, path_patterns, pattern_fault, readable_patterns
from bot.core.plans.graph import before, cycle
from bot.core.plans.model import Interface, Task
from bot.core.policy.paths import name_fault
from bot.core.specs.rules.patterns import example
from bot.ids import CriterionName, TaskId

MOST_TASKS = 12
"""Of one plan: three rounds of the four agents that work side by side by default, and as many rows as a comment shows on a screen. Each task
pays once more for reading the spec and the code; what needs more of them is several pull requests."""

MOST_MATCHES = 3_000_000
"""Matches of one pattern on one path that a check may cost, some seconds once in a run: thirty patterns on a hundred thousand files. A larger
tree is judged by the patterns alone."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*", re.ASCII)

MOST_ID = 40
"""Characters of a task's id; it is part of keys, trailers and labels."""


class PlanFaultCode(StrEnum):
    EMPTY = "no task"
    TOO_MANY = "too many tasks"
    ID = "bad id"
    DOUBLED = "id used twice"
    UNKNOWN_TASK = "unknown task"
    CIRCLE = "circle"
    UNCOVERED = "criterion not covered"
    UNKNOWN_CRITERION = "unknown criterion"
    INTERFACE = "interface"
    PATTERN = "bad pattern"
    SCOPE = "outside of the scope"
    PROTECTED = "protected path"
    SPEC = "spec"
    SHARED = "same path owned twice"


@dataclass(frozen=True, slots=True)
class PlanFault:
    """One reason against a plan. `sentence` is for the planner and for people; it quotes what the plan's author wrote."""

    code: PlanFaultCode
    tasks: tuple[TaskId, ...]
    sentence: str


def no_spec(path: str) -> bool:
    """For plans of which nobody can say what a spec is."""
    return False


@dataclass(frozen=True, slots=True)
class Ground:
    """What plans of one run are checked against; see `plan_faults`."""

    scope: tuple[str, ...] = ()
    protected: tuple[str, ...] = ()
    paths: frozenset[str] = frozenset()
    is_spec: Callable[[str], bool] = no_spec

    def faults(
        self, tasks: Sequence[Task], unproven: Collection[CriterionName], interfaces: Sequence[Interface] = ()
    ) -> tuple[PlanFault, ...]:
        return plan_faults(
            tasks,
            unproven=unproven,
            scope=self.scope,
            protected=self.protected,
            paths=self.paths,
            interfaces=interfaces,
            is_spec=self.is_spec,
        )


def plan_faults(
    tasks: Sequence[Task],
    *,
    unproven: Collection[CriterionName],
    scope: Sequence[str],
    protected: Sequence[str],
    paths: Collection[str],
    interfaces: Sequence[Interface] = (),
    is_spec: Callable[[str], bool] = no_spec,
) -> tuple[PlanFault, ...]:
    """Every reason against these tasks; empty when they may be worked on.

    `unproven` are the criteria that have to be covered, and the only ones that may be named. `scope` and `protected` are gitignore patterns (no
    scope: anything), `paths` the files of the starting tree, `is_spec` tells of a path whether a spec stands there.
    """
    named = list(_ids(tasks))
    if named:
        return tuple(named)
    graph = list(_graph(tasks))
    owned = _Owned(scope, protected, paths, is_spec)
    found = [*graph, *_coverage(tasks, unproven), *_interfaces(tasks, interfaces), *owned.faults(tasks)]
    return tuple(found if graph else [*found, *_shared(tasks, paths)])


def _ids(tasks: Sequence[Task]) -> Iterator[PlanFault]:
    if not tasks:
        yield PlanFault(PlanFaultCode.EMPTY, (), "The plan has no task.")
    if len(tasks) > MOST_TASKS:
        sentence = f"The plan has {len(tasks)} tasks; at most {MOST_TASKS} are worked on in one run."
        yield PlanFault(PlanFaultCode.TOO_MANY, (), sentence)
    for task in tasks[: MOST_TASKS + 1]:
        if len(task.task_id) > MOST_ID or not _ID.fullmatch(task.task_id):
            sentence = f"{_short(task.task_id)!r} is no id for a task; write T-1, T-2 and so on."
            yield PlanFault(PlanFaultCode.ID, (task.task_id,), sentence)
    counts = Counter(task.task_id.casefold() for task in tasks)
    for task in {task.task_id.casefold(): task for task in tasks}.values():
        if counts[task.task_id.casefold()] > 1:
            sentence = f"Several tasks are called {_short(task.task_id)}."
            yield PlanFault(PlanFaultCode.DOUBLED, (task.task_id,), sentence)


def _graph(tasks: Sequence[Task]) -> Iterator[PlanFault]:
    known = {task.task_id for task in tasks}
    for task in tasks:
        for name in dict.fromkeys(task.after):
            if name not in known:
                sentence = f"{task.task_id} waits for {_short(name)}, which does not exist."
                yield PlanFault(PlanFaultCode.UNKNOWN_TASK, (task.task_id,), sentence)
    circle = cycle(tasks)
    if circle:
        yield PlanFault(PlanFaultCode.CIRCLE, circle[:-1], f"Tasks wait for each other: {' -> '.join(circle)}.")


def _coverage(tasks: Sequence[Task], unproven: Collection[CriterionName]) -> Iterator[PlanFault]:
    proven = {name for task in tasks for name in task.proves}
    for name in sorted(set(unproven) - proven):
        yield PlanFault(PlanFaultCode.UNCOVERED, (), f"No task proves {_short(name)}.")
    for task in tasks:
        for name in dict.fromkeys(task.proves):
            if name not in unproven:
                sentence = f"{task.task_id} proves {_short(name)}, which is not among the criteria to prove."
                yield PlanFault(PlanFaultCode.UNKNOWN_CRITERION, (task.task_id,), sentence)


def _interfaces(tasks: Sequence[Task], interfaces: Sequence[Interface]) -> Iterator[PlanFault]:
    counts = Counter(interface.name for interface in interfaces)
    for name, count in counts.items():
        if count > 1:
            yield PlanFault(PlanFaultCode.INTERFACE, (), f"Several interfaces are called {_short(name)}.")
    for task in tasks:
        for name in dict.fromkeys(task.interfaces):
            if name not in counts:
                sentence = f"{task.task_id} names the interface {_short(name)}, which is not written out."
                yield PlanFault(PlanFaultCode.INTERFACE, (task.task_id,), sentence)


def _shared(tasks: Sequence[Task], paths: Collection[str]) -> Iterator[PlanFault]:
    """Tasks of which neither waits for the other may run at once, so they must own different paths."""
    first = before(tasks)
    known = _affordable(tasks, paths)
    files = {task.task_id: set(filter(readable_patterns(task.owns).matches, known)) for task in tasks}
    for one, other in combinations(tasks, 2):
        if one.task_id in first[other.task_id] or other.task_id in first[one.task_id]:
            continue
        shared = _both_own(one, other, files[one.task_id] & files[other.task_id])
        if shared:
            sentence = (
                f"{one.task_id} and {other.task_id} may run at the same time and both own {_quoted(shared)}; "
                "divide the paths, or let one wait for the other."
            )
            yield PlanFault(PlanFaultCode.SHARED, (one.task_id, other.task_id), sentence)


def _both_own(one: Task, other: Task, files: Iterable[str]) -> str:
    """`files` are those of today that both own. A task that names no pattern owns everything."""
    if one.owns and other.owns:
        return common(one.owns, other.owns, files)
    return next(iter((*one.owns, *other.owns)), "**")


def _affordable(tasks: Sequence[Task], paths: Collection[str]) -> Collection[str]:
    return paths if len(paths) * sum(len(task.owns) for task in tasks) <= MOST_MATCHES else ()


class _Owned:
    """What tasks may not own, with the patterns read once."""

    def __init__(
        self, scope: Sequence[str], protected: Sequence[str], paths: Collection[str], is_spec: Callable[[str], bool]
    ) -> None:
        self._scope = readable_patterns(scope) if scope else None
        try:
            self._protected = path_patterns(p.casefold() for p in protected if not p.startswith("!"))
        except BadPattern:
            self._protected = path_patterns(["**"])
        self._paths, self._is_spec = paths, is_spec

    def faults(self, tasks: Sequence[Task]) -> Iterator[PlanFault]:
        paths = _affordable(tasks, self._paths)
        for task in tasks:
            for pattern in dict.fromkeys(task.owns):
                found = self._fault(pattern, paths)
                if found is not None:
                    code, words = found
                    yield PlanFault(code, (task.task_id,), f"{task.task_id} owns {_quoted(pattern)}, {words}.")

    def _fault(self, pattern: str, paths: Iterable[str]) -> tuple[PlanFaultCode, str] | None:
        bad = _unusable(pattern)
        if bad:
            return PlanFaultCode.PATTERN, bad
        if pattern.startswith("!"):
            return None
        sample = example(pattern)
        there = list(filter(path_patterns([pattern]).matches, paths))
        if self._is_spec(sample) or (there and all(map(self._is_spec, there))):
            return PlanFaultCode.SPEC, "which is a spec: whoever implements it does not edit it"
        if self._guards(sample) or (there and all(map(self._guards, there))):
            return PlanFaultCode.PROTECTED, "which is protected: only people change it"
        if self._scope is not None and not (
            self._scope.matches(sample) or (there and all(map(self._scope.matches, there)))
        ):
            return PlanFaultCode.SCOPE, "which no spec's scope allows"
        return None

    def _guards(self, path: str) -> bool:
        return self._protected.matches(path.casefold())


def _unusable(pattern: str) -> str:
    """Why no path can be meant by a pattern, "" when one can."""
    bad = pattern_fault(pattern)
    if bad:
        return f"which {bad}"
    wrong = None if pattern.startswith("!") else name_fault(example(pattern))
    return "which names no path that may be written" if wrong is not None else ""


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"


def _quoted(pattern: str) -> str:
    return f"`{_short(pattern)}`"
