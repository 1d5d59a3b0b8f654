"""A verdict in the light of what the base's spec demands: what was changed is said, and nothing that may ask for less takes its place without a
person's word. Pure."""

from dataclasses import replace

from bot.core.proofs.model import CriterionVerdict, Verdict
from bot.core.specs.compare import Change, ComparedCriterion, asks_otherwise
from bot.core.specs.model import Criterion, ProofKind


def since_the_base(verdict: CriterionVerdict, criterion: Criterion, compared: ComparedCriterion) -> CriterionVerdict:
    """The verdict with what became of the criterion since the base."""
    if not compared.note:
        return verdict
    noted = replace(verdict, note=compared.note)
    if verdict.kind is ProofKind.GONE and verdict.verdict is Verdict.UNPROVEN:
        return replace(noted, reasons=(f"the base demands it, and {compared.note}: a person has to agree",))
    if compared.change is Change.CHANGED:
        if verdict.verdict is Verdict.KEPT and asks_otherwise(criterion, compared):
            reason = f"{compared.note}; whether this asks as much, a person has to say"
            return replace(
                noted, verdict=Verdict.UNPROVEN, reasons=(reason, *verdict.reasons), way_out=_waive(criterion)
            )
        if verdict.verdict is Verdict.UNPROVEN and verdict.kind is ProofKind.ACCEPT:
            return replace(noted, reasons=(f"{compared.note}; here a person is to accept it",))
        if verdict.verdict is Verdict.VACUOUS:
            first, *rest = verdict.reasons
            return replace(noted, reasons=(f"{compared.note}, and {first}", *rest), way_out=_waive(criterion))
    return replace(noted, reasons=(*verdict.reasons, compared.note))


def _waive(criterion: Criterion) -> str:
    return f"put back what the base says, or say why it may change: `/specbot waive {criterion.criterion_id} REASON`"
