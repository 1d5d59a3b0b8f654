"""The spec's own tasks as one task for one agent."""

from dataclasses import replace

from bot.core.plans.from_spec import ONLY_TASK, single_plan
from bot.core.plans.graph import graph_faults
from bot.core.specs.model import Position, ProofKind, Spec, SpecTask, Status, TaskKind
from bot.ids import CriterionId, CriterionName, TaskId
from tests.core.proofs.builders import SPEC, criterion, digest

CUT = Spec(
    SPEC,
    "Cut long text",
    Status.READY,
    digest("raw"),
    "text",
    criteria=tuple(criterion(ProofKind.CHANGE, "true", number=number) for number in (1, 2, 3)),
    tasks=(
        SpecTask(TaskId("T-1"), "Add `cut()`", ("src/**",), (CriterionId("AC-1"),), (), True, Position(SPEC, 40)),
        SpecTask(TaskId("T-2"), "Cut words", (), (CriterionId("AC-3"),), (TaskId("T-1"),), False, Position(SPEC, 41)),
        SpecTask(TaskId("T-3"), "Document it", ("docs/**",), (), (), False, Position(SPEC, 42)),
    ),
)
OTHER = replace(
    CUT,
    path="specs/0002.md",
    title="Other",
    criteria=(replace(criterion(ProofKind.CHANGE, "true"), spec_path="specs/0002.md"),),
    tasks=(),
)


def name(number: int, path: str = SPEC) -> CriterionName:
    return CriterionName(f"{path}#AC-{number}")


def test_everything_proven_needs_no_task() -> None:
    assert single_plan([CUT], set()).tasks == ()


def test_one_task_proves_what_is_unproven_in_the_specs_order() -> None:
    plan = single_plan([CUT], {name(3), name(1)})
    (task,) = plan.tasks
    assert task.task_id == ONLY_TASK
    assert task.proves == (name(1), name(3))
    assert (task.owns, task.after, task.title) == ((), (), "Cut long text")
    assert graph_faults(plan.tasks) == ()
    assert plan.reasons


def test_only_open_tasks_are_told_and_a_tick_closes_none() -> None:
    (task,) = single_plan([CUT], {name(1)}).tasks
    assert task.instructions.splitlines() == [
        f"{SPEC}: Cut long text",
        "Not proven yet: AC-1",
        "The author's tasks:",
        "- T-1 Add `cut()` (in: src/**; proves: AC-1)",
        "- T-3 Document it (in: docs/**)",
    ]


def test_several_specs_make_one_task_and_finished_ones_are_left_out() -> None:
    both = single_plan([CUT, OTHER], {name(2), name(1, OTHER.path)}).tasks[0]
    assert both.title == "Implement 2 specs"
    assert both.proves == (name(2), name(1, OTHER.path))
    one = single_plan([CUT, OTHER], {name(1, OTHER.path)}).tasks[0]
    assert one.title == "Other"
    assert SPEC not in one.instructions


def test_a_keep_command_alone_is_a_task_too() -> None:
    keep = CriterionName(f"{SPEC}#keep-1")
    (task,) = single_plan([CUT], {keep}).tasks
    assert task.proves == (keep,)
    assert "its `keep` commands" in task.instructions


def test_what_is_nobodys_work_is_not_told() -> None:
    first, second, third = CUT.tasks
    tasks = (
        replace(first, kind=TaskKind.GROUP),
        replace(second, skipped=True),
        replace(third, optional=True),
        replace(third, task_id=TaskId("T-4"), kind=TaskKind.CHECKPOINT),
    )
    (task,) = single_plan([replace(CUT, tasks=tasks)], {name(1), name(3)}).tasks
    assert task.instructions.splitlines()[3:] == ["- T-3 Document it (optional) (in: docs/**)"]
