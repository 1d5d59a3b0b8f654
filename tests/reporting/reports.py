"""Reports as runs of the demo's pull request would leave them."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.core.chat import Usage
from bot.core.plans.model import Plan, Task
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
from bot.core.pulls import CheckDraft, Person, RepoRef
from bot.core.runs import Budget, Run, RunReport, RunState, Spent, Stage
from bot.core.specs.model import Finding, Position, ProofKind, Reading, Severity, Spec, Status
from bot.ids import (
    CriterionName,
    Digest,
    InstallationId,
    PrNumber,
    RepoId,
    Sha,
    TaskId,
    TreeSha,
    UserId,
    run_id,
)
from bot.reporting.masking import Redactor

SPEC = "specs/0001-past-midnight.md"
START = Sha("a1" * 20)
CANDIDATE = Sha("c2" * 20)
BASE = Sha("b3" * 20)
REPO = RepoRef(InstallationId(7), RepoId(42), "acme", "openhours")
ADA = Person(UserId(1001), "ada")
REDACTOR = Redactor(["a-live-secret-value-0123456789"])

SPENT = Spent(Usage(prompt=81_200, cached=60_000, completion=5_300), calls=12, usd=0.4231)
BUDGET = Budget(usd=2.5, tokens=600_000, minutes=20, turns=40)


def run(state: RunState, stage: Stage = Stage.ENDED, *, reason: str = "", published: bool = False) -> Run:
    return Run(
        run_id=run_id(REPO.repo_id, PrNumber(3), START, 1),
        repo=REPO,
        number=PrNumber(3),
        start_head=START,
        attempt=1,
        head_repo_id=REPO.repo_id,
        head_ref="past-midnight",
        base_ref="main",
        state=state,
        stage=stage,
        reason=reason,
        requester=ADA,
        created_at=datetime(2026, 11, 22, 8, 0, tzinfo=UTC),
        candidate=CANDIDATE if published else None,
        published=published,
    )


def reading(*findings: Finding, status: Status = Status.READY, path: str = SPEC) -> Reading:
    spec = Spec(
        path=path, title="Opening hours that run past midnight", status=status, digest=Digest("d" * 64), text=""
    )
    return Reading(path, spec, findings)


def finding(line: int, severity: Severity, rule: str, message: str, hint: str = "") -> Finding:
    return Finding(rule, severity, message, hint, Position(SPEC, line, 3))


def executed(exit_code: int | None, output: str = "", *tests: TestResult, canary: bool = False) -> Executed:
    sessions = (Session(exit_status=exit_code, canary_failed=canary),) if tests else ()
    return Executed(
        key=Digest("e" * 64),
        exit_code=exit_code,
        stopped_by=StoppedBy.NOTHING,
        output=output,
        output_digest=Digest("f" * 64),
        seconds=1.25,
        tests=tests or None,
        python_started=1,
        sessions=sessions,
    )


def named(name: str, outcome: TestOutcome, message: str = "") -> TestResult:
    return TestResult(f"tests/nights/test_questions.py::{name}", outcome, message)


PLAIN = Shown(
    "python -c \"import openhours; assert openhours.parse('Fr 22:00-02:00')\"",
    executed(1, "Traceback (most recent call last):\n  …\nHoursError: 22:00-02:00 ends before it starts"),
    executed(0),
    executed(97, "specbot canary: the exit was replaced"),
)

NAMES = ("test_sunday_runs_into_monday", "test_the_minutes_after_midnight_count")
GREEN_TESTS = tuple(named(name, TestOutcome.PASSED) for name in NAMES)
RED_TESTS = tuple(named(name, TestOutcome.FAILED, "AssertionError: assert None == 1") for name in NAMES)


def pytest_shown(*, green: bool = True) -> Shown:
    after = executed(0, "2 passed in 0.02s", *GREEN_TESTS) if green else executed(1, "2 failed in 0.03s", *RED_TESTS)
    return Shown(
        "python -m pytest -q tests/nights/test_questions.py",
        executed(1, "2 failed in 0.03s", *RED_TESTS),
        after,
        executed(1, "1 failed, 2 passed", *(GREEN_TESTS if green else RED_TESTS), canary=True),
    )


def criterion(
    number: int,
    verdict: Verdict,
    *shown: Shown,
    text: str = "The door is open until just before the end.",
    reasons: tuple[str, ...] = (),
    way_out: str = "",
    kind: ProofKind = ProofKind.CHANGE,
) -> CriterionVerdict:
    return CriterionVerdict(
        name=CriterionName(f"{SPEC}#AC-{number}"),
        text=text,
        kind=kind,
        position=Position(SPEC, 30 + 5 * number, 3, 33 + 5 * number),
        criterion_digest=Digest("9" * 64),
        verdict=verdict,
        reasons=reasons,
        shown=shown,
        way_out=way_out,
    )


PROVEN = criterion(
    1, Verdict.PROVEN, PLAIN, reasons=("before: exit status 1", "after: exit status 0", "canary held: it was seen")
)
KEPT = criterion(
    3,
    Verdict.KEPT,
    Shown(
        "python -m pytest -q tests",
        executed(0, "2 passed", *GREEN_TESTS),
        executed(0, "2 passed", *GREEN_TESTS),
        executed(1, "1 failed, 2 passed", *GREEN_TESTS, canary=True),
    ),
    text="Hours within a day are read as before.",
    reasons=("before: all 2 tests passed", "after: all 2 tests passed"),
    kind=ProofKind.KEEP,
)
ANSWERS = criterion(
    2,
    Verdict.PROVEN,
    pytest_shown(),
    text="`minutes_left` counts the whole night.",
    reasons=("after: all 2 tests passed",),
)
FAILED = criterion(
    2,
    Verdict.FAILED,
    pytest_shown(green=False),
    text="`minutes_left` counts the whole night.",
    reasons=tuple(f"{when}: 2 of 2 tests failed: `{NAMES[0]}`, `{NAMES[1]}`" for when in ("after", "before")),
)
VACUOUS = criterion(
    2,
    Verdict.VACUOUS,
    Shown("python -c \"print('|')\"", executed(0), executed(0), executed(97)),
    text="Prints a | b.",
    reasons=("green before the change too, so it shows nothing",),
    way_out="sharpen the command so that it fails without the change, or write it as `sh keep`",
)
TAMPERED = TamperFinding("TP101", TamperWeight.HARD, "tests/test_spans.py", "a test that stood on the base is deleted")


def verification(*verdicts: CriterionVerdict, tampering: tuple[TamperFinding, ...] = ()) -> Verification:
    return Verification(TreeSha("7e" * 20), TreeSha("6f" * 20), Digest("5d" * 64), verdicts, tampering)


def report(the_run: Run, proof: Verification | None = None, **changes: object) -> RunReport:
    made = RunReport(
        run=the_run,
        head=the_run.candidate or the_run.start_head,
        base_sha=BASE,
        readings=(reading(),),
        spent=Spent() if proof is None else SPENT,
        budget=BUDGET,
        seconds=192.4,
        plan=Plan(
            (
                Task(
                    TaskId("T-1"),
                    "Read spans that end on the following day",
                    "…",
                    ("openhours/**",),
                    tuple(CriterionName(f"{SPEC}#AC-{n}") for n in (1, 2)),
                ),
            ),
            ("One agent for all 2 unproven criteria.",),
        )
        if proof is not None
        else None,
        verification=proof,
        details_url="https://bot.example/runs/run-42-3",
        model="gpt-x",
        ledger_head="0a" * 32 if proof else "",
        sandbox="bubblewrap",
        repo_url="https://github.com/acme/openhours",
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # tests name any field


def as_text(draft: CheckDraft) -> str:
    """A check as one text, for a snapshot."""
    head = [
        f"name: {draft.name}",
        f"head: {draft.head_sha}",
        f"status: {draft.status.value}",
        f"conclusion: {draft.conclusion.value if draft.conclusion else '-'}",
        f"actions: {', '.join(a.label for a in draft.actions) or '-'}",
        f"title: {draft.title}",
    ]
    notes = [
        f"annotation {a.path}:{a.start_line}-{a.end_line} {a.level.value} [{a.title}] {a.message!r}"
        for a in draft.annotations
    ]
    return "\n".join([*head, *notes, "", "--- summary", draft.summary, "", "--- text", draft.text, ""])
