"""What a merge queue may take over from the ledgers of pull requests: red halves that were shown, and what people decided.

On the merged tree every green half is run. The red half was shown when the pull request was proven, on the tree before its change, and does not
become green by a merge: it is cited. Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.core.proofs.ledger import LedgerRow
from bot.core.proofs.model import Verdict
from bot.core.proofs.planning import Claim
from bot.core.proofs.recorded import RecordedProof, RecordedRun, RecordedVerdict, recorded_proofs
from bot.core.proofs.rulings import Ruling, RulingKind
from bot.ids import CriterionName, Digest, PrNumber, TreeSha

CITABLE = frozenset({Verdict.PROVEN, Verdict.KEPT})
"""Verdicts whose first half may be cited: both halves were run, and the whole held."""


@dataclass(frozen=True, slots=True)
class Citation:
    """The newest record about a criterion in the ledger of pull request `number`."""

    number: PrNumber
    proof: RecordedProof
    verdict: RecordedVerdict

    def base_of(self, script: str) -> RecordedRun | None:
        """What the command showed before the change; None when that was not shown, or does not count because the whole did not hold."""
        if self.verdict.verdict not in CITABLE:
            return None
        return next((one.base for one in self.verdict.shown if one.script == script and one.base is not None), None)


Key = tuple[CriterionName, Digest]
Ledgers = Sequence[tuple[PrNumber, Sequence[LedgerRow]]]


def citations(claims: Iterable[Claim], ledgers: Ledgers) -> Mapping[Key, Citation]:
    """For each claim the newest record about exactly it, in the first of the ledgers that has one: a later record that did not hold takes
    the place of an earlier one that did."""
    read = [(number, recorded_proofs(rows)) for number, rows in ledgers]
    found: dict[Key, Citation] = {}
    for claim in claims:
        key = (claim.criterion.name, claim.criterion.digest)
        cited = next((one for number, proofs in read if (one := _newest(number, proofs, key)) is not None), None)
        if cited is not None:
            found[key] = cited
    return found


def carried_over(said: Iterable[Ruling], cited: Mapping[Key, Citation], merged: TreeSha) -> tuple[Ruling, ...]:
    """The rulings as they count on the merged tree. An acceptance was of the pull request's own tree, so where the newest record says that it
    was accepted on that very tree, it counts for what the queue makes of it; a waiver covers the criterion and needs no such step."""
    carried = []
    for ruling in said:
        citation = cited.get((ruling.criterion, ruling.criterion_digest))
        accepted = citation is not None and citation.verdict.verdict is Verdict.ACCEPTED
        if ruling.kind is RulingKind.ACCEPT and citation and accepted and citation.proof.candidate_tree == ruling.tree:
            carried.append(replace(ruling, tree=merged))
        elif ruling.kind is RulingKind.WAIVE:
            carried.append(ruling)
    return tuple(carried)


def _newest(number: PrNumber, proofs: Sequence[RecordedProof], key: Key) -> Citation | None:
    for proof in reversed(proofs):
        verdict = proof.verdict(*key)
        if verdict is not None:
            return Citation(number, proof, verdict)
    return None
