"""Plans of several tasks, the specs' own and the planner's: taken when they pass, one agent's when a team does not pay."""

from dataclasses import replace

from bot.core.plans.checks import Ground, PlanFault, PlanFaultCode
from bot.core.plans.draft import PlanDraft, Size
from bot.core.plans.from_spec import single_plan
from bot.core.plans.model import Interface, Plan, PlanSource, Task
from bot.core.plans.teams import Proposal, draft_plan, spec_plan
from bot.core.specs.model import Position, ProofKind, Spec, SpecTask, Status, TaskKind
from bot.ids import CriterionId, CriterionName, TaskId
from tests.core.proofs.builders import SPEC, criterion, digest

GROUND = Ground(scope=("src/**", "docs/**"), protected=(".github/**",))
FOUR = [CriterionName(f"{SPEC}#AC-{n}") for n in (1, 2, 3, 4)]
KEEP = CriterionName(f"{SPEC}#keep-1")


def work(number: int, owns: str, proves: str = "", after: str = "", **more: object) -> SpecTask:
    made = SpecTask(
        TaskId(f"T-{number}"),
        f"Make part {number}",
        tuple(owns.split()),
        tuple(CriterionId(f"AC-{n}") for n in proves.split()),
        tuple(TaskId(f"T-{n}") for n in after.split()),
        False,
        Position(SPEC, 40 + number),
    )
    return replace(made, **more)  # type: ignore[arg-type]  # tests name any field


def spec(*tasks: SpecTask, criteria: int = 4, path: str = SPEC) -> Spec:
    found = (replace(criterion(ProofKind.CHANGE, "true", number=n), spec_path=path) for n in range(1, criteria + 1))
    return Spec(path, "Parts", Status.READY, digest("raw"), "text", criteria=tuple(found), tasks=tasks)


PARTS = (work(1, "src/a/**", "1"), work(2, "src/b/**", "2"), work(3, "src/c/**", "3"), work(4, "docs/**", "4", "1 2 3"))


def test_the_specs_own_tasks_are_the_plan_when_they_pass() -> None:
    plan = spec_plan([spec(*PARTS)], [*FOUR, KEEP], GROUND).plan
    assert plan is not None
    assert plan.source is PlanSource.SPEC
    assert [(t.task_id, t.owns, t.proves, t.after) for t in plan.tasks] == [
        ("T-1", ("src/a/**",), (FOUR[0],), ()),
        ("T-2", ("src/b/**",), (FOUR[1],), ()),
        ("T-3", ("src/c/**",), (FOUR[2],), ()),
        ("T-4", ("docs/**",), (FOUR[3], KEEP), ("T-1", "T-2", "T-3")),
    ]
    assert plan.tasks[0].instructions == f"{SPEC}: Parts\nThe author's task T-1: Make part 1"
    assert plan.reasons[0] == "The tasks are the spec's own."


def test_what_does_not_pass_is_said() -> None:
    assert spec_plan([spec()], FOUR, GROUND) == Proposal(None), "nobody wrote any"
    circle = spec_plan([spec(*(work(n, f"src/{n}", str(n), str(n % 4 + 1)) for n in (1, 2, 3, 4)))], FOUR, GROUND)
    assert circle.reasons == ("Tasks wait for each other: T-1 -> T-2 -> T-3 -> T-4 -> T-1.",)
    uncovered = spec_plan([spec(*PARTS[:3])], FOUR, GROUND)
    assert (uncovered.plan, uncovered.reasons) == (None, (f"No task proves {FOUR[3]}.",))
    shared = spec_plan([spec(PARTS[0], work(2, "src/a/x", "2"), *PARTS[2:])], FOUR, GROUND)
    assert "both own `src/a/x`" in shared.reasons[0]


def test_a_chain_is_one_agents_in_the_very_words_of_the_single_plan() -> None:
    chain = spec(work(1, "src/**", "1 2"), work(2, "src/**", "3", "1"), work(3, "docs/**", "4", "2"))
    plan = spec_plan([chain], FOUR, GROUND).plan
    single = single_plan([chain], FOUR)
    assert plan is not None
    assert plan.tasks == single.tasks
    assert plan.reasons == (*single.reasons, "The 3 tasks wait for each other in one chain, so one agent does them.")
    assert plan.source is PlanSource.ONE_AGENT


def test_a_chain_that_names_no_criteria_is_one_agents_however_long_it_is() -> None:
    chain = spec(*(work(n, "", after=str(n - 1) if n > 1 else "") for n in range(1, 40)))
    plan = spec_plan([chain], FOUR, GROUND).plan
    assert plan is not None
    assert plan.tasks == single_plan([chain], FOUR).tasks


