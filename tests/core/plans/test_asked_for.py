"""A refactoring asks for work, and what only says how things are does not."""

from dataclasses import replace

from bot.core.plans.asked_for import asks_for_more
from bot.core.specs.model import Command, Criterion, Position, ProofKind, Spec, SpecTask, Status
from bot.ids import CriterionId, Digest, TaskId

PATH = "specs/0001-cut.md"


def criterion(kind: ProofKind) -> Criterion:
    commands = (Command("true", Position(PATH, 9)),)
    return Criterion(CriterionId("AC-1"), PATH, "Text is cut.", kind, commands, Position(PATH, 8), Digest("c" * 64))


TASK = SpecTask(TaskId("T-1"), "Move it", (), (CriterionId("AC-1"),), (), False, Position(PATH, 20))
SPEC = Spec(PATH, "Cut", Status.READY, Digest("d" * 64), "", criteria=(criterion(ProofKind.KEEP),), tasks=(TASK,))


def test_a_new_spec_with_tasks_and_only_keep_criteria_asks_for_work() -> None:
    assert asks_for_more([SPEC], (), only_specs=True)


def test_nothing_is_asked_for_where_people_did_it_or_nobody_said_so() -> None:
    assert not asks_for_more([SPEC], (), only_specs=False), "code came with the spec"
    assert not asks_for_more([SPEC], (PATH,), only_specs=True), "the base has the spec"
    assert not asks_for_more([replace(SPEC, tasks=())], (), only_specs=True)
    assert not asks_for_more([replace(SPEC, tasks=(replace(TASK, skipped=True),))], (), only_specs=True)
    assert not asks_for_more([replace(SPEC, criteria=())], (), only_specs=True)
    mixed = replace(SPEC, criteria=(criterion(ProofKind.KEEP), criterion(ProofKind.CHANGE)))
    assert not asks_for_more([mixed], (), only_specs=True), "its other criteria show what is left to do"
