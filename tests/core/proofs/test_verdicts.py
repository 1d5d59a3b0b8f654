"""The verdict table of the design, row by row."""

from dataclasses import replace

import pytest

from bot.core.proofs.model import (
    CriterionVerdict,
    Executed,
    Session,
    Shown,
    StoppedBy,
    TamperFinding,
    TamperWeight,
    TestResult,
    Verdict,
)
from bot.core.proofs.trusted import trusted_paths
from bot.core.proofs.verdicts import WORST_FIRST, judge_criterion, worst
from bot.core.specs.model import ProofKind
from tests.core.proofs.builders import criterion, errored, failed, passed, ran, skipped, with_canary

TRUSTED = trusted_paths()
PYTEST = "python -m pytest -q tests"
PYTHON = "python -c 'import text'"
GREEN = ran(0, passed("t::a", "t::b"))
RED = ran(1, (*passed("t::a"), *failed("t::b")))
UNLOADED = ran(2, errored("t", "ImportError: cannot import name 'cut'"), sessions=(Session(2),))
NOTHING = ran(5, ())
SLOW = ran(None, stopped_by=StoppedBy.TIME)


def judged(
    kind: ProofKind, base: Executed | None, candidate: Executed | None, script: str = PYTEST, **more: object
) -> CriterionVerdict:
    canary = more.pop("canary", with_canary(candidate) if candidate else None)
    shown = Shown(script, base, candidate, canary)
    return judge_criterion(criterion(kind, script), kind, [shown], trusted=TRUSTED, **more)


def both_of(*parts: tuple[TestResult, ...]) -> tuple[TestResult, ...]:
    return tuple(test for part in parts for test in part)


@pytest.mark.parametrize(
    ("base", "candidate", "script", "verdict", "words"),
    [
        (RED, GREEN, PYTEST, Verdict.PROVEN, "canary held"),
        (UNLOADED, GREEN, PYTEST, Verdict.PROVEN, "before: 1 of 1 tests failed"),
        (ran(1), ran(0), PYTHON, Verdict.PROVEN, "before: exit status 1"),
        (ran(1, starts=0), ran(0, starts=0), "test -f docs.md", Verdict.PROVEN, "not applicable"),
        (GREEN, GREEN, PYTEST, Verdict.VACUOUS, "green before the change too"),
        (ran(0), ran(0), PYTHON, Verdict.VACUOUS, "green before the change too"),
        (RED, RED, PYTEST, Verdict.FAILED, "after: 1 of 2 tests failed: `t::b`"),
        (NOTHING, RED, PYTEST, Verdict.FAILED, "after: 1 of 2"),
        (ran(1), ran(1), PYTHON, Verdict.FAILED, "exit status 1"),
        (NOTHING, GREEN, PYTEST, Verdict.NO_EVIDENCE, "before: pytest collected no test"),
        (ran(127), ran(0), "./tool", Verdict.NO_EVIDENCE, "before: the command was not found"),
        (RED, NOTHING, PYTEST, Verdict.NO_EVIDENCE, "after: pytest collected no test"),
        (RED, SLOW, PYTEST, Verdict.NO_EVIDENCE, "after: it ran out of time"),
        (None, GREEN, PYTEST, Verdict.NO_EVIDENCE, "before: it was not run"),
        (RED, None, PYTEST, Verdict.NO_EVIDENCE, "after: it was not run"),
        # what was green must stay green
        (RED, ran(0, passed("t::b")), PYTEST, Verdict.FAILED, "`t::a` missing now"),
        (RED, ran(0, both_of(passed("t::b"), skipped("t::a"))), PYTEST, Verdict.FAILED, "`t::a` skipped now"),
        (RED, ran(1, both_of(passed("t::b"), failed("t::a"))), PYTEST, Verdict.FAILED, "`t::a` red now"),
        # what was red must be shown green
        (RED, ran(0, both_of(passed("t::a"), skipped("t::b"))), PYTEST, Verdict.NO_EVIDENCE, "skipped or missing: `t::b`"),
        (RED, ran(0, passed("t::a")), PYTEST, Verdict.NO_EVIDENCE, "skipped or missing: `t::b`"),
        (UNLOADED, ran(0, passed("u::a")), PYTEST, Verdict.NO_EVIDENCE, "skipped or missing: `t`"),
        # an exit status that lies
        (RED, ran(0, both_of(passed("t::a"), failed("t::b")), sessions=(Session(1, 2),)), PYTEST, Verdict.FAILED, "although the exit status is 0"),
    ],
)  # fmt: skip
def test_change(base: Executed | None, candidate: Executed | None, script: str, verdict: Verdict, words: str) -> None:
    found = judged(ProofKind.CHANGE, base, candidate, script)
    assert found.verdict is verdict, found
    assert any(words in reason for reason in found.reasons), found.reasons


