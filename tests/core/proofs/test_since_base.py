"""What the base demands is not replaced by something that may be less without a person's word."""

from dataclasses import replace

import pytest

from bot.core.proofs.model import CriterionVerdict, Verdict
from bot.core.proofs.since_base import since_the_base
from bot.core.specs.compare import compare
from bot.core.specs.model import Criterion, ProofKind, Spec, Status
from tests.core.proofs.builders import SPEC, criterion, digest

STRONG, WEAK = "python -m pytest tests/x.py", "python -m pytest tests/x.py -k one"
PROVEN = criterion(ProofKind.CHANGE, STRONG)
KEPT = replace(criterion(ProofKind.KEEP, STRONG), digest=digest("as a keep"))


def seen(now: Criterion, before: Criterion | None, verdict: Verdict, *reasons: str) -> CriterionVerdict:
    """What becomes of a verdict on `now` where the base says `before`."""
    head, base = (
        Spec(SPEC, "", Status.READY, digest(""), "", criteria=(one,)) if one is not None else None
        for one in (now, before)
    )
    compared = compare(head, base).of(now.criterion_id)
    assert compared is not None
    judged = CriterionVerdict(now.name, now.text, now.kind, now.position, now.digest, verdict, reasons)
    return since_the_base(judged, now, compared)


@pytest.mark.parametrize("before", [KEPT, PROVEN, criterion(ProofKind.ACCEPT), criterion(ProofKind.NONE)])
def test_a_keep_that_may_ask_for_less_is_a_persons_to_say(before: Criterion) -> None:
    found = seen(criterion(ProofKind.KEEP, WEAK), before, Verdict.KEPT, "before: green", "after: green")
    assert found.verdict is Verdict.UNPROVEN
    assert found.reasons[0].startswith("how it is proven differs from the base")
    assert "/specbot waive AC-1 REASON" in found.way_out
    broken = seen(criterion(ProofKind.KEEP, WEAK), before, Verdict.FAILED, "after: red")
    assert broken.verdict is Verdict.FAILED, "what is red stays red"


def test_the_same_command_as_a_keep_asks_for_the_same() -> None:
    found = seen(KEPT, PROVEN, Verdict.KEPT, "green")
    assert (found.verdict, found.reasons[0]) == (Verdict.KEPT, "green")
    assert found.note == f"how it is proven differs from the base, where `verify` runs `{STRONG}`"


def test_a_vacuous_one_says_what_the_base_says() -> None:
    found = seen(criterion(ProofKind.CHANGE, "true"), PROVEN, Verdict.VACUOUS, "green before the change too", "more")
    assert found.reasons == (f"{found.note}, and green before the change too", "more")
    assert found.way_out.startswith("put back what the base says")


def test_a_person_in_the_place_of_a_command_is_told() -> None:
    found = seen(criterion(ProofKind.ACCEPT), PROVEN, Verdict.UNPROVEN, "it needs a person")
    assert found.reasons == (f"{found.note}; here a person is to accept it",)


def test_what_is_shown_anew_and_what_was_only_mended_is_said() -> None:
    other = criterion(ProofKind.CHANGE, STRONG, text="Text is cut anywhere.")
    assert seen(other, PROVEN, Verdict.PROVEN, "red", "green").reasons[2:] == ("its text differs from the base",)
    mended = criterion(ProofKind.CHANGE, STRONG, text="text is cut.")
    assert seen(mended, PROVEN, Verdict.KEPT).note == "only a typing mistake was mended (Text → text)"


def test_of_what_stands_word_for_word_and_of_what_is_new_nothing_is_said() -> None:
    for before in (PROVEN, None):
        found = seen(PROVEN, before, Verdict.KEPT, "green")
        assert (found.note, found.reasons) == ("", ("green",))
    moved = replace(PROVEN, criterion_id=criterion(number=2).criterion_id)
    assert seen(moved, PROVEN, Verdict.KEPT).note == "the base has it as AC-1"
