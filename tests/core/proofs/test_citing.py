"""What a merge queue takes over from a ledger: a red half that was part of a whole proof, and what people decided."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.core.proofs.citing import carried_over, citations
from bot.core.proofs.ledger import proof_record
from bot.core.proofs.model import Verdict, Verification
from bot.core.proofs.planning import Claim
from bot.core.proofs.rulings import Ruling, RulingKind
from bot.core.pulls import Person
from bot.core.specs.model import ProofKind
from bot.ids import CriterionName, PrNumber, RunId, Sha, TreeSha, UserId
from tests.core.proofs.builders import criterion, failed, passed, ran
from tests.core.proofs.test_ledger import chain
from tests.core.proofs.test_recorded import PROVEN, WORK, verification

CRITERION = criterion(ProofKind.CHANGE, "pytest")
KEY = (CRITERION.name, CRITERION.digest)
CLAIMS = (Claim(CRITERION, ProofKind.CHANGE),)
MERGED = TreeSha("e" * 40)


def body(of: Verification) -> str:
    one = replace(of.verdicts[0], name=CRITERION.name, criterion_digest=CRITERION.digest)
    return proof_record(RunId("run-1"), Sha("c" * 40), Sha("d" * 40), replace(of, verdicts=(one,)))


def with_verdict(verdict: Verdict) -> Verification:
    return verification(ran(1, failed("t")), ran(0, passed("t")), verdict)


def test_the_newest_record_of_the_first_ledger_that_has_one_counts() -> None:
    own, other = chain(body(with_verdict(Verdict.FAILED)), body(PROVEN)), chain(body(PROVEN))
    cited = citations(CLAIMS, [(PrNumber(2), own), (PrNumber(1), other)])
    assert (cited[KEY].number, cited[KEY].proof.own_hash) == (2, own[1][2])
    base = cited[KEY].base_of("pytest")
    assert base is not None
    assert base.exit_code == 1
    assert cited[KEY].base_of("another command") is None
    assert citations(CLAIMS, [(PrNumber(2), []), (PrNumber(1), other)])[KEY].number == 1
    assert citations(CLAIMS, []) == {}


def test_a_red_half_of_what_did_not_hold_is_not_cited() -> None:
    for verdict in set(Verdict) - {Verdict.PROVEN, Verdict.KEPT}:
        rows = chain(body(PROVEN), body(with_verdict(verdict)))
        assert citations(CLAIMS, [(PrNumber(1), rows)])[KEY].base_of("pytest") is None, verdict


def test_another_text_or_command_is_another_criterion() -> None:
    changed = replace(CRITERION, digest=criterion(ProofKind.CHANGE, "pytest -q").digest)
    assert citations((Claim(changed, ProofKind.CHANGE),), [(PrNumber(1), chain(body(PROVEN)))]) == {}


def ruling(kind: RulingKind, tree: TreeSha = WORK) -> Ruling:
    ada = Person(UserId(1), "ada")
    at = datetime(2026, 11, 22, tzinfo=UTC)
    return Ruling(kind, CriterionName(CRITERION.name), CRITERION.digest, Sha("c" * 40), tree, ada, at, "why")


def test_an_acceptance_of_the_pull_requests_tree_counts_for_what_the_queue_makes_of_it() -> None:
    cited = citations(CLAIMS, [(PrNumber(1), chain(body(with_verdict(Verdict.ACCEPTED))))])
    (carried,) = carried_over([ruling(RulingKind.ACCEPT)], cited, MERGED)
    assert carried.tree == MERGED
    assert carried_over([ruling(RulingKind.ACCEPT, TreeSha("9" * 40))], cited, MERGED) == ()
    open_again = citations(CLAIMS, [(PrNumber(1), chain(body(with_verdict(Verdict.UNPROVEN))))])
    assert carried_over([ruling(RulingKind.ACCEPT)], open_again, MERGED) == ()
    assert carried_over([ruling(RulingKind.ACCEPT)], {}, MERGED) == ()


def test_a_waiver_covers_the_criterion_wherever_it_is() -> None:
    waiver = ruling(RulingKind.WAIVE)
    assert carried_over([waiver], {}, MERGED) == (waiver,)