@pytest.mark.parametrize(
    ("base", "candidate", "script", "verdict", "words"),
    [
        (GREEN, GREEN, PYTEST, Verdict.KEPT, "canary held"),
        (ran(0), ran(0), PYTHON, Verdict.KEPT, "before: exit status 0"),
        (RED, GREEN, PYTEST, Verdict.KEPT, "red before and is green now"),
        (NOTHING, GREEN, PYTEST, Verdict.KEPT, "nothing to compare with"),
        (None, GREEN, PYTEST, Verdict.KEPT, "before: it was not run"),
        (GREEN, RED, PYTEST, Verdict.FAILED, "`t::b` red now"),
        (ran(0), ran(1), PYTHON, Verdict.FAILED, "after: exit status 1"),
        (NOTHING, RED, PYTEST, Verdict.FAILED, "after: 1 of 2"),
        (RED, RED, PYTEST, Verdict.KEPT, "failed before the change too: `t::b`"),
        (UNLOADED, RED, PYTEST, Verdict.KEPT, "failed before the change too: `t::b`"),
        (ran(1), ran(1), PYTHON, Verdict.NO_EVIDENCE, "does not say what failed"),
        (RED, ran(1, passed("t::a", "t::b")), PYTEST, Verdict.NO_EVIDENCE, "does not say what failed"),
        (RED, ran(1, both_of(passed("t::a"), failed("t::b", "u::c"))), PYTEST, Verdict.FAILED, "not before: `u::c`"),
        (GREEN, ran(0, passed("t::a")), PYTEST, Verdict.FAILED, "`t::b` missing now"),
        (GREEN, ran(0, both_of(passed("t::a"), skipped("t::b"))), PYTEST, Verdict.FAILED, "`t::b` skipped now"),
        (GREEN, SLOW, PYTEST, Verdict.NO_EVIDENCE, "out of time"),
        (GREEN, None, PYTEST, Verdict.NO_EVIDENCE, "not run"),
    ],
)  # fmt: skip
def test_keep(base: Executed | None, candidate: Executed | None, script: str, verdict: Verdict, words: str) -> None:
    found = judged(ProofKind.KEEP, base, candidate, script)
    assert found.verdict is verdict, found
    assert any(words in reason for reason in found.reasons), found.reasons


@pytest.mark.parametrize("kind", [ProofKind.CHANGE, ProofKind.KEEP])
@pytest.mark.parametrize(
    ("candidate", "canary", "verdict"),
    [
        (GREEN, with_canary(GREEN, exit_code=0, noticed=False), Verdict.TAMPERED),
        (ran(0, (), sessions=(Session(None),)), ran(0, (), sessions=(Session(None),)), Verdict.TAMPERED),
        (ran(0), ran(0), Verdict.TAMPERED),
        (GREEN, None, Verdict.NO_EVIDENCE),
        (GREEN, SLOW, Verdict.NO_EVIDENCE),
        (GREEN, with_canary(GREEN, exit_code=0), Verdict.NO_EVIDENCE),
        (GREEN, replace(with_canary(GREEN), tests=passed("t::a")), Verdict.FLAKY),
    ],
)
def test_no_green_counts_without_its_canary(
    kind: ProofKind, candidate: Executed, canary: Executed | None, verdict: Verdict
) -> None:
    found = judged(kind, RED, candidate, canary=canary)
    assert found.verdict is verdict, found
    assert found.way_out


def test_a_kept_failure_needs_a_runner_that_listens_too() -> None:
    found = judged(ProofKind.KEEP, RED, RED, canary=with_canary(RED, noticed=False))
    assert found.verdict is Verdict.NO_EVIDENCE


