"""The picture of a plan: whatever the graph, every box has its place and every arrow leads from left to right."""

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.core.plans.model import Plan, Task
from bot.ids import TaskId
from bot.reporting.graph_picture import NODE_HEIGHT, NODE_WIDTH, GraphPicture, graph_picture


def plan_of(after: dict[str, list[str]]) -> Plan:
    tasks = (Task(TaskId(name), name, "", (), (), tuple(TaskId(n) for n in waits)) for name, waits in after.items())
    return Plan(tuple(tasks))


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, list[str]]:
    """Any acyclic graph of up to 12 tasks: each waits only for tasks that come before it in some order."""
    names = [f"T-{number}" for number in range(1, draw(st.integers(1, 12)) + 1)]
    after = {
        name: draw(st.lists(st.sampled_from(names[:place]), unique=True)) if place else []
        for place, name in enumerate(names)
    }
    order = draw(st.permutations(names))
    return {name: after[name] for name in order}


def x_of(picture: GraphPicture) -> dict[str, int]:
    return {box.task_id: box.x for box in picture.boxes}


@given(graphs())
def test_boxes_stand_apart_and_right_of_what_they_wait_for(after: dict[str, list[str]]) -> None:
    picture = graph_picture(plan_of(after))
    assert [box.task_id for box in picture.boxes] == list(after)
    x = x_of(picture)
    for name, waits in after.items():
        assert all(x[name] >= x[other] + NODE_WIDTH for other in waits)
    for place, one in enumerate(picture.boxes):
        assert 0 <= one.x <= picture.width - NODE_WIDTH
        assert 0 <= one.y <= picture.height - NODE_HEIGHT
        for other in picture.boxes[place + 1 :]:
            assert one.x != other.x or abs(one.y - other.y) >= NODE_HEIGHT


def reached(graph: dict[str, list[str]]) -> dict[str, set[str]]:
    """All that each task waits for, directly or not."""
    found: dict[str, set[str]] = {name: set(waits) for name, waits in graph.items()}
    for _ in graph:
        found = {name: waits | {n for other in waits for n in found[other]} for name, waits in found.items()}
    return found


@given(graphs())
def test_arrows_say_the_same_as_the_plan(after: dict[str, list[str]]) -> None:
    """What is left out follows from what is drawn."""
    picture = graph_picture(plan_of(after))
    drawn = {name: [arrow.source for arrow in picture.arrows if arrow.target == name] for name in after}

    assert all(set(drawn[name]) <= set(waits) for name, waits in after.items())
    assert reached(drawn) == reached(after)


@given(graphs())
def test_no_arrow_runs_through_a_box(after: dict[str, list[str]]) -> None:
    """The straight parts of long arrows pass between the boxes of the columns that they cross."""
    picture = graph_picture(plan_of(after))
    for arrow in picture.arrows:
        for match in re.finditer(r"(\d+) (\d+) L(\d+) (\d+)", arrow.path):
            left, y, right, _ = map(int, match.groups())
            for box in picture.boxes:
                assert not (box.x < right and left < box.x + NODE_WIDTH and box.y < y < box.y + NODE_HEIGHT)


def test_six_tasks_and_a_join_are_two_columns() -> None:
    names = [f"T-{number}" for number in range(1, 7)]
    picture = graph_picture(plan_of({name: [] for name in names} | {"T-7": names}))
    assert len(set(x_of(picture).values())) == 2
    assert len(picture.arrows) == 6
    join = picture.boxes[-1]
    assert abs(join.y + NODE_HEIGHT / 2 - picture.height / 2) <= 4


def test_one_task_and_none_have_a_picture_too() -> None:
    assert len(graph_picture(plan_of({"T-1": []})).boxes) == 1
    assert graph_picture(Plan(())).boxes == ()


def test_a_name_that_the_plan_does_not_have_is_left_out() -> None:
    assert graph_picture(plan_of({"T-1": ["T-9"]})).arrows == ()
