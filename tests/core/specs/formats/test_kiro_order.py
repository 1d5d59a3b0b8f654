"""Which of Kiro's tasks wait for which."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.specs.model import TaskKind
from tests.core.specs.formats.kiro_writing import findings, order, plan, spec, task, told

SPELLINGS = {
    "indented": "- [ ] 1. A\n  - [ ] 1.1 a\n  - [ ] 1.2 b\n- [ ] 2. B\n  - [ ] 2.1 c\n- [ ] 3. d\n",
    "at the left margin": "- [ ] 1. A\n- [ ] 1.1 a\n  - detail\n\n- [ ] 1.2 b\n\n- [ ] 2. B\n- [ ] 2.1 c\n- [ ] 3. d\n",
}


@pytest.mark.parametrize("text", SPELLINGS.values(), ids=SPELLINGS)
def test_each_task_waits_for_the_one_before_and_a_group_for_its_children(text: str) -> None:
    assert order(text) == {"1": ("1.1", "1.2"), "1.1": (), "1.2": ("1.1",), "2": ("2.1",), "2.1": ("1",), "3": ("2",)}
    assert {t.task_id: t.kind for t in spec(plan(text)).tasks if t.kind is not TaskKind.WORK} == {
        "1": TaskKind.GROUP,
        "2": TaskKind.GROUP,
    }


def test_a_group_may_be_a_heading_only() -> None:
    text = "## 1. A\n- [ ] 1.1 a\n- [ ] 1.2 b\n\n## 2. B\n- [ ] 2.1 c\n"
    assert order(text) == {"1.1": (), "1.2": ("1.1",), "2.1": ("1.2",)}


def test_neighbours_marked_p_run_together() -> None:
    text = "- [ ] 1. A\n- [ ] 1.1 a\n- [ ] 1.2 (P) b\n- [ ] 1.3 (P) c\n- [ ] 1.4 d\n- [ ] 2. B\n- [ ] 2.1 (P) e\n- [ ] 2.2 (P) f\n"
    assert order(text) == {
        "1": ("1.1", "1.2", "1.3", "1.4"),
        "1.1": (),
        "1.2": ("1.1",),
        "1.3": ("1.1",),
        "1.4": ("1.2", "1.3"),
        "2": ("2.1", "2.2"),
        "2.1": ("1",),
        "2.2": ("1",),
    }


def test_p_ends_with_the_group_also_where_that_is_a_heading() -> None:
    text = "## 1. A\n- [ ] 1.1 (P) a\n- [ ] 1.2 (P) b\n## 2. B\n- [ ] 2.1 (P) c\n- [ ] 2.2 (P) d\n"
    assert order(text) == {"1.1": (), "1.2": (), "2.1": ("1.1", "1.2"), "2.2": ("1.1", "1.2")}


def test_groups_marked_p_run_together() -> None:
    text = "- [ ] 1. A (P)\n- [ ] 1.1 a\n- [ ] 1.2 b\n- [ ] 2. B (P)\n- [ ] 2.1 c\n- [ ] 3. d\n"
    found = order(text)
    assert (found["1.2"], found["2.1"], found["3"]) == (("1.1",), (), ("1", "2"))


def test_a_checkpoint_is_a_barrier_that_p_does_not_reach_over() -> None:
    text = "- [ ] 1. (P) a\n- [ ] 2. (P) b\n- [ ] 3. (P) Checkpoint\n- [ ] 4. (P) c\n- [ ] 5. (P) d\n"
    assert order(text) == {"1": (), "2": (), "3": ("1", "2"), "4": ("3",), "5": ("3",)}
    inside = "- [ ] 1. (P) A\n- [ ] 1.1 a\n- [ ] 1.2 Checkpoint\n- [ ] 2. (P) b\n"
    assert order(inside)["2"] == ("1",)


def test_nobody_waits_for_an_optional_task() -> None:
    text = "- [ ] 1. A\n- [ ] 1.1 a\n- [ ]* 1.2 b\n- [ ] 1.3 c\n- [ ]* 2. d\n- [ ] 3. e\n"
    assert order(text) == {"1": ("1.1", "1.3"), "1.1": (), "1.2": ("1.1",), "1.3": ("1.1",), "2": ("1",), "3": ("1",)}


def test_below_an_optional_group_all_is_optional_and_keeps_its_order() -> None:
    files = plan("- [ ] 1. a\n- [ ]* 2. B\n- [ ] 2.1 b\n- [ ] 2.2 c\n- [ ] 3. d\n")
    assert [t.task_id for t in spec(files).tasks if t.optional] == ["2", "2.1", "2.2"]
    assert (task(files, "2.2").after, task(files, "2").after, task(files, "3").after) == (
        ("2.1",),
        ("2.1", "2.2"),
        ("1",),
    )


def test_a_parent_with_details_of_its_own_is_work_that_comes_first() -> None:
    text = "- [ ] 1. Build it\n  - parse\n  - _Requirements: 1.1_\n- [ ] 1.1 Test it\n- [ ]* 1.2 Measure it\n- [ ] 2. Next\n"
    files = plan(text)
    assert (task(files, "1").kind, task(files, "1").after) == (TaskKind.WORK, ())
    assert (task(files, "1.1").after, task(files, "1.2").after, task(files, "2").after) == (("1",), ("1.1",), ("1.1",))


def test_a_parent_with_marks_or_a_remark_only_is_a_group() -> None:
    text = "- [ ] 1. Build it\n  In two steps.\n  - _Requirements: 1.1_\n  - _Boundary: Rows_\n  - [ ] 1.1 Parse\n"
    assert task(plan(text), "1").kind is TaskKind.GROUP


def test_a_parent_whose_children_are_all_optional_is_work() -> None:
    files = plan("- [ ] 1. Build it\n  - [ ]* 1.1 Test it\n- [ ] 2. Next\n")
    assert task(files, "1").kind is TaskKind.WORK
    assert (task(files, "1.1").after, task(files, "2").after) == (("1",), ("1",))


def test_depends_adds() -> None:
    text = "- [ ] 1. A\n- [ ] 1.1 a\n- [ ] 1.2 b\n- [ ] 2. B\n  - _Depends: 1.1_\n- [ ] 2.1 (P) c\n  - _Depends: 1.2, 1_\n- [ ] 2.2 (P) d\n"
    found = order(text)
    assert (found["2.1"], found["2.2"], found["2"]) == (("1", "1.1", "1.2"), ("1", "1.1"), ("2.1", "2.2"))
    assert told(plan(text)) == []


@pytest.mark.parametrize(
    "mark",
    [
        "- _Depends: 1_",
        "- _Depends on: Task 1_",
        "- _Dependencies: 1.1, 1.2_",
        "- **Dependencies:** Tasks 1.1-1.2 (all of it)",
        "_Depends: 1.1 and 1.2_",
    ],
)
def test_depends_may_be_written_in_several_ways(mark: str) -> None:
    text = f"## 1. A\n- [ ] 1.1 (P) a\n- [ ] 1.2 (P) b\n## 2. B\n- [ ] 2.1 c\n  {mark}\n"
    assert order(text)["2.1"] == ("1.1", "1.2")
    assert told(plan(text)) == []


def test_depends_may_stand_in_the_title() -> None:
    assert order("- [ ] 1. (P) a\n- [ ] 2. (P) b (depends on 1)\n")["2"] == ("1",)


@pytest.mark.parametrize("number", ["1.1", "1.2", "1", "2"])
def test_depends_on_itself_or_what_comes_later_is_left_out_and_told(number: str) -> None:
    text = f"- [ ] 1. A\n- [ ] 1.1 a\n  - _Depends: {number}_\n- [ ] 1.2 b\n- [ ] 2. c\n"
    assert order(text)["1.1"] == ()
    assert [(f.position.line, number in f.message or "itself" in f.message) for f in findings(plan(text), "SB512")] == [
        (3, True)
    ]


def test_depends_on_an_optional_task_is_left_out_and_told() -> None:
    text = "- [ ] 1. a\n- [ ]* 2. b\n- [ ] 3. c\n  - _Depends: 2_\n- [ ]* 4. d\n  - _Depends: 2_\n"
    assert (order(text)["3"], order(text)["4"]) == (("1",), ("3", "2"))
    assert [f.position.line for f in findings(plan(text), "SB512")] == [4]


@pytest.mark.parametrize(
    ("value", "rule"),
    [("1, 9.9", "SB504"), ("the scenario runner", "SB512"), ("other-spec/1", "SB512"), ("FOUND-1", "SB512")],
)
def test_depends_on_something_else_is_told(value: str, rule: str) -> None:
    text = f"- [ ] 1. a\n- [ ] 2. b\n  - _Depends: {value}_\n"
    assert order(text)["2"] == ("1",)
    assert told(plan(text)) == [(rule, "tasks.md", 3)]


def test_a_graph_that_is_not_read_is_told() -> None:
    text = '- [ ] 1. a\n\n## Task Dependency Graph\n\n```json\n{"waves": []}\n```\n'
    assert told(plan(text)) == [("SB512", "tasks.md", 3)]


numbers = st.lists(st.integers(min_value=1, max_value=4), min_size=1, max_size=3).map(
    lambda parts: ".".join(map(str, parts))
)


@st.composite
def plans(draw: st.DrawFn) -> str:
    lines = []
    for number in draw(st.lists(numbers, min_size=1, max_size=14, unique=True)):
        star = draw(st.sampled_from(["", "", "", "*"]))
        mark = draw(st.sampled_from(["", "", "(P) "]))
        title = draw(st.sampled_from(["a", "a", "a", "Checkpoint"]))
        lines.append(f"- [ ]{star} {number} {mark}{title}")
        if draw(st.booleans()):
            lines.append("  - detail")
        for other in draw(st.lists(numbers, max_size=2)):
            lines.append(f"  - _Depends: {other}_")
    return "\n".join(lines)


@settings(max_examples=150)
@given(plans())
def test_no_plan_has_a_circle_and_every_needed_task_is_waited_for_in_order(text: str) -> None:
    tasks = spec(plan(text)).tasks
    by_id = {one.task_id: one for one in tasks}
    done: set[str] = set()
    while ready := [one for one in tasks if one.task_id not in done and done.issuperset(one.after)]:
        done.update(one.task_id for one in ready)
    assert done == set(by_id)
    for one in tasks:
        assert all(other in by_id for other in one.after)
        assert one.optional or not any(by_id[other].optional for other in one.after)