@pytest.mark.parametrize("kind", [ProofKind.CHANGE, ProofKind.KEEP])
def test_code_that_cannot_be_loaded_failed_and_is_no_cheat(kind: ProofKind) -> None:
    found = judged(kind, GREEN, UNLOADED, canary=replace(UNLOADED, sessions=(Session(2, 1),)))
    assert found.verdict is Verdict.FAILED


def test_what_needs_a_person_says_how() -> None:
    found = judge_criterion(criterion(ProofKind.ACCEPT), ProofKind.ACCEPT, [], trusted=TRUSTED)
    assert (found.verdict, found.way_out) == (
        Verdict.UNPROVEN,
        "look at it, and if it holds, `/specbot accept AC-1 SHA`",
    )


@pytest.mark.parametrize("kind", [ProofKind.NONE, ProofKind.KEEP])
def test_without_a_command_nothing_is_proven(kind: ProofKind) -> None:
    found = judge_criterion(criterion(ProofKind.NONE), kind, [], trusted=TRUSTED)
    assert found.verdict is Verdict.UNPROVEN
    assert "sh verify" in found.way_out


def test_the_worst_command_is_the_verdict() -> None:
    good, vacuous = Shown("python good.py", ran(1), ran(0), ran(97)), Shown("python same.py", ran(0), ran(0), ran(97))
    one = judge_criterion(criterion(), ProofKind.CHANGE, [good, vacuous], trusted=TRUSTED)
    assert one.verdict is Verdict.VACUOUS
    assert one.reasons[0].startswith("`python same.py`: green before")
    assert one.shown == (good, vacuous)
    bad = Shown("python bad.py", ran(1), ran(1), None)
    assert (
        judge_criterion(criterion(), ProofKind.CHANGE, [good, vacuous, bad], trusted=TRUSTED).verdict is Verdict.FAILED
    )


def test_every_verdict_has_its_rank() -> None:
    assert sorted(WORST_FIRST) == sorted(Verdict)
    assert worst([Verdict.KEPT, Verdict.FLAKY, Verdict.PROVEN]) is Verdict.FLAKY


@pytest.mark.parametrize(
    ("base", "own", "verdict"),
    [
        (GREEN, GREEN, Verdict.KEPT),
        (GREEN, ran(0, passed("t::a")), Verdict.KEPT),
        (GREEN, ran(1, (*passed("t::a", "t::b"), *failed("new::c"))), Verdict.FAILED),
        (GREEN, ran(1, passed("t::a")), Verdict.FAILED),
        (RED, RED, Verdict.KEPT),
        (GREEN, ran(2, errored("tests/test_a.py", "SyntaxError: x"), sessions=(Session(2),)), Verdict.FAILED),
        (GREEN, NOTHING, Verdict.NO_EVIDENCE),
        (GREEN, None, Verdict.NO_EVIDENCE),
    ],
)
def test_the_candidates_own_suite_must_pass_too(base: Executed, own: Executed | None, verdict: Verdict) -> None:
    candidate = base
    found = judged(ProofKind.KEEP, base, candidate, own=[Shown(PYTEST, None, own, None)])
    assert found.verdict is verdict, found
    assert len(found.shown) == 2
    assert any("own tests" in reason for reason in found.reasons)


def test_hard_tampering_spoils_every_verdict_and_soft_none() -> None:
    hard = TamperFinding("TP101", TamperWeight.HARD, "tests/test_a.py", "it was deleted")
    soft = replace(hard, rule="TP201", weight=TamperWeight.SOFT)
    found = judged(ProofKind.CHANGE, RED, GREEN, tampering=[soft, hard])
    assert found.verdict is Verdict.TAMPERED
    assert found.reasons == ("TP101 `tests/test_a.py`: it was deleted",)
    assert judged(ProofKind.CHANGE, RED, GREEN, tampering=[soft]).verdict is Verdict.PROVEN
    accept = judge_criterion(criterion(), ProofKind.ACCEPT, [], trusted=TRUSTED, tampering=[hard])
    assert accept.verdict is Verdict.TAMPERED


def test_a_broken_trusted_test_is_red_for_the_wrong_reason() -> None:
    unreadable = ran(2, errored("tests/test_a.py", "SyntaxError: invalid syntax"), sessions=(Session(2),))
    found = judged(ProofKind.CHANGE, unreadable, unreadable)
    assert found.verdict is Verdict.NO_EVIDENCE
    assert "cannot be read as a program" in found.reasons[0]


