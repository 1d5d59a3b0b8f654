"""Who mends: the task whose foundations hold; nobody where only a person can help."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.core.plans.graph import before
from bot.core.plans.model import Plan, Task
from bot.core.plans.progress import Progress, TaskState, first_round, next_round
from bot.core.plans.repair import AGENTS_A_TASK, TOGETHER, own_part, repair_of
from bot.core.proofs.model import CriterionVerdict, Shown, TamperFinding, TamperWeight, Verdict, Verification
from bot.core.specs.model import Position, ProofKind
from bot.ids import CriterionName, Digest, Sha, TaskId, TreeSha

HEAD, TREE = Sha("a" * 40), TreeSha("b" * 40)


def verdict(name: CriterionName, found: Verdict) -> CriterionVerdict:
    return CriterionVerdict(name, "It holds.", ProofKind.CHANGE, Position("s.md", 1), Digest("d" * 64), found, ())


def verification(*verdicts: CriterionVerdict) -> Verification:
    return Verification(TREE, TREE, Digest("e"), verdicts)


def task(number: int, *after: int) -> Task:
    return Task(
        TaskId(f"T-{number}"),
        f"Task {number}",
        "",
        (f"t{number}.py",),
        (CriterionName(f"s.md#AC-{number}"),),
        tuple(TaskId(f"T-{one}") for one in after),
    )


TEAM = Plan((task(1), task(2), task(3), task(4, 1, 2, 3)))


def merged(plan: Plan = TEAM, **states: TaskState) -> Progress:
    progress = first_round(plan, HEAD, TREE)
    for one in plan.tasks:
        progress = progress.with_task(one.task_id, state=states.get(one.task_id.replace("-", ""), TaskState.MERGED))
    return progress


def proof(*bad: str, tampering: tuple[TamperFinding, ...] = ()) -> Verification:
    names = [f"s.md#AC-{n}" for n in (1, 2, 3, 4)] + [name for name in bad if "keep" in name]
    found = [verdict(CriterionName(n), Verdict.FAILED if n in bad else Verdict.PROVEN) for n in names]
    return replace(verification(*found), tampering=tampering)


def test_a_join_waits_until_its_parts_hold() -> None:
    found = repair_of(TEAM, merged(), proof("s.md#AC-2", "s.md#AC-4"))
    assert found is not None
    assert found.wanted == ("T-2",)
    again = next_round(merged(), found.wanted)
    assert (again.round, again.of(TaskId("T-2")).attempt, again.of(TaskId("T-2")).state) == (2, 2, TaskState.WAITING)
    assert again.of(TaskId("T-4")).state is TaskState.MERGED


def test_whoever_was_held_up_gets_its_first_agent() -> None:
    stuck = merged(T2=TaskState.FAILED, T4=TaskState.HELD)
    found = repair_of(TEAM, stuck, proof("s.md#AC-2", "s.md#AC-4"))
    assert found is not None
    assert found.wanted == ("T-2", "T-4")
    again = next_round(stuck, found.wanted)
    assert [again.of(TaskId(name)).attempt for name in ("T-2", "T-4")] == [2, 1]


def test_after_three_agents_a_person_decides() -> None:
    progress = merged()
    for _ in range(AGENTS_A_TASK - 1):
        found = repair_of(TEAM, progress, proof("s.md#AC-1"))
        assert found is not None
        progress = next_round(progress, found.wanted).with_task(TaskId("T-1"), state=TaskState.MERGED)
    assert repair_of(TEAM, progress, proof("s.md#AC-1")) is None


def test_what_needs_a_person_is_not_tried_again() -> None:
    blocked = merged(T3=TaskState.BLOCKED, T4=TaskState.HELD).with_task(TaskId("T-3"), final=True)
    assert repair_of(TEAM, blocked, proof("s.md#AC-3", "s.md#AC-4")) is None


def test_what_nobody_has_to_prove_is_mended_by_one_more_task() -> None:
    found = repair_of(TEAM, merged(), proof("s.md#keep-1"))
    assert found is not None
    assert found.wanted == (TOGETHER,)
    assert found.plan.tasks[-1].proves == ("s.md#keep-1",)
    assert found.plan.tasks[-1].owns == ()
    again = next_round(merged(), found.wanted)
    assert again.tasks[-1].task_id == TOGETHER
    once_more = repair_of(found.plan, again.with_task(TOGETHER, state=TaskState.MERGED), proof("s.md#keep-1"))
    assert once_more is not None
    assert [one.task_id for one in once_more.plan.tasks].count(TOGETHER) == 1


def test_whoever_owns_a_path_answers_for_what_was_done_to_it() -> None:
    finding = TamperFinding("SB901", TamperWeight.HARD, "t3.py", "it was made to pass")
    found = repair_of(TEAM, merged(), proof(tampering=(finding,)))
    assert found is not None
    assert found.wanted == ("T-3",)
    assert own_part(TEAM.tasks[2], TEAM, proof(tampering=(finding,))).tampering == (finding,)
    assert own_part(TEAM.tasks[0], TEAM, proof(tampering=(finding,))).tampering == ()


def test_a_plan_of_one_task_answers_for_everything() -> None:
    alone = Plan((replace(task(1), owns=()),))
    found = repair_of(alone, merged(alone), proof("s.md#AC-3"))
    assert found is not None
    assert found.wanted == ("T-1",)
    assert own_part(alone.tasks[0], alone, proof("s.md#AC-3")) == proof("s.md#AC-3")


@given(st.data())
def test_nobody_mends_beside_the_one_it_builds_on(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 7))
    tasks = [
        task(n, *data.draw(st.sets(st.integers(1, n - 1)) if n > 1 else st.just(set()))) for n in range(1, size + 1)
    ]
    plan = Plan(tuple(tasks))
    bad = data.draw(st.sets(st.sampled_from([f"s.md#AC-{n}" for n in range(1, size + 1)]), min_size=1))
    names = [verdict(CriterionName(n), Verdict.FAILED) for n in sorted(bad)]
    found = repair_of(plan, merged(plan), verification(*names))
    assert found is not None
    assert found.wanted
    earlier = before(plan.tasks)
    assert all(not earlier[name] & set(found.wanted) for name in found.wanted)
    assert {name for one in plan.tasks if one.task_id in found.wanted for name in one.proves} <= bad


def test_what_a_reviewer_showed_is_told_to_whoever_mends_what_no_task_proves():
    shown = CriterionVerdict(
        CriterionName("#R-1"),
        "Nobody is greeted.",
        ProofKind.KEEP,
        Position("a.py", 2),
        Digest("f"),
        Verdict.FAILED,
        (),
    )
    shown = replace(shown, shown=(Shown("python3 -c 'greet()'", None, None, None),))
    repair = repair_of(TEAM, merged(), replace(proof(), verdicts=(*proof().verdicts, shown)))
    assert repair is not None
    assert repair.wanted == (TOGETHER,)
    more = repair.plan.tasks[-1]
    assert more.proves == ("#R-1",)
    assert "Nobody is greeted.\nIt is shown by: python3 -c 'greet()'" in more.instructions
