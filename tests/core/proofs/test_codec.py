"""Stored formats: what was ever written must load for ever. SPECBOT_WRITE_GOLDEN=1 writes the files of a new version."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.core.chat import Usage
from bot.core.codec import Format
from bot.core.plans.model import Plan, Task
from bot.core.proofs.codec import EXECUTED, PLAN, REPORT, VERIFICATION
from bot.core.proofs.model import (
    CriterionVerdict,
    Executed,
    Session,
    Shown,
    StoppedBy,
    TamperFinding,
    TamperWeight,
    TestOutcome,
    TestResult,
    Verdict,
    Verification,
)
from bot.core.pulls import Person, RepoRef
from bot.core.reviews.model import ReviewFinding
from bot.core.runs import Budget, Run, RunReport, RunState, Spent, Stage
from bot.core.specs.model import (
    BudgetWish,
    Clause,
    Command,
    Criterion,
    Finding,
    Position,
    ProofKind,
    Reading,
    Severity,
    Spec,
    SpecTask,
    Status,
)
from bot.errors import Defect
from bot.ids import (
    CriterionId,
    CriterionName,
    Digest,
    InstallationId,
    PrNumber,
    RepoId,
    RunId,
    Sha,
    TaskId,
    TreeSha,
    UserId,
)

GOLDEN = Path(__file__).parents[2] / "golden"
PATH = "specs/0001-cut.md"
NAME = CriterionName(f"{PATH}#AC-1")
WHEN = datetime(2026, 11, 22, 9, 30, 1, 5, UTC)

RAN = Executed(
    key=Digest("1" * 64),
    exit_code=1,
    stopped_by=StoppedBy.NOTHING,
    output="1 failed, 1 passed – é\n",
    output_digest=Digest("2" * 64),
    seconds=1.25,
    tests=(
        TestResult("tests/test_a.py::test_a", TestOutcome.PASSED),
        TestResult("tests/test_a.py::test_b[1]", TestOutcome.FAILED, "AssertionError: 1 == 2", "tests/test_a.py", 7),
    ),
    python_started=1,
    sessions=(Session(1, 2, canary_failed=False),),
    python_cut_short=1,
)
STOPPED = Executed(Digest("3" * 64), None, StoppedBy.TIME, "", Digest("4" * 64), 60.0, None, 0, "no box")
VERIFIED = Verification(
    candidate_tree=TreeSha("a" * 40),
    base_tree=TreeSha("b" * 40),
    environment=Digest("5" * 64),
    verdicts=(
        CriterionVerdict(
            name=NAME,
            text="Text is cut.",
            kind=ProofKind.CHANGE,
            position=Position(PATH, 20, 3, 24),
            criterion_digest=Digest("6" * 64),
            verdict=Verdict.NO_EVIDENCE,
            reasons=("after: it ran out of time",),
            shown=(Shown("pytest -q", RAN, STOPPED, None),),
            way_out="make the command run",
        ),
    ),
    tampering=(TamperFinding("TP201", TamperWeight.SOFT, "tests/test_a.py", "it was changed"),),
)
PLANNED = Plan((Task(TaskId("T-1"), "Cut", "Do it.", ("src/**",), (NAME,), (TaskId("T-0"),)),), ("one agent",))
SPEC = Spec(
    path=PATH,
    title="Cut",
    status=Status.READY,
    digest=Digest("7" * 64),
    text="# Cut\n",
    scope=("src/**",),
    keep=(Command("pytest", Position(PATH, 3)),),
    budget=BudgetWish(2.5, None, 30.0),
    depends=("specs/0000.md",),
    removes=("old/**",),
    intent="i",
    context="c",
    constraints=("no dependency",),
    out_of_scope="o",
    criteria=(
        Criterion(
            criterion_id=CriterionId("AC-1"),
            spec_path=PATH,
            text="WHEN long THEN cut",
            kind=ProofKind.CHANGE,
            commands=(Command("pytest -q", Position(PATH, 21)),),
            position=Position(PATH, 20),
            digest=Digest("6" * 64),
            clause=Clause("long", "cut"),
        ),
    ),
    tasks=(SpecTask(TaskId("T-1"), "Cut", ("src/**",), (CriterionId("AC-1"),), (), True, Position(PATH, 30)),),
)
REPORTED = RunReport(
    run=Run(
        run_id=RunId("run-6-3-0123-1"),
        repo=RepoRef(InstallationId(5), RepoId(6), "ann", "text"),
        number=PrNumber(3),
        start_head=Sha("c" * 40),
        attempt=1,
        head_repo_id=RepoId(6),
        head_ref="feature",
        base_ref="main",
        state=RunState.WAITING,
        stage=Stage.VERIFY,
        reason="AC-1 without evidence",
        requester=Person(UserId(11), "ann"),
        created_at=WHEN,
        ended_at=WHEN,
        candidate=Sha("d" * 40),
    ),
    head=Sha("c" * 40),
    base_sha=Sha("e" * 40),
    readings=(
        Reading(PATH, SPEC, (Finding("SB201", Severity.NOTICE, "m", "h", Position(PATH, 9)),)),
        Reading("x.md", None, ()),
    ),
    spent=Spent(Usage(100, 50, 20), 3, None),
    budget=Budget(None, 1000, 45.0, 60),
    seconds=12.5,
    plan=PLANNED,
    verification=VERIFIED,
    review=(ReviewFinding("src/a.py", 4, "minor", "m"),),
    review_summary="fine",
)

FORMATS: list[tuple[str, Format[Any], Any]] = [
    ("executed", EXECUTED, RAN),
    ("verification", VERIFICATION, VERIFIED),
    ("plan", PLAN, PLANNED),
    ("report", REPORT, REPORTED),
]


def golden(name: str, version: int) -> Path:
    return GOLDEN / f"{name}-v{version}.json"


@pytest.mark.parametrize(("name", "stored", "value"), FORMATS, ids=[name for name, _, _ in FORMATS])
def test_what_was_ever_written_still_loads(name: str, stored: Format[Any], value: Any) -> None:
    newest = golden(name, stored.version)
    if os.environ.get("SPECBOT_WRITE_GOLDEN") and not newest.exists():
        newest.write_text(stored.encode(value) + "\n")
    for version in range(1, stored.version + 1):
        assert stored.decode(golden(name, version).read_text()) == value


@pytest.mark.parametrize(("name", "stored", "value"), FORMATS, ids=[name for name, _, _ in FORMATS])
def test_a_value_comes_back_and_a_newer_version_does_not(name: str, stored: Format[Any], value: Any) -> None:
    text = stored.encode(value)
    assert stored.decode(text) == value
    with pytest.raises(Defect, match="unknown version"):
        stored.decode(text.replace(f'{{"v":{stored.version},', f'{{"v":{stored.version + 1},'))


def test_formats_are_not_mixed_up() -> None:
    with pytest.raises(Defect, match="'Plan' where a Executed"):
        EXECUTED.decode(PLAN.encode(PLANNED))
