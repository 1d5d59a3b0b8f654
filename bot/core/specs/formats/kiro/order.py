"""Which task waits for which: the order of the file, `(P)`, `_Depends_`, checkpoints. Pure.

- Each task waits for the task before it. Neighbours marked `(P)` below the same parent wait for the same and not for each other.
- A parent without work of its own is a GROUP: it waits for its children that are not optional, and what comes after waits for it. Its first child
  waits for what comes before the group. A parent with details of its own, or with only optional children, is work itself: it comes first, its
  children wait for it, and what comes after waits for all of them.
- A checkpoint waits for all before it, and all after it wait for it: `(P)` reaches over none.
- Nobody waits for an optional task or one that is struck out, except those in the same optional group.
- `_Depends_` adds, and never loosens the order. One that names a later task would turn the order round, and one that names an optional task would
  make it needed: both are left out and said.

So every task waits only for tasks that were ordered before it, and there is never a circle.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.core.specs.formats.kiro.task_lines import TaskLine
from bot.core.specs.model import TaskKind

MAX_PARALLEL = 64
"""Tasks that may run side by side; a longer run of `(P)` is cut. Nobody has more agents, and the edges between two runs are their product."""


@dataclass(slots=True)
class _Node:
    """A task with its children. `task` is None for a number that only its children have (a heading, mostly)."""

    number: str
    task: TaskLine | None
    children: list["_Node"] = field(default_factory=list)
    barrier: bool = False

    @property
    def optional(self) -> bool:
        if self.task is not None:
            return self.task.optional or self.task.struck
        return all(child.optional for child in self.children)

    @property
    def kind(self) -> TaskKind:
        if self.task is None or (not self.task.works and any(not child.optional for child in self.children)):
            return TaskKind.GROUP
        return TaskKind.CHECKPOINT if self.task.checkpoint and not self.children else TaskKind.WORK

    @property
    def parallel(self) -> bool:
        return self.task is not None and self.task.parallel and not self.barrier


@dataclass(frozen=True, slots=True)
class Order:
    """What is known of each task by its number. `later` and `needless` are pairs (task, what it names) that were left out: the one comes later in
    the order, the other is optional."""

    after: Mapping[str, tuple[str, ...]]
    kinds: Mapping[str, TaskKind]
    optional: frozenset[str]
    later: tuple[tuple[str, str], ...]
    needless: tuple[tuple[str, str], ...]


def in_order(tasks: Sequence[TaskLine], depends: Mapping[str, Sequence[str]]) -> Order:
    """The order of tasks with different numbers. `depends` are the numbers that each names itself; a number may also be one that only children have."""
    walk = _Walk(depends)
    walk.neighbours(_tree(tasks), (), optional=False)
    return Order(walk.after, walk.kinds, frozenset(walk.optional), tuple(walk.later), tuple(walk.needless))


def _tree(tasks: Sequence[TaskLine]) -> list[_Node]:
    """The tasks by their numbers: `2.1` is a child of `2`. A number without a task stands where its first child stands."""
    nodes = {task.number: _Node(task.number, task) for task in tasks}
    top: list[_Node] = []
    placed: set[str] = set()
    for task in tasks:
        number = task.number
        while number and number not in placed:
            placed.add(number)
            parent = number.rpartition(".")[0]
            siblings = nodes.setdefault(parent, _Node(parent, None)).children if parent else top
            siblings.append(nodes[number])
            number = parent
    for node in top:
        _raise_barriers(node)
    return top


def _raise_barriers(node: _Node) -> None:
    """A group with a checkpoint in it is a barrier too."""
    for child in node.children:
        _raise_barriers(child)
    node.barrier = any(child.barrier for child in node.children) or (node.task is not None and node.task.checkpoint)


def _runs(nodes: Sequence[_Node]) -> Iterator[list[_Node]]:
    """Neighbours that may run side by side."""
    run: list[_Node] = []
    for node in nodes:
        if run and not (node.parallel and run[-1].parallel and len(run) < MAX_PARALLEL):
            yield run
            run = []
        run.append(node)
    if run:
        yield run


class _Walk:
    """One pass over the tree, parents of work before their children, groups after them."""

    def __init__(self, depends: Mapping[str, Sequence[str]]) -> None:
        self.after: dict[str, tuple[str, ...]] = {}
        self.kinds: dict[str, TaskKind] = {}
        self.optional: set[str] = set()
        self.later: list[tuple[str, str]] = []
        self.needless: list[tuple[str, str]] = []
        self._depends = depends
        self._ends: dict[str, tuple[str, ...]] = {}

    def neighbours(self, nodes: Sequence[_Node], start: tuple[str, ...], *, optional: bool) -> tuple[str, ...]:
        """Order tasks below one parent; the result stands for all of them: whoever waits for it waits for each that is needed."""
        front = start
        for run in _runs(nodes):
            ends: dict[str, None] = {}
            for node in run:
                end = self._node(node, front, optional=optional)
                ends.update({} if node.optional else dict.fromkeys(end))
            front = tuple(ends) or front
        return front

    def _node(self, node: _Node, start: tuple[str, ...], *, optional: bool) -> tuple[str, ...]:
        optional = optional or node.optional
        if optional:
            self.optional.add(node.number)
        if node.task is None:
            end = self.neighbours(node.children, start, optional=optional)
        elif node.kind is TaskKind.GROUP:
            self.neighbours(node.children, self._start(node.number, start), optional=optional)
            needed = [child for child in node.children if not child.optional]
            self.after[node.number] = tuple(dict.fromkeys(end for child in needed for end in self._ends[child.number]))
            end = (node.number,)
        else:
            self.after[node.number] = self._start(node.number, start)
            self._ends[node.number] = (node.number,)
            end = self.neighbours(node.children, (node.number,), optional=optional)
        self.kinds[node.number] = node.kind
        self._ends[node.number] = end
        return end

    def _start(self, number: str, start: tuple[str, ...]) -> tuple[str, ...]:
        """What a task, or a group's first child, waits for: what comes before, and what the task names itself."""
        named: dict[str, None] = dict.fromkeys(start)
        for other in self._depends.get(number, ()):
            if other not in self._ends:
                self.later.append((number, other))
            elif other in self.optional and number not in self.optional:
                self.needless.append((number, other))
            else:
                named.update(dict.fromkeys(self._ends[other]))
        return tuple(named)
