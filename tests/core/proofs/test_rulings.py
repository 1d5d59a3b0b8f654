"""What people decide: kept in the ledger, applied to later verifications, within bounds."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.core.proofs.ledger import GENESIS, chain_hash, record
from bot.core.proofs.model import CriterionVerdict, Verdict, Verification
from bot.core.proofs.rulings import Ruling, RulingKind, can_be_ruled, ruled, ruling_record, rulings
from bot.core.pulls import Person
from bot.core.specs.model import Position, ProofKind
from bot.ids import CriterionName, Digest, Sha, TreeSha, UserId

NAME = CriterionName("specs/a.md#AC-3")
DIGEST = Digest("d" * 64)
TREE = TreeSha("1" * 40)
GRACE = Person(UserId(7), "grace")
TODAY = date(2026, 11, 28)


def verdict(found: Verdict = Verdict.UNPROVEN, kind: ProofKind = ProofKind.ACCEPT) -> CriterionVerdict:
    return CriterionVerdict(
        NAME, "It looks calm.", kind, Position("specs/a.md", 3), DIGEST, found, ("why",), way_out="x"
    )


def verification(*verdicts: CriterionVerdict) -> Verification:
    return Verification(TREE, TreeSha("2" * 40), Digest("e" * 64), verdicts)


def said(kind: RulingKind = RulingKind.ACCEPT, tree: TreeSha = TREE, digest: Digest = DIGEST) -> Ruling:
    at = datetime(2026, 11, 28, 12, 30, tzinfo=UTC)
    reason = "nobody looks" if kind is RulingKind.WAIVE else ""
    return Ruling(kind, NAME, digest, Sha("a" * 40), tree, GRACE, at, reason)


def only(found: Verification) -> CriterionVerdict:
    return found.verdicts[0]


def test_rulings_come_back_from_the_ledger_among_other_records() -> None:
    bodies = [ruling_record(said()), record("proof", {"run": "r"}), ruling_record(said(RulingKind.WAIVE))]
    rows = [(number, GENESIS, chain_hash(GENESIS, body), body) for number, body in enumerate(bodies, 1)]
    assert rulings(rows) == (said(), said(RulingKind.WAIVE))


def test_an_acceptance_covers_its_tree_and_a_waiver_every_tree() -> None:
    accepted = only(ruled(verification(verdict()), [said()], TODAY))
    assert (accepted.verdict, accepted.way_out) == (Verdict.ACCEPTED, "")
    assert accepted.reasons == ("accepted by grace on 2026-11-28 12:30 UTC",)
    elsewhere = TreeSha("3" * 40)
    assert only(ruled(verification(verdict()), [said(tree=elsewhere)], TODAY)).verdict is Verdict.UNPROVEN
    waived = only(ruled(verification(verdict(kind=ProofKind.GONE)), [said(RulingKind.WAIVE, elsewhere)], TODAY))
    assert waived.verdict is Verdict.WAIVED
    assert waived.reasons == ("waived by grace on 2026-11-28 12:30 UTC: nobody looks", "why")


def test_a_changed_criterion_is_another_one() -> None:
    other = replace(verdict(), criterion_digest=Digest("f" * 64))
    assert only(ruled(verification(other), [said(), said(RulingKind.WAIVE)], TODAY)).verdict is Verdict.UNPROVEN


@pytest.mark.parametrize("found", [v for v in Verdict if v.done or v.bad])
def test_what_is_done_or_bad_is_not_touched(found: Verdict) -> None:
    for kind in RulingKind:
        assert can_be_ruled(verdict(found), kind)
        assert only(ruled(verification(verdict(found)), [said(kind)], TODAY)).verdict is found


@pytest.mark.parametrize("kind", [ProofKind.CHANGE, ProofKind.KEEP, ProofKind.NONE, ProofKind.GONE])
def test_what_a_command_shows_is_not_accepted_by_looking(kind: ProofKind) -> None:
    assert "proven by a command" in can_be_ruled(verdict(kind=kind), RulingKind.ACCEPT)
    assert only(ruled(verification(verdict(kind=kind)), [said()], TODAY)).verdict is Verdict.UNPROVEN
    assert can_be_ruled(verdict(kind=kind), RulingKind.WAIVE) == ""


def test_a_waiver_counts_to_the_end_of_its_last_day_and_then_the_criterion_is_unproven_again() -> None:
    waiver = replace(said(RulingKind.WAIVE), until=date(2026, 12, 31))
    bodies = [ruling_record(waiver)]
    assert rulings([(1, GENESIS, chain_hash(GENESIS, body), body) for body in bodies]) == (waiver,)
    on_the_day = only(ruled(verification(verdict()), [waiver], date(2026, 12, 31)))
    assert on_the_day.verdict is Verdict.WAIVED
    assert on_the_day.reasons[0] == (
        "waived by grace on 2026-11-28 12:30 UTC, until 2026-12-31 (UTC; from then on the next verification counts it again): nobody looks"
    )
    after = only(ruled(verification(verdict()), [waiver], date(2027, 1, 1)))
    assert (after.verdict, after.way_out) == (Verdict.UNPROVEN, "x")
    assert after.reasons == ("why", "the waiver by grace on 2026-11-28 12:30 UTC ended with 2026-12-31 (UTC)")
    renewed = replace(waiver, until=date(2027, 6, 30))
    assert only(ruled(verification(verdict()), [waiver, renewed], date(2027, 1, 1))).verdict is Verdict.WAIVED


def test_what_a_model_judged_is_open_until_a_person_speaks() -> None:
    judged = verdict(Verdict.JUDGED)
    assert not judged.verdict.done
    assert only(ruled(verification(judged), [], TODAY)).verdict is Verdict.JUDGED
    assert only(ruled(verification(judged), [said()], TODAY)).verdict is Verdict.ACCEPTED
