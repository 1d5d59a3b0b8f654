"""The graph of tasks: whether it is one, in which order it can be worked off, and what may start now."""

from collections import Counter
from collections.abc import Collection, Sequence

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
    left = {task.task_id: set(task.after) for task in tasks}
    left = {name: after & set(left) for name, after in left.items()}
    while free := [name for name, after in left.items() if not after]:
        for name in free:
            del left[name]
        left = {name: after - set(free) for name, after in left.items()}
    if not left:
        return ()
    path = [next(iter(left))]
    while path[-1] not in path[:-1]:
        path.append(min(left[path[-1]]))
    return tuple(path[path.index(path[-1]) :])


def in_order(tasks: Sequence[Task]) -> tuple[Task, ...]:
    """The tasks so that each stands behind all it waits for; otherwise as they were given. Raises `Defect` on `graph_faults`."""
    faults = graph_faults(tasks)
    if faults:
        raise Defect(f"no graph of tasks: {'; '.join(faults)}", hint="check `graph_faults` before ordering")
    ordered: list[Task] = []
    while len(ordered) < len(tasks):
        ordered.append(ready(tasks, {task.task_id for task in ordered})[0])
    return tuple(ordered)


def ready(tasks: Sequence[Task], done: Collection[TaskId], running: Collection[TaskId] = ()) -> tuple[Task, ...]:
    """The tasks that may start now: neither done nor running, and all they wait for is done. In the given order."""
    started = {*done, *running}
    return tuple(task for task in tasks if task.task_id not in started and set(task.after) <= set(done))
