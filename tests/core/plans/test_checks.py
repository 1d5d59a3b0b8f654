"""What speaks against a plan: each fault is named with the tasks it is about, and a good plan has none."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.overlap import common
from bot.core.plans.checks import MOST_TASKS, PlanFaultCode, plan_faults
from bot.core.plans.graph import before
from bot.core.plans.model import Interface, Task
from bot.ids import CriterionName, TaskId

A, B, C = (CriterionName(f"specs/a.md#AC-{n}") for n in (1, 2, 3))
PATHS = frozenset(
    {"src/a/x.py", "src/b/y.py", "README.md", ".github/workflows/ci.yml", "specs/a.md", "gen/one.py", "src/gen/two.py"}
)


def task(name: str, owns: Sequence[str], *proves: CriterionName, after: Sequence[str] = (), **more: Any) -> Task:
    return Task(TaskId(name), name, "Do it.", tuple(owns), proves, tuple(map(TaskId, after)), **more)


GOOD = (
    task("T-1", ["src/a/**"], A),
    task("T-2", ["src/b/**", "/README.md"], B),
    task("T-3", ["src/**"], C, after=["T-1", "T-2"]),
)


def faults(tasks: Sequence[Task], **changes: Any) -> list[tuple[PlanFaultCode, tuple[str, ...]]]:
    ground: dict[str, Any] = {
        "unproven": {A, B, C},
        "scope": ("src/**", "README.md"),
        "protected": (".github/**", "**/CODEOWNERS"),
        "paths": PATHS,
        "is_spec": lambda path: path.startswith("specs/"),
    }
    return [(fault.code, fault.tasks) for fault in plan_faults(tasks, **{**ground, **changes})]


def test_a_good_plan_has_none() -> None:
    assert faults(GOOD) == []


def test_ids_come_first_for_everything_else_is_told_by_them() -> None:
    assert faults([]) == [(PlanFaultCode.EMPTY, ())]
    assert faults([replace(GOOD[0], task_id=TaskId("T/1"))]) == [(PlanFaultCode.ID, ("T/1",))]
    assert faults([replace(GOOD[0], task_id=TaskId("a..b"))]) == [(PlanFaultCode.ID, ("a..b",))]
    assert faults([replace(GOOD[0], task_id=TaskId("T" * 41))]) == [(PlanFaultCode.ID, ("T" * 41,))]
    assert faults([GOOD[0], replace(GOOD[1], task_id=TaskId("t-1"))]) == [(PlanFaultCode.DOUBLED, ("t-1",))]
    many = [task(f"T-{number}", [f"src/{number}"]) for number in range(MOST_TASKS + 1)]
    assert faults(many) == [(PlanFaultCode.TOO_MANY, ())]


def test_a_plan_is_a_graph_of_tasks_that_exist() -> None:
    assert faults([replace(GOOD[0], after=(TaskId("T-9"),)), *GOOD[1:]]) == [(PlanFaultCode.UNKNOWN_TASK, ("T-1",))]
    circle = [replace(GOOD[0], after=(TaskId("T-3"),)), *GOOD[1:]]
    assert faults(circle) == [(PlanFaultCode.CIRCLE, ("T-1", "T-3"))]


def test_every_criterion_is_covered_and_none_is_invented() -> None:
    assert faults(GOOD[:2]) == [(PlanFaultCode.UNCOVERED, ())]
    assert faults(GOOD, unproven={A, B}) == [(PlanFaultCode.UNKNOWN_CRITERION, ("T-3",))]


def test_interfaces_are_written_out_once() -> None:
    told = Interface("cut", "def cut(text: str) -> str")
    using = [replace(GOOD[0], interfaces=("cut",)), *GOOD[1:]]
    assert faults(using, interfaces=[told]) == []
    assert faults(using) == [(PlanFaultCode.INTERFACE, ("T-1",))]
    assert faults(using, interfaces=[told, told]) == [(PlanFaultCode.INTERFACE, ())]


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        ("src/new/**", None),
        ("src/*.py", None),
        ("!docs/**", None),
        ("/README.md", None),
        ("docs/**", PlanFaultCode.SCOPE),
        ("**", PlanFaultCode.SCOPE),
        ("gen/**", PlanFaultCode.SCOPE),
        (".github/**", PlanFaultCode.PROTECTED),
        (".GitHub/workflows/new.yml", PlanFaultCode.PROTECTED),
        ("src/CODEOWNERS", PlanFaultCode.PROTECTED),
        ("specs/a.md", PlanFaultCode.SPEC),
        ("*a.md", PlanFaultCode.SPEC),
        ("[a", PlanFaultCode.PATTERN),
        ("../x", PlanFaultCode.PATTERN),
        ("src/.git/config", PlanFaultCode.PATTERN),
    ],
)
def test_owned_paths_lie_in_the_scope_and_are_nobody_elses(pattern: str, code: PlanFaultCode | None) -> None:
    tasks = [replace(GOOD[0], owns=("src/a/**", pattern)), *GOOD[1:]]
    found = [(one, names) for one, names in faults(tasks) if one is not PlanFaultCode.SHARED]
    assert found == ([] if code is None else [(code, ("T-1",))])


def test_unreadable_protection_protects_everything_and_no_scope_allows_everything() -> None:
    assert {code for code, _ in faults(GOOD, protected=("[a",))} == {PlanFaultCode.PROTECTED}
    assert faults([replace(GOOD[0], owns=("docs/**",)), *GOOD[1:]], scope=()) == []


def test_tasks_that_may_run_at_once_own_different_paths() -> None:
    shared = (PlanFaultCode.SHARED, ("T-1", "T-2"))
    assert faults([GOOD[0], replace(GOOD[1], owns=("src/a/x.py",)), GOOD[2]]) == [shared]
    assert faults([GOOD[0], replace(GOOD[1], owns=("src/a/**",)), GOOD[2]], paths=frozenset()) == [shared]
    assert faults([GOOD[0], replace(GOOD[1], owns=()), GOOD[2]]) == [shared], "no pattern owns everything"
    behind = replace(GOOD[1], owns=("src/a/x.py",), after=(TaskId("T-1"),))
    assert faults([GOOD[0], behind, GOOD[2]]) == []


def test_the_words_say_what_to_do() -> None:
    (fault,) = plan_faults(
        [GOOD[0], replace(GOOD[1], owns=("src/a/**",), proves=(B, C))],
        unproven={A, B, C},
        scope=(),
        protected=(),
        paths=(),
    )
    assert fault.sentence == (
        "T-1 and T-2 may run at the same time and both own `src/a/**`; divide the paths, or let one wait for the other."
    )


OWNED = st.lists(st.sampled_from(["a/**", "b/**", "a/x", "*.py", "c", "**/y", "!a/x", "[b]/z"]), max_size=2)


@st.composite
def plans(draw: st.DrawFn) -> list[Task]:
    count = draw(st.integers(1, 5))
    return [
        task(f"T-{n}", draw(OWNED), after=[f"T-{m}" for m in range(n) if draw(st.booleans())]) for n in range(count)
    ]


@given(plans())
def test_a_plan_without_faults_keeps_apart_what_may_run_at_once(tasks: list[Task]) -> None:
    paths = ["a/x", "b/z", "c", "d/y", "m.py"]
    if plan_faults(tasks, unproven=(), scope=(), protected=(), paths=paths):
        return
    first = before(tasks)
    for one in tasks:
        for other in tasks:
            together = one.task_id not in first[other.task_id] and other.task_id not in first[one.task_id]
            if one is not other and together:
                assert one.owns
                assert other.owns
                assert common(one.owns, other.owns, paths) == ""


@given(st.lists(st.builds(Task, st.text().map(TaskId), st.text(), st.text(), st.lists(st.text(), max_size=3).map(tuple), st.just(()), st.lists(st.text().map(TaskId), max_size=2).map(tuple)), max_size=4))  # fmt: skip
def test_whatever_is_proposed_there_is_an_answer(tasks: list[Task]) -> None:
    found = plan_faults(tasks, unproven={A}, scope=("src/**",), protected=(".github/**",), paths=PATHS)
    assert found, "nobody proves the criterion"
