"""The scheduler, on any acyclic graph and in any order of completion: each task runs when and only when it may."""

from dataclasses import dataclass
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from bot.core.plans.graph import before
from bot.core.plans.model import Plan, Task
from bot.core.plans.progress import Progress, TaskState, first_round, next_round
from bot.core.plans.schedule import Schedule, schedule
from bot.ids import Sha, TaskId, TreeSha

HEAD, TREE = Sha("a" * 40), TreeSha("b" * 40)
LOST = (TaskState.BLOCKED, TaskState.FAILED)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """An acyclic graph, its tasks in any order, also one in which they cannot be worked off."""
    size = draw(st.integers(1, 7))
    tasks = [
        Task(
            TaskId(f"T-{n}"),
            "",
            "",
            (),
            (),
            tuple(TaskId(f"T-{m}") for m in draw(st.sets(st.integers(0, n - 1)) if n else st.just(set()))),
        )
        for n in range(size)
    ]
    return Plan(tuple(draw(st.permutations(tasks))))


@dataclass
class World:
    """Plays the engine: agents end in any order and in any way, then their work is merged or is not."""

    plan: Plan
    progress: Progress
    at_once: int
    data: st.DataObject

    def look(self) -> Schedule:
        """What the scheduler says, judged by rules that do not share its code."""
        told = schedule(self.plan, self.progress, self.at_once)
        state = {task.task_id: task.state for task in self.progress.tasks}
        wanted = set(self.progress.wanted)
        after = {name: set(others) & wanted for name, others in before(self.plan.tasks).items()}
        held = {name for name, _ in told.hold}
        working = sum(state[name] is TaskState.WORKING for name in wanted)
        may = [n for n in state if n in wanted and state[n] is TaskState.WAITING and all(state[m] is TaskState.MERGED for m in after[n])]  # fmt: skip
        assert set(told.start) <= set(may), "only what may start is started"
        assert len(told.start) == min(len(may), max(0, self.at_once - working)), "and nothing waits that need not"
        lost = {name for name in wanted if state[name] in (*LOST, TaskState.HELD)}
        reach = self._behind(lost, after)
        assert held == {name for name in reach if state[name] is TaskState.WAITING}, "held is what is behind a loss"
        assert not held & set(told.start)
        rest = {name for name in wanted if not state[name].ended} - held
        assert told.over == (not rest)
        return told

    def _behind(self, lost: set[TaskId], after: dict[TaskId, set[TaskId]]) -> set[TaskId]:
        found: set[TaskId] = set()
        todo = set(lost)
        while todo:
            todo = {name for name in after if after[name] & (todo | lost | found)} - found - lost
            found |= todo
        return found & set(self.progress.wanted)

    def change(self, name: TaskId, state: TaskState) -> None:
        self.progress = self.progress.with_task(name, state=state)

    def play(self) -> None:
        for turn in count():
            assert turn < 100, "it never ends"
            told = self.look()
            for name, _ in told.hold:
                self.change(name, TaskState.HELD)
            for name in told.start:
                self.change(name, TaskState.WORKING)
            if told.over:
                return
            moving = [t.task_id for t in self.progress.tasks if t.state in (TaskState.WORKING, TaskState.HANDED_IN)]
            assert moving, "nothing is under way and it is not over: the rest starves"
            name = self.data.draw(st.sampled_from(moving))
            handed_in = self.progress.of(name).state is TaskState.HANDED_IN
            good = TaskState.MERGED if handed_in else TaskState.HANDED_IN
            self.change(name, self.data.draw(st.sampled_from([good, good, TaskState.MERGED, *LOST])))


@given(plans(), st.integers(1, 4), st.data())
def test_each_task_runs_when_and_only_when_it_may(plan: Plan, at_once: int, data: st.DataObject) -> None:
    world = World(plan, first_round(plan, HEAD, TREE), at_once, data)
    world.play()
    state = {task.task_id: task.state for task in world.progress.tasks}
    first = before(plan.tasks)
    for name, ended in state.items():
        behind_loss = any(state[other] in LOST for other in first[name])
        assert ended.ended
        assert (ended is TaskState.HELD) == behind_loss


@given(plans(), st.integers(1, 4), st.data())
def test_a_later_round_does_what_is_wanted_and_waits_for_nothing_else(
    plan: Plan, at_once: int, data: st.DataObject
) -> None:
    world = World(plan, first_round(plan, HEAD, TREE), at_once, data)
    world.play()
    wanted = data.draw(st.lists(st.sampled_from([task.task_id for task in plan.tasks]), unique=True))
    ended = world.progress
    world.progress = next_round(ended, wanted)
    world.play()
    for task in world.progress.tasks:
        assert task.state.ended
        if task.task_id not in wanted:
            assert task == ended.of(task.task_id), "nobody touches the others"


@given(plans())
def test_when_nobody_may_work_nothing_is_started(plan: Plan) -> None:
    assert schedule(plan, first_round(plan, HEAD, TREE), 0).start == ()


def test_whoever_is_held_is_told_for_whom() -> None:
    tasks = [
        Task(TaskId(n), "", "", (), (), tuple(map(TaskId, after))) for n, after in (("C", "B"), ("B", "A"), ("A", ""))
    ]
    plan = Plan(tuple(tasks))
    progress = first_round(plan, HEAD, TREE).with_task(TaskId("A"), state=TaskState.BLOCKED)
    assert dict(schedule(plan, progress, 4).hold) == {"B": "it waits for A", "C": "it waits for B"}


def test_two_of_one_line_never_work_at_once_also_when_the_one_between_them_is_done() -> None:
    tasks = [
        Task(TaskId(n), "", "", ("same.py",), (), tuple(map(TaskId, after)))
        for n, after in (("A", ""), ("B", "A"), ("C", "B"))
    ]
    plan = Plan(tuple(tasks))
    progress = first_round(plan, HEAD, TREE)
    for name in ("A", "B", "C"):
        progress = progress.with_task(TaskId(name), state=TaskState.MERGED)
    assert schedule(plan, next_round(progress, [TaskId("A"), TaskId("C")]), 4).start == ("A",)
