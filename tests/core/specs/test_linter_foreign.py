"""The linter on specs of other tools: places in every file, and one habit said once."""

from dataclasses import replace

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.linter import LintContext, lint
from bot.core.specs.model import (
    Criterion,
    Document,
    Finding,
    Position,
    ProofKind,
    Reading,
    Spec,
    SpecFormat,
    SpecTask,
    Status,
)
from bot.ids import CriterionId, Digest, TaskId

FOLDER = "specs/014-export"
MAIN = f"{FOLDER}/spec.md"
TASKS = f"{FOLDER}/tasks.md"


def criterion(name: str, line: int, kind: ProofKind = ProofKind.ACCEPT) -> Criterion:
    return Criterion(CriterionId(name), FOLDER, "It works.", kind, (), Position(MAIN, line), Digest("d"))


def task(number: int, *proves: str, owns: tuple[str, ...] = ()) -> SpecTask:
    proven = tuple(map(CriterionId, proves))
    return SpecTask(TaskId(f"T{number:03}"), "t", owns, proven, (), False, Position(TASKS, number))


def foreign(
    *criteria: Criterion,
    tasks: tuple[SpecTask, ...] = (),
    text: str = "# T\n",
    more: str = "# T\n",
    scope: tuple[str, ...] = (),
) -> Spec:
    return Spec(
        path=FOLDER,
        title="Export",
        status=Status.READY,
        digest=Digest("d"),
        text=text,
        scope=scope,
        criteria=criteria,
        tasks=tasks,
        format=SpecFormat.SPECKIT,
        files=(MAIN, TASKS),
        more=(Document(TASKS, more),),
    )


def told(spec: Spec, rule: str) -> list[Finding]:
    context = LintContext(frozenset({"src/a.py"}), RepositoryConfig())
    return [finding for finding in lint(Reading(FOLDER, spec, ()), context) if finding.rule == rule]


def test_what_concerns_the_whole_spec_stands_in_its_main_file() -> None:
    assert [f.position for f in told(foreign(), "SB101")] == [Position(MAIN, 1)]
    scoped = foreign(criterion("FR-1", 3), text="---\nscope: [/etc/x]\n---\n", scope=("/etc/x", "../y"))
    assert [f.position for f in told(scoped, "SB122")] == [Position(MAIN, 1), Position(MAIN, 2, 9)]


def test_secrets_are_found_in_every_file() -> None:
    secret = "AKIA" + "ABCD1234" * 2
    spec = foreign(criterion("FR-1", 3), text=f"a {secret}\n", more=f"\n\nkey: {secret}\n{secret}")
    places = [(f.position.path, f.position.line, f.position.column) for f in told(spec, "SB406")]
    assert places == [(MAIN, 1, 3), (TASKS, 3, 6), (TASKS, 4, 1)]


def test_criteria_without_commands_are_counted_once() -> None:
    bare = [criterion(f"FR-{n}", n, ProofKind.NONE) for n in range(1, 31)]
    [found] = told(foreign(*bare, criterion("SC-1", 40)), "SB204")
    assert found.position == Position(MAIN, 1)
    assert found.message.startswith("30 of 31 criteria have no command")
    assert "`proofs:`" in found.hint
    [found] = told(foreign(bare[0], criterion("SC-1", 40)), "SB204")
    assert found.message.startswith("FR-1 has no command")
    assert told(foreign(criterion("SC-1", 40)), "SB204") == []


def test_only_kinds_of_criteria_that_tasks_name_are_missed() -> None:
    criteria = (criterion("FR-1", 1), criterion("US1-1", 2), criterion("US1-2", 3))
    found = told(foreign(*criteria, tasks=(task(1, "US1-1"),)), "SB104")
    assert [f.message for f in found] == ["No task proves US1-2."]
    numbers = (criterion("1.1", 1), criterion("1.2", 2))
    assert [f.position.line for f in told(foreign(*numbers, tasks=(task(1, "1.1"),)), "SB104")] == [2]


def test_a_long_plan_in_which_all_is_parallel_does_not_fill_the_list() -> None:
    tasks = tuple(task(number, owns=("src/a.py",)) for number in range(1, 30))
    found = told(foreign(criterion("FR-1", 1), tasks=tasks), "SB121")
    assert len(found) == 21
    assert "386 more like those above, the first of them here." in {f.message for f in found}


def test_a_scenario_answers_for_its_own_steps_alone() -> None:
    """Its requirement's sentence is in its text, and each step may say SHALL: neither makes two demands of one."""
    one = "The system SHALL lock.\n\nWrong key:\n\nWHEN the key is wrong\nTHEN the door SHALL stay shut\nAND the light SHALL go on"
    two = "The system SHALL lock.\n\nWrong key:\n\nWHEN the key is wrong\nTHEN the door SHALL stay shut and the light SHALL go on"
    for text, times in ((one, 0), (two, 1)):
        spec = replace(foreign(replace(criterion("lock", 3), text=text)), format=SpecFormat.OPENSPEC)
        assert len(told(spec, "SB302")) == times
    spec = replace(foreign(replace(criterion("lock", 3), text=one)), format=SpecFormat.SPECKIT)
    assert len(told(spec, "SB302")) == 1
