"""Team or one agent?"""

import pytest

from bot.core.plans.model import Task
from bot.core.plans.shape import longest_chain, shape_of
from bot.ids import TaskId


def tasks(graph: str) -> list[Task]:
    """`a b<a c<ab`: a task a letter, with what it waits for behind `<`."""
    parts = [part.partition("<") for part in graph.split()]
    return [Task(TaskId(name), name, "", (), (), tuple(map(TaskId, after))) for name, _, after in parts]


@pytest.mark.parametrize(
    ("graph", "team", "reason"),
    [
        ("a", False, "One task is done by one agent: a team needs at least 3."),
        ("a b", False, "2 tasks are done by one agent: a team needs at least 3."),
        ("a b<a c<b", False, "The 3 tasks wait for each other in one chain, so one agent does them."),
        ("a b c<ab", False, "67% of the work is one chain (a → c), so one agent does all of it."),
        ("a b<a c<a d<bc", False, "75% of the work is one chain (a → b → d), so one agent does all of it."),
        ("a b c", True, "3 tasks for a team of agents, none waits for another."),
        ("a b<a c<a d<a e<bcd", True, "5 tasks for a team of agents; the longest chain is a → b → e."),
        ("a b c d e f g<abcdef", True, "7 tasks for a team of agents; the longest chain is a → g."),
    ],
)
def test_a_team_needs_work_that_can_be_done_side_by_side(graph: str, team: bool, reason: str) -> None:
    shape = shape_of(tasks(graph))
    assert (shape.team, shape.reasons) == (team, (reason,))


def test_sizes_weigh() -> None:
    three = tasks("a b c")
    assert not shape_of(three, {TaskId("a"): 4}).team, "a alone is two thirds"
    assert shape_of(three, {TaskId("a"): 2}).team
    assert longest_chain(tasks("a b<a c"), {TaskId("a"): 1, TaskId("b"): 1, TaskId("c"): 4}) == ("c",)


def test_a_spec_of_ten_thousand_tasks_costs_no_more_than_its_tasks() -> None:
    chain = [Task(TaskId(str(n)), "", "", (), (), (TaskId(str(n - 1)),) if n else ()) for n in range(10_000)]
    assert not shape_of(chain).team
    side = [*chain, *(Task(TaskId(f"s{n}"), "", "", (), ()) for n in range(10_000))]
    assert shape_of(side).reasons == (
        "20000 tasks for a team of agents; the longest chain is 0 → 1 → 2 → 3 → 4 → 5 → 6 → 7 → ….",
    )


def test_no_task_has_no_chain() -> None:
    assert longest_chain([], {}) == ()
