"""A graph of tasks: no circles, an order, and what may start now."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.plans.graph import before, cycle, graph_faults, in_order, ready
from bot.core.plans.model import Task
from bot.errors import Defect
from bot.ids import TaskId


def task(name: str, *after: str) -> Task:
    return Task(TaskId(name), name, "", (), (), tuple(TaskId(other) for other in after))


def names(tasks: tuple[Task, ...]) -> list[str]:
    return [task.task_id for task in tasks]


DIAMOND = (task("D", "B", "C"), task("B", "A"), task("C", "A"), task("A"))


def test_each_task_stands_behind_what_it_waits_for() -> None:
    assert names(in_order(DIAMOND)) == ["A", "B", "C", "D"]
    assert in_order(()) == ()


def test_the_given_order_is_kept_where_it_may_be() -> None:
    free = (task("Z"), task("A"), task("M"))
    assert in_order(free) == free


def test_what_may_start_now() -> None:
    assert names(ready(DIAMOND, set())) == ["A"]
    assert names(ready(DIAMOND, {TaskId("A")})) == ["B", "C"]
    assert names(ready(DIAMOND, {TaskId("A")}, {TaskId("B")})) == ["C"]
    assert names(ready(DIAMOND, {TaskId("A"), TaskId("B"), TaskId("C")})) == ["D"]


def test_faults_are_named() -> None:
    assert graph_faults(DIAMOND) == ()
    assert graph_faults([task("A"), task("A")]) == ("two tasks are called A",)
    assert graph_faults([task("A", "X")]) == ("A waits for X, which does not exist",)
    assert graph_faults([task("A", "A")]) == ("tasks wait for each other: A -> A",)
    (fault,) = graph_faults([task("A", "C"), task("B", "A"), task("C", "B"), task("D", "A")])
    assert fault == "tasks wait for each other: A -> C -> B -> A"


def test_what_is_done_before_a_task_may_be_indirect() -> None:
    assert before(DIAMOND)[TaskId("D")] == {"A", "B", "C"}
    assert before(DIAMOND)[TaskId("A")] == frozenset()


def test_a_long_chain_costs_no_more_than_its_tasks() -> None:
    chain = [task(str(number), str(number + 1)) for number in range(20_000)]
    closed = [*chain, task("20000", "0")]
    assert len(cycle(closed)) == 20_002
    assert cycle([*chain, task("20000")]) == ()


def test_a_graph_with_faults_has_no_order() -> None:
    with pytest.raises(Defect, match="A -> A"):
        in_order([task("A", "A")])


GRAPHS = st.lists(
    st.tuples(st.integers(0, 7), st.lists(st.integers(0, 7), max_size=3)), max_size=8, unique_by=lambda one: one[0]
)


@given(GRAPHS.map(lambda graph: [task(str(name), *map(str, after)) for name, after in graph]))
def test_a_graph_has_either_a_fault_or_an_order(tasks: list[Task]) -> None:
    circle = cycle(tasks)
    if circle:
        waits = {one.task_id: one.after for one in tasks}
        assert circle[0] == circle[-1]
        assert all(after in waits[before] for before, after in pairwise(circle))
    if not graph_faults(tasks):
        ordered = in_order(tasks)
        assert sorted(names(ordered)) == sorted(names(tuple(tasks)))
        for place, one in enumerate(ordered):
            assert set(one.after) <= {before.task_id for before in ordered[:place]}