def test_a_list_that_nobody_follows_is_no_plan() -> None:
    found = spec_plan([spec(*(work(n, "") for n in range(501)))], FOUR, GROUND)
    assert found == Proposal(None, ("The spec has 501 open tasks, which is more than anybody follows.",))


def test_whoever_waits_for_a_group_waits_for_its_members_and_for_what_stands_behind_done_tasks() -> None:
    tasks = (
        work(1, "src/a/**", "1"),
        work(2, "src/b/**", "2"),
        work(3, "", after="1 2", kind=TaskKind.GROUP),
        work(4, "docs/put-off", after="3", skipped=True),
        work(5, "docs/a", "3", after="4"),
        work(6, "docs/b", "4", kind=TaskKind.WORK),
        work(7, "src/extra/**", after="1", optional=True),
    )
    plan = spec_plan([spec(*tasks)], FOUR, GROUND).plan
    assert plan is not None
    assert {t.task_id: t.after for t in plan.tasks} == {
        "T-1": (),
        "T-2": (),
        "T-5": ("T-1", "T-2"),
        "T-6": (),
    }
    rest = spec_plan([spec(*tasks, work(8, "docs/c"))], FOUR[1:], GROUND).plan
    assert rest is not None
    assert {t.task_id: t.after for t in rest.tasks}["T-5"] == ("T-2",), "what is proven is nobody's work"


def test_several_specs_have_ids_of_their_own() -> None:
    other = spec(work(1, "docs/**", "1"), criteria=1, path="specs/0002-tell-people.md")
    plan = spec_plan([spec(*PARTS[:3], criteria=3), other], [*FOUR[:3], other.criteria[0].name], GROUND).plan
    assert plan is not None
    assert [t.task_id for t in plan.tasks] == ["0001-cut.T-1", "0001-cut.T-2", "0001-cut.T-3", "0002-tell-people.T-1"]
    twins = [replace(one, path=f"x/{folder}/ß.md") for one, folder in ((spec(*PARTS), "a"), (other, "b"))]
    found = spec_plan(twins, [c.name for one in twins for c in one.criteria], GROUND)
    assert found.plan is None, "the criteria are other specs'"


def draft(*tasks: Task, sizes: tuple[Size, ...] = (), interfaces: tuple[Interface, ...] = ()) -> PlanDraft:
    return PlanDraft(tasks, sizes or (Size.SMALL,) * len(tasks), interfaces, ("Dates may differ.",))


def planned(number: int, owns: str, proves: str, after: str = "", interfaces: tuple[str, ...] = ()) -> Task:
    names = tuple(CriterionName(f"AC-{n}") for n in proves.split())
    waits = tuple(TaskId(f"T-{n}") for n in after.split())
    return Task(TaskId(f"T-{number}"), f"Part {number}", "Write it.", (owns,), names, waits, interfaces)


THREE = (planned(1, "src/a/**", "1"), planned(2, "src/b/**", "2"), planned(3, "src/c/**", "3 4"))
CUT = Interface("cut", "def cut(text: str) -> str")


def test_a_draft_becomes_the_plan_with_full_names_of_its_criteria() -> None:
    using = (THREE[0], THREE[1], replace(THREE[2], interfaces=("cut",)))
    plan = draft_plan(draft(*using, interfaces=(CUT,)), [spec()], [*FOUR, KEEP], GROUND)
    assert isinstance(plan, Plan)
    assert (plan.source, plan.is_team, plan.interfaces) == (PlanSource.PLANNER, True, (CUT,))
    assert plan.tasks[2].proves == (FOUR[2], FOUR[3], KEEP)
    assert plan.reasons[-1] == "Risk: Dates may differ."


def test_a_faulty_draft_comes_back_with_its_faults() -> None:
    found = draft_plan(draft(*THREE[:2], planned(3, "src/a/x", "3")), [spec()], FOUR, GROUND)
    assert isinstance(found, tuple)
    assert [fault.code for fault in found if isinstance(fault, PlanFault)] == [
        PlanFaultCode.UNCOVERED,
        PlanFaultCode.SHARED,
    ]
    assert draft_plan(draft(), [spec()], FOUR, GROUND) != ()


def test_a_draft_for_one_agent_keeps_the_advice_that_was_paid_for() -> None:
    for one in (draft(planned(1, "src/**", "1"), interfaces=(CUT,)), draft(*THREE, sizes=(Size.LARGE, Size.SMALL, Size.SMALL), interfaces=(CUT,))):  # fmt: skip
        plan = draft_plan(one, [spec()], FOUR, GROUND)
        assert isinstance(plan, Plan)
        (task,) = plan.tasks
        (single,) = single_plan([spec()], FOUR).tasks
        assert (task.task_id, task.proves, task.owns) == (single.task_id, single.proves, single.owns)
        assert task.instructions.startswith(single.instructions)
        assert "Write it." in task.instructions
        assert CUT.text in task.instructions
