"""What must not get worse is looked at once more before a change is blamed: what comes and goes on the same files is nobody's."""

from dataclasses import replace

import pytest

from bot.core.proofs.model import Executed, Harness, Shown, StoppedBy, Verdict
from bot.core.proofs.planning import Claim, Trees, plan_of_proofs
from bot.core.proofs.trusted import trusted_paths
from bot.core.proofs.verdicts import judge_criterion
from bot.core.specs.model import ProofKind
from bot.ids import TreeSha
from tests.core.proofs.builders import criterion, digest, failed, passed, ran, skipped, with_canary

PYTEST = "python -m pytest -q tests"
TRUSTED = trusted_paths()
BASE, CANDIDATE = TreeSha("b" * 40), TreeSha("c" * 40)
GREEN = ran(0, passed("t::a", "t::b"))
RED = ran(1, (*passed("t::a"), *failed("t::b")))
HIDDEN = ran(0, (*passed("t::a"), *skipped("t::b")))


@pytest.mark.parametrize(
    ("base", "candidate", "base_again", "candidate_again", "verdict"),
    [
        (GREEN, RED, GREEN, RED, Verdict.FAILED),
        (GREEN, RED, None, None, Verdict.FAILED),
        (GREEN, RED, GREEN, GREEN, Verdict.FLAKY),
        (GREEN, RED, RED, RED, Verdict.FLAKY),
        (GREEN, HIDDEN, GREEN, HIDDEN, Verdict.FAILED),
        (GREEN, HIDDEN, GREEN, GREEN, Verdict.FLAKY),
        (GREEN, RED, GREEN, ran(None, stopped_by=StoppedBy.TIME), Verdict.FLAKY),
        (RED, RED, None, None, Verdict.KEPT),
        (GREEN, GREEN, None, None, Verdict.KEPT),
    ],
)
def test_a_failure_that_comes_and_goes_is_flaky(
    base: Executed,
    candidate: Executed,
    base_again: Executed | None,
    candidate_again: Executed | None,
    verdict: Verdict,
) -> None:
    shown = Shown(
        PYTEST, base, candidate, with_canary(candidate), base_again=base_again, candidate_again=candidate_again
    )
    found = judge_criterion(criterion(ProofKind.KEEP, PYTEST), ProofKind.KEEP, [shown], trusted=TRUSTED)
    assert found.verdict is verdict, found


@pytest.mark.parametrize(
    ("base", "candidate", "times"), [(GREEN, RED, 1), (GREEN, HIDDEN, 1), (GREEN, GREEN, 0), (RED, RED, 0)]
)
def test_only_what_got_worse_is_run_again(base: Executed, candidate: Executed, times: int) -> None:
    claim = Claim(criterion(ProofKind.KEEP, PYTEST), ProofKind.KEEP)
    plan = plan_of_proofs([claim], Trees(BASE, CANDIDATE, CANDIDATE), digest("environment"))
    results = {one.key: replace(base if one.tree == BASE else candidate, key=one.key) for one in plan.reports()}
    again = plan.doubts(results, TRUSTED)
    assert (
        sorted((one.tree, one.again, one.harness) for one in again)
        == [(tree, 1, Harness.REPORT) for tree in (BASE, CANDIDATE)] * times
    )
    results |= {one.key: replace(base if one.tree == BASE else candidate, key=one.key) for one in again}
    assert plan.doubts(results, TRUSTED) == ()
