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
    changed = _changed(noted, criterion, compared) if compared.change is Change.CHANGED else None
    return changed or replace(noted, reasons=(*verdict.reasons, compared.note))


def _changed(noted: CriterionVerdict, criterion: Criterion, compared: ComparedCriterion) -> CriterionVerdict | None:
    """Where it may ask for less than the base does, so that a person has to say; None where it is shown anew or failed."""
    note, way_out = compared.note, _waive(criterion)
    match noted.verdict:
        case Verdict.KEPT if asks_otherwise(criterion, compared):
            reasons = (f"{note}; whether this asks as much, a person has to say", *noted.reasons)
            return replace(noted, verdict=Verdict.UNPROVEN, reasons=reasons, way_out=way_out)
        case Verdict.UNPROVEN if noted.kind is ProofKind.ACCEPT:
            return replace(noted, reasons=(f"{note}; here a person is to accept it",))
        case Verdict.UNPROVEN if noted.kind is ProofKind.KEEP and not criterion.commands:
            return replace(noted, reasons=(note, *noted.reasons), way_out=way_out)
        case Verdict.VACUOUS:
            return replace(noted, reasons=(f"{note}, and {noted.reasons[0]}", *noted.reasons[1:]), way_out=way_out)
        case _:
            return None


def _waive(criterion: Criterion) -> str:
    return f"put back what the base says, or say why it may change: `/specbot waive {criterion.criterion_id} REASON`"
