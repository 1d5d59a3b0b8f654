"""The graph of tasks: whether it is one, in which order it can be worked off, and what may start now."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush

from bot.core.plans.model import Task
from bot.errors import Defect
from bot.ids import TaskId


def graph_faults(tasks: Sequence[Task]) -> tuple[str, ...]:
    """What keeps the tasks from being a graph without cycles, as sentences; empty when nothing does."""
    counts = Counter(task.task_id for task in tasks)
    doubled = [f"two tasks are called {name}" for name, count in counts.items() if count > 1]
    unknown = [
        f"{task.task_id} waits for {name}, which does not exist"
        for task in tasks
        for name in task.after
        if name not in counts
    ]
    circle = cycle(tasks)
    round_and_round = [f"tasks wait for each other: {' -> '.join(circle)}"] if circle else []
    return (*doubled, *unknown, *round_and_round)


def cycle(tasks: Sequence[Task]) -> tuple[TaskId, ...]:
    """One circle of waiting, its first task again at the end; empty when there is none. Unknown tasks are passed over."""
    return circle_of({task.task_id: task.after for task in tasks})


def circle_of(after: Mapping[TaskId, Collection[TaskId]]) -> tuple[TaskId, ...]:
    """As `cycle`, for what each task waits for. Linear in tasks and waits, however long the chains are."""
    stuck = set(after) - set(_worked_off(after))
    if not stuck:
        return ()
    path: dict[TaskId, None] = {}
    current = next(name for name in after if name in stuck)
    while current not in path:
        path[current] = None
        current = min(name for name in after[current] if name in stuck)
    way = list(path)
    return (*way[way.index(current) :], current)


def in_order(tasks: Sequence[Task]) -> tuple[Task, ...]:
    """The tasks so that each stands behind all it waits for; otherwise as they were given. Raises `Defect` on `graph_faults`."""
    faults = graph_faults(tasks)
    if faults:
        raise Defect(f"no graph of tasks: {'; '.join(faults)}", hint="check `graph_faults` before ordering")
    by_name = {task.task_id: task for task in tasks}
    return tuple(by_name[name] for name in _worked_off({task.task_id: task.after for task in tasks}))


def before(tasks: Sequence[Task]) -> Mapping[TaskId, frozenset[TaskId]]:
    """For each task all that is done before it starts, directly or not. For tasks without `graph_faults`."""
    found: dict[TaskId, frozenset[TaskId]] = {}
    for task in in_order(tasks):
        found[task.task_id] = frozenset(task.after).union(*(found[name] for name in task.after))
    return found


def _worked_off(after: Mapping[TaskId, Collection[TaskId]]) -> Iterator[TaskId]:
    """The tasks in the order in which one after the other can be done, the first in the given order first; those in or behind a circle
    never come."""
    place = {name: number for number, name in enumerate(after)}
    names = list(after)
    waits = [len({other for other in after[name] if other in place}) for name in names]
    behind: dict[TaskId, list[int]] = {}
    for number, name in enumerate(names):
        for other in set(after[name]):
            behind.setdefault(other, []).append(number)
    free = [number for number, count in enumerate(waits) if not count]
    heapify(free)
    while free:
        name = names[heappop(free)]
        yield name
        for number in behind.get(name, ()):
            waits[number] -= 1
            if not waits[number]:
                heappush(free, number)


def ready(tasks: Sequence[Task], done: Collection[TaskId], running: Collection[TaskId] = ()) -> tuple[Task, ...]:
    """The tasks that may start now: neither done nor running, and all they wait for is done. In the given order."""
    started = {*done, *running}
    return tuple(task for task in tasks if task.task_id not in started and set(task.after) <= set(done))
