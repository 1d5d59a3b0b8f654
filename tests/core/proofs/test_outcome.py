"""What GitHub hears: only what was shown is green."""

from dataclasses import replace

import pytest

from bot.core.proofs.model import CriterionVerdict, TamperFinding, TamperWeight, Verdict, Verification
from bot.core.proofs.outcome import NO_SPEC, ONLY_DRAFTS, outcome
from bot.core.pulls import Conclusion
from bot.core.runs import RunState
from bot.core.specs.model import Position, ProofKind
from bot.ids import CriterionName, TreeSha
from tests.core.proofs.builders import digest


def verification(*verdicts: Verdict, tampering: tuple[TamperFinding, ...] = ()) -> Verification:
    judged = tuple(
        CriterionVerdict(
            CriterionName(f"s.md#AC-{number}"), "", ProofKind.CHANGE, Position("s.md", 1), digest("c"), verdict, ()
        )
        for number, verdict in enumerate(verdicts, start=1)
    )
    return Verification(TreeSha("a" * 40), TreeSha("b" * 40), digest("e"), judged, tampering)


P, K, F = Verdict.PROVEN, Verdict.KEPT, Verdict.FAILED


@pytest.mark.parametrize(
    ("verdicts", "conclusion", "state", "publishable", "title"),
    [
        ((P, P, P, P), Conclusion.SUCCESS, RunState.DONE, True, "4 of 4 criteria proven"),
        ((P, K, P), Conclusion.SUCCESS, RunState.DONE, True, "3 of 3 criteria done: 2 proven, 1 kept"),
        ((P, Verdict.WAIVED), Conclusion.SUCCESS, RunState.DONE, True, "2 of 2 criteria done: 1 proven, 1 waived"),
        ((P, F, K), Conclusion.FAILURE, RunState.FAILED, False, "AC-2 failed; 2 of 3 done"),
        ((F, F, F, F, F), Conclusion.FAILURE, RunState.FAILED, False, "AC-1, AC-2, AC-3 and 2 more failed; 0 of 5 done"),
        ((F, Verdict.TAMPERED), Conclusion.FAILURE, RunState.FAILED, False, "AC-2 tampered with; 0 of 2 done"),
        ((P, Verdict.UNPROVEN), Conclusion.ACTION_REQUIRED, RunState.WAITING, True, "AC-2 unproven; 1 of 2 done"),
        ((Verdict.VACUOUS,), Conclusion.ACTION_REQUIRED, RunState.WAITING, True, "AC-1 vacuous; 0 of 1 done"),
        ((Verdict.FLAKY,), Conclusion.ACTION_REQUIRED, RunState.WAITING, True, "AC-1 flaky; 0 of 1 done"),
        ((Verdict.JUDGED,), Conclusion.ACTION_REQUIRED, RunState.WAITING, True, "AC-1 only judged by a model; 0 of 1 done"),
        ((P, Verdict.NO_EVIDENCE), Conclusion.ACTION_REQUIRED, RunState.WAITING, True, "AC-2 without evidence; 1 of 2 done"),
        ((), Conclusion.ACTION_REQUIRED, RunState.WAITING, False, "The spec has no acceptance criteria"),
    ],
)  # fmt: skip
def test_the_outcome_of_verdicts(
    verdicts: tuple[Verdict, ...], conclusion: Conclusion, state: RunState, publishable: bool, title: str
) -> None:
    found = outcome(verification(*verdicts))
    assert (found.conclusion, found.state, found.publishable, found.title) == (conclusion, state, publishable, title)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_only_what_is_done_is_green(verdict: Verdict) -> None:
    found = outcome(verification(Verdict.PROVEN, verdict))
    assert (found.conclusion is Conclusion.SUCCESS) == verdict.done
    assert (found.conclusion is Conclusion.FAILURE) == verdict.bad
    assert found.publishable == (not verdict.bad)


def test_a_change_that_takes_evidence_away_is_not_pushed() -> None:
    found = verification(P, Verdict.NO_EVIDENCE)
    lost = replace(found, verdicts=(found.verdicts[0], replace(found.verdicts[1], lost=True)))
    assert (outcome(lost).conclusion, outcome(lost).publishable) == (Conclusion.ACTION_REQUIRED, False)


def test_hard_tampering_alone_fails() -> None:
    hard = TamperFinding("TP102", TamperWeight.HARD, ".github/x.yml", "changed")
    found = outcome(verification(P, tampering=(hard,)))
    assert (found.conclusion, found.publishable) == (Conclusion.FAILURE, False)
    assert found.title == "Tampered with: TP102 .github/x.yml"
    soft = replace(hard, rule="TP201", weight=TamperWeight.SOFT)
    waiting = outcome(verification(P, tampering=(soft, soft)))
    assert (waiting.conclusion, waiting.publishable) == (Conclusion.ACTION_REQUIRED, True)
    assert waiting.title == "A person has to allow TP201 .github/x.yml and 1 more; 1 of 1 done"
    assert outcome(verification(P, tampering=(replace(soft, allowed="by ada"),))).conclusion is Conclusion.SUCCESS
    assert (
        outcome(verification(P, tampering=(replace(soft, weight=TamperWeight.NOTE),))).conclusion is Conclusion.SUCCESS
    )


def test_no_spec_is_green_and_says_so() -> None:
    assert outcome(None) == NO_SPEC
    assert NO_SPEC.title == "No spec in this pull request"
    assert not ONLY_DRAFTS.publishable


def test_what_only_a_person_can_settle_is_said_to_wait_and_not_to_be_broken() -> None:
    open_ones = verification(Verdict.PROVEN, Verdict.UNPROVEN, Verdict.UNPROVEN)
    kinds = (ProofKind.CHANGE, ProofKind.ACCEPT, ProofKind.GONE)
    verdicts = [replace(one, kind=kind) for one, kind in zip(open_ones.verdicts, kinds, strict=True)]
    assert outcome(replace(open_ones, verdicts=tuple(verdicts))).title == "AC-2, AC-3 wait for a person; 1 of 3 done"
    assert outcome(replace(open_ones, verdicts=tuple(verdicts[:2]))).title == "AC-2 waits for a person; 1 of 2 done"
