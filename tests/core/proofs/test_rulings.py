"""What people decide: kept in the ledger, applied to later verifications, within bounds."""

from dataclasses import replace
from datetime import UTC, datetime

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
    accepted = only(ruled(verification(verdict()), [said()]))
    assert (accepted.verdict, accepted.way_out) == (Verdict.ACCEPTED, "")
    assert accepted.reasons == ("accepted by grace on 2026-11-28 12:30 UTC",)
    elsewhere = TreeSha("3" * 40)
    assert only(ruled(verification(verdict()), [said(tree=elsewhere)])).verdict is Verdict.UNPROVEN
    waived = only(ruled(verification(verdict(kind=ProofKind.GONE)), [said(RulingKind.WAIVE, elsewhere)]))
    assert waived.verdict is Verdict.WAIVED
    assert waived.reasons == ("waived by grace on 2026-11-28 12:30 UTC: nobody looks", "why")


def test_a_changed_criterion_is_another_one() -> None:
    other = replace(verdict(), criterion_digest=Digest("f" * 64))
    assert only(ruled(verification(other), [said(), said(RulingKind.WAIVE)])).verdict is Verdict.UNPROVEN


@pytest.mark.parametrize("found", [v for v in Verdict if v.done or v.bad])
def test_what_is_done_or_bad_is_not_touched(found: Verdict) -> None:
    for kind in RulingKind:
        assert can_be_ruled(verdict(found), kind)
        assert only(ruled(verification(verdict(found)), [said(kind)])).verdict is found


@pytest.mark.parametrize("kind", [ProofKind.CHANGE, ProofKind.KEEP, ProofKind.NONE, ProofKind.GONE])
def test_what_a_command_shows_is_not_accepted_by_looking(kind: ProofKind) -> None:
    assert "proven by a command" in can_be_ruled(verdict(kind=kind), RulingKind.ACCEPT)
    assert only(ruled(verification(verdict(kind=kind)), [said()])).verdict is Verdict.UNPROVEN
    assert can_be_ruled(verdict(kind=kind), RulingKind.WAIVE) == ""
