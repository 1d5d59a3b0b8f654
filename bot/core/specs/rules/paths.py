"""SB12x: paths that tasks and specs claim, and what speaks against them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations, islice

from bot.core.overlap import common_to_be, may_meet, plain_overlap
from bot.core.patterns import pattern_fault, readable_patterns
from bot.core.specs.model import Position, Severity, Spec, SpecFormat, SpecTask
from bot.core.specs.rules.front_place import front_place
from bot.core.specs.rules.patterns import example, fixed_folder, is_wild
from bot.core.specs.rules.rule import LintContext, Remark, Rule
from bot.core.specs.rules.trees import Tree, tree_of
from bot.ids import TaskId

MAX_TASKS = 64
"""Tasks compared for what they own, 2,016 pairs. More is no plan that people follow."""

MAX_PATTERNS = 500
"""Patterns looked at in one spec; honest ones have ten."""

MAX_MATCHES = 300_000
"""Matches of one pattern on one path that a rule may cost, under a second. A larger tree is compared by its patterns alone."""

MAX_PAIRS = 2_000
"""Pairs of patterns that the rule compares by what they could name, at most two seconds; ten honest tasks have four hundred."""

_DRIVE = re.compile(r"[A-Za-z]:")


def _shared_paths(spec: Spec, context: LintContext) -> Iterator[Remark]:
    tasks = spec.tasks[:MAX_TASKS]
    before = _everything_before(tasks)
    owned = _OwnedFiles(tasks, context.tree_paths or frozenset())
    native, way = spec.format is SpecFormat.NATIVE, "Put one behind the other, as the format has it"
    for one, other in combinations(tasks, 2):
        if one.task_id in before[other.task_id] or other.task_id in before[one.task_id]:
            continue
        shared = plain_overlap(one.owns, other.owns) or owned.shared(one, other)
        if shared:
            yield Remark(
                other.position,
                f"{one.task_id} and {other.task_id} may run at the same time and both own `{shared[:100]}`.",
                f"{f'Add `after: {one.task_id}`' if native else way}, or divide the paths.",
            )


def _everything_before(tasks: Sequence[SpecTask]) -> dict[TaskId, set[TaskId]]:
    """For each task, all that is done before it starts. In a circle everything is before everything."""
    after = {task.task_id: task.after for task in tasks}
    before: dict[TaskId, set[TaskId]] = {}
    for task in tasks:
        found: set[TaskId] = set()
        todo = list(task.after)
        while todo:
            current = todo.pop()
            if current not in found:
                found.add(current)
                todo.extend(after.get(current, ()))
        before[task.task_id] = found
    return before


class _OwnedFiles:
    """The files of the tree that each task owns, looked up only for tasks that could meet."""

    def __init__(self, tasks: Sequence[SpecTask], tree_paths: frozenset[str]) -> None:
        cost = len(tree_paths) * sum(len(task.owns) for task in tasks)
        self._tree = tree_paths if cost <= MAX_MATCHES else frozenset[str]()
        self._known: dict[TaskId, set[str]] = {}
        self._pairs = 0

    def shared(self, one: SpecTask, other: SpecTask) -> str:
        """The first file that both own, or one that both could make; "" for none."""
        if not any(may_meet(mine, theirs) for mine in one.owns for theirs in other.owns):
            return ""
        return min(self._files(one) & self._files(other), default="") or self._to_be(one, other)

    def _to_be(self, one: SpecTask, other: SpecTask) -> str:
        self._pairs += len(one.owns) * len(other.owns)
        if self._pairs > MAX_PAIRS:
            return ""
        return common_to_be(readable_patterns(one.owns), readable_patterns(other.owns))

    def _files(self, task: SpecTask) -> set[str]:
        if task.task_id not in self._known:
            self._known[task.task_id] = set(filter(readable_patterns(task.owns).matches, self._tree))
        return self._known[task.task_id]


SHARED_PATH = Rule(
    "SB121",
    "Two parallel tasks own the same path",
    Severity.WARNING,
    "Tasks that do not wait for each other may be worked on at the same time, each by its own agent. When both own a file, their work collides.",
    check=_shared_paths,
)


@dataclass(frozen=True, slots=True)
class _Use:
    """What patterns are for: `scope`, `removes`, or what a task owns."""

    spec: Spec
    key: str
    task: SpecTask | None = None

    def __str__(self) -> str:
        return f"{self.task.task_id} owns" if self.task is not None else self.key

    def place(self, pattern: str) -> Position:
        return self.task.position if self.task is not None else front_place(self.spec, pattern, self.key)


def _patterns(spec: Spec) -> Iterator[tuple[_Use, str]]:
    """The patterns in the spec with what each is for."""
    return islice(_every_pattern(spec), MAX_PATTERNS)


def _every_pattern(spec: Spec) -> Iterator[tuple[_Use, str]]:
    for use, patterns in ((_Use(spec, "scope"), spec.scope), (_Use(spec, "removes"), spec.removes)):
        yield from ((use, pattern) for pattern in patterns)
    for task in spec.tasks:
        if task.owns:
            use = _Use(spec, "owns", task)
            yield from ((use, pattern) for pattern in task.owns)


def _leaves_tree(path: str) -> bool:
    plain = path.removeprefix("!")
    windows = "\\" in plain or _DRIVE.match(plain) is not None
    return plain.startswith(("/", "~")) or ".." in plain.split("/") or ".git" in plain.lower().split("/") or windows


def _traversal(spec: Spec, context: LintContext) -> Iterator[Remark]:
    for use, pattern in _patterns(spec):
        if _leaves_tree(pattern):
            yield Remark(
                use.place(pattern),
                f"{use}: `{pattern[:80]}` leaves the repository.",
                "Write it from the repository's root, with `/`.",
            )
    for path in spec.depends:
        if _leaves_tree(path):
            yield Remark(
                front_place(spec, path, "depends"),
                f"depends: `{path[:80]}` leaves the repository.",
                "Write it from the repository's root.",
            )


TRAVERSAL = Rule(
    "SB122",
    "Path that leaves the repository",
    Severity.ERROR,
    "Paths are written from the repository's root: no `/` in front, no `..`, no drive letter, nothing inside `.git`.",
    fixed=True,
    check=_traversal,
)


def _protected(spec: Spec, context: LintContext) -> Iterator[Remark]:
    for use, pattern in _patterns(spec):
        if not pattern.startswith("!") and _is_protected(pattern, context.config.protected):
            yield Remark(
                use.place(pattern),
                f"{use}: `{pattern[:80]}` is a protected path.",
                "Take it out: people change protected paths themselves.",
            )


@lru_cache(maxsize=1024)
def _is_protected(pattern: str, protected: tuple[str, ...]) -> bool:
    """True also for a folder that holds only protected paths."""
    forbidden = readable_patterns(protected)
    one = example(pattern)
    return forbidden.matches(one) or (not is_wild(pattern) and forbidden.matches(f"{one}/sample"))


PROTECTED = Rule(
    "SB123",
    "Protected path in scope",
    Severity.ERROR,
    "Workflows, code owners and other paths that the repository protects are never written by an agent, whatever a spec says.",
    check=_protected,
)


def _several_in_one(spec: Spec, context: LintContext) -> Iterator[Remark]:
    for use, pattern in _patterns(spec):
        pieces = [piece for piece in re.split(r",\s+|\s+", pattern) if piece]
        if len(pieces) > 1 and (", " in pattern or all("/" in piece or is_wild(piece) for piece in pieces)):
            listed = ", ".join(pieces[:4])
            hint = (
                f"Write a list: `[{listed}]`."
                if use.task is None
                else "Put each into backticks, with commas between them."
            )
            yield Remark(use.place(pattern), f"{use}: `{pattern[:80]}` is read as one pattern.", hint)
        elif pattern.startswith("./"):
            message = f"{use}: `{pattern[:80]}` matches nothing, because of the `./`."
            yield Remark(use.place(pattern), message, f"Write `{pattern[2:82]}`.")


SEVERAL_IN_ONE = Rule(
    "SB127",
    "Pattern that is written in a way that matches nothing",
    Severity.WARNING,
    "One text is one pattern, whatever commas and blanks are in it, and paths begin without `./`. A scope that matches nothing lets nobody write.",
    check=_several_in_one,
)


def _matches_nothing(spec: Spec, context: LintContext) -> Iterator[Remark]:
    if context.tree_paths is None:
        return
    tree = tree_of(context.tree_paths)
    lost = False
    # What another tool's tasks own was read from prose, which names files that are to be made without meaning anything by it.
    patterns = _patterns(spec) if spec.format is SpecFormat.NATIVE else _patterns(replace(spec, tasks=()))
    for use, pattern in patterns:
        if pattern.startswith("./") or ", " in pattern:
            lost = True
        elif not pattern.startswith("!") and fixed_folder(pattern) not in tree.folders:
            lost = lost or use.key == "scope"
            yield Remark(
                use.place(pattern),
                f"{use}: `{pattern[:80]}` matches nothing, and its folder is not there.",
                "Correct it; if the folder is to be made, ignore this.",
            )
    if not lost and _is_empty(spec.scope[:MAX_PATTERNS], tree):
        yield Remark(
            front_place(spec, spec.scope[0], "scope"),
            "scope: it matches no file of the tree.",
            "Correct it; if every file is to be made, ignore this.",
        )


def _is_empty(scope: tuple[str, ...], tree: Tree) -> bool:
    """True when a scope of nothing but wildcards matches no file. A file that is named whole may be to be made."""
    patterns = [pattern for pattern in scope if not pattern.startswith("!")]
    affordable = 0 < len(patterns) * len(tree.paths) <= MAX_MATCHES
    return affordable and all(map(is_wild, patterns)) and not any(map(tree.matches, patterns))


MATCHES_NOTHING = Rule(
    "SB124",
    "Pattern that matches nothing",
    Severity.WARNING,
    "A pattern in a folder that does not exist, or a scope that fits no file, is mostly a typing mistake, and agents could write nothing where "
    "they should.",
    check=_matches_nothing,
)


def _unreadable(spec: Spec, context: LintContext) -> Iterator[Remark]:
    for use, pattern in _patterns(spec):
        fault = pattern_fault(pattern)
        if fault:
            message = f"{use}: the pattern `{pattern[:80]}` {fault}."
            yield Remark(use.place(pattern), message, "Patterns are written as in a `.gitignore`.")


UNREADABLE_PATTERN = Rule(
    "SB125",
    "Pattern that cannot be read",
    Severity.ERROR,
    "Patterns are written as in a `.gitignore`. One that cannot be read matches nothing.",
    fixed=True,
    check=_unreadable,
)


def _outside_scope(spec: Spec, context: LintContext) -> Iterator[Remark]:
    if not spec.scope:
        return
    scope = readable_patterns(spec.scope)
    for task in spec.tasks[:MAX_TASKS]:
        for pattern in task.owns:
            if not pattern_fault(pattern) and not scope.matches(example(pattern)):
                yield Remark(
                    task.position,
                    f"{task.task_id} owns `{pattern[:80]}`, which the scope leaves out.",
                    "Widen `scope`, or correct what the task owns: the scope decides.",
                )


OUTSIDE_SCOPE = Rule(
    "SB126",
    "Task that owns paths outside of the scope",
    Severity.NOTICE,
    "Nothing outside of the scope can be written, whatever a task owns.",
    check=_outside_scope,
)


RULES = (SHARED_PATH, TRAVERSAL, PROTECTED, MATCHES_NOTHING, UNREADABLE_PATTERN, OUTSIDE_SCOPE, SEVERAL_IN_ONE)