@pytest.mark.parametrize(
    ("base", "candidate", "lost"),
    [(RED, SLOW, True), (GREEN, NOTHING, True), (NOTHING, NOTHING, False), (RED, GREEN, False)],
)
def test_evidence_that_the_base_gave_and_the_candidate_does_not_is_lost(
    base: Executed, candidate: Executed, lost: bool
) -> None:
    assert judged(ProofKind.CHANGE, base, candidate).lost is lost


MISSING = ran(1, failed("t::b", message="ImportError: cannot import name 'cut' from 'text'"))
NEW = ran(0, passed("t::b"))


def change(**more: object) -> CriterionVerdict:
    shown = replace(Shown(PYTEST, MISSING, NEW, with_canary(NEW)), **more)
    return judge_criterion(criterion(ProofKind.CHANGE, PYTEST), ProofKind.CHANGE, [shown], trusted=TRUSTED)


def test_a_red_that_an_empty_stand_in_turns_green_shows_nothing() -> None:
    assert change(stubbed=(ran(1, failed("t::b")),)).verdict is Verdict.PROVEN
    found = change(stubbed=(ran(1, failed("t::b")), NEW))
    assert found.verdict is Verdict.VACUOUS
    assert found.reasons[0].startswith("red before only because `text.cut` was missing")
    assert found.way_out
    assert change(stubbed=(ran(None, broken="no box"),)).verdict is Verdict.NO_EVIDENCE
    assert change(stubbed=(ran(None, stopped_by=StoppedBy.TIME),)).verdict is Verdict.PROVEN


def test_a_missing_name_of_another_language_is_said() -> None:
    base = ran(1, failed("t::b", message="undefined: Cut"))
    assert any(
        "`Cut` was missing; with a stand-in it was not tried (Go)" in reason for reason in change(base=base).reasons
    )


@pytest.mark.parametrize(
    "again",
    [
        {"base_again": NEW},
        {"base_again": ran(1, failed("t::c"))},
        {"candidate_again": MISSING},
        {"candidate_again": ran(0, passed("t::b", "t::c"))},
        {"candidate_again": ran(None, stopped_by=StoppedBy.TIME)},
    ],
)
def test_what_disagrees_with_its_repetition_is_flaky(again: dict[str, Executed]) -> None:
    assert change(base_again=MISSING, candidate_again=NEW).verdict is Verdict.PROVEN
    found = change(**again)
    assert found.verdict is Verdict.FLAKY
    assert "the same files" in found.reasons[0]


@pytest.mark.parametrize("runner", ["TAP", "JUnit XML"])
def test_what_only_the_command_says_is_no_excuse_for_its_red(runner: str) -> None:
    red = replace(RED, sessions=(Session(1, 2, runner=runner),))
    assert judged(ProofKind.KEEP, red, red, "make check", canary=None).verdict is Verdict.NO_EVIDENCE
    assert judged(ProofKind.KEEP, RED, RED).verdict is Verdict.KEPT


def test_a_suite_that_is_not_started_any_more_has_lost_its_tests() -> None:
    found = judged(ProofKind.KEEP, GREEN, ran(0, starts=0), "make check", canary=None)
    assert found.verdict is Verdict.FAILED
    assert "missing now" in found.reasons[0]


@pytest.mark.parametrize(
    ("candidate", "script", "words"),
    [
        (ran(0, starts=0), "go test ./...", "go reported nothing"),
        (ran(0, starts=0), "cargo test", "cargo reported nothing"),
        (ran(0), "python -m unittest", "unittest reported nothing"),
        (ran(0, (), sessions=(Session(0, 0, runner="unittest"),)), "python -m unittest", "unittest collected no test"),
        (
            ran(0, (), sessions=(Session(None, 0, runner="cargo"),)),
            "cargo test",
            "cargo was ended before it came to its end, or its report",
        ),
        (ran(0, (), sessions=(Session(None, 0, runner="JUnit XML"),)), "make", "JUnit XML was ended"),
    ],
)
def test_a_runner_that_tells_nothing_is_no_evidence(candidate: Executed, script: str, words: str) -> None:
    found = judged(ProofKind.CHANGE, ran(1, failed("t")), candidate, script, canary=None)
    assert found.verdict is Verdict.NO_EVIDENCE
    assert words in found.reasons[0]
