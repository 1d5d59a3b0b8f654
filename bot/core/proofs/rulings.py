"""What people decided about single criteria: an acceptance covers a tree, a waiver covers a criterion's digest (DESIGN, *Proof*).

They stand in the pull request's ledger, in the order in which they were said, and are applied to every verification that follows.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from bot.core.proofs.ledger import LedgerRow, record
from bot.core.proofs.model import CriterionVerdict, Verdict, Verification
from bot.core.pulls import Person
from bot.core.specs.model import ProofKind
from bot.ids import CriterionName, Digest, Sha, TreeSha

KIND = "ruling"


class RulingKind(StrEnum):
    ACCEPT = "accept"
    WAIVE = "waive"


@dataclass(frozen=True, slots=True)
class Ruling:
    """One decision. `head` is the commit the person looked at, `tree` its tree; `reason` is theirs, "" for an acceptance. `until` is the last
    day (UTC) on which a waiver counts, None for one without an end."""

    kind: RulingKind
    criterion: CriterionName
    criterion_digest: Digest
    head: Sha
    tree: TreeSha
    by: Person
    at: datetime
    reason: str = ""
    until: date | None = None


def ruling_record(ruling: Ruling) -> str:
    """The ledger record of a ruling."""
    return record(
        KIND,
        {
            "ruling": ruling.kind.value,
            "criterion": ruling.criterion,
            "criterion_digest": ruling.criterion_digest,
            "head": ruling.head,
            "tree": ruling.tree,
            "by": ruling.by.record,
            "at": ruling.at.isoformat(),
            "reason": ruling.reason,
            **({"until": ruling.until.isoformat()} if ruling.until else {}),
        },
    )


def rulings(rows: Iterable[LedgerRow]) -> tuple[Ruling, ...]:
    """The rulings of a ledger, oldest first. The store wrote them with `ruling_record`; other records are passed over."""
    bodies = (json.loads(body) for _, _, _, body in rows)
    return tuple(
        Ruling(
            kind=RulingKind(body["ruling"]),
            criterion=CriterionName(body["criterion"]),
            criterion_digest=Digest(body["criterion_digest"]),
            head=Sha(body["head"]),
            tree=TreeSha(body["tree"]),
            by=Person.of_record(body["by"]),
            at=datetime.fromisoformat(body["at"]),
            reason=body["reason"],
            until=date.fromisoformat(body["until"]) if "until" in body else None,
        )
        for body in bodies
        if body.get("kind") == KIND
    )


def can_be_ruled(verdict: CriterionVerdict, kind: RulingKind) -> str:
    """Why a verdict cannot be decided in this way, "" when it can."""
    if verdict.verdict.done:
        return f"it is {verdict.verdict.value} already"
    if verdict.verdict.bad:
        return f"it is {verdict.verdict.value}: mend the work, or change the spec"
    if kind is RulingKind.ACCEPT and verdict.kind is not ProofKind.ACCEPT:
        return "it is proven by a command and not by looking; waive it with a reason if it is not to count here"
    return ""


def ruled(verification: Verification, said: Sequence[Ruling], today: date) -> Verification:
    """The verification with what people decided, as it counts on that day (UTC). A later ruling on the same criterion counts; none of them
    touches a verdict that is done or bad. What a waiver that has ended leaves is the verdict that it waived, and that is said."""
    by_criterion: dict[tuple[CriterionName, Digest], Ruling] = {}
    for ruling in said:
        if ruling.kind is RulingKind.WAIVE or ruling.tree == verification.candidate_tree:
            by_criterion[ruling.criterion, ruling.criterion_digest] = ruling
    verdicts = tuple(_ruled(v, by_criterion.get((v.name, v.criterion_digest)), today) for v in verification.verdicts)
    return replace(verification, verdicts=verdicts)


def _ruled(verdict: CriterionVerdict, ruling: Ruling | None, today: date) -> CriterionVerdict:
    if ruling is None or can_be_ruled(verdict, ruling.kind):
        return verdict
    who = f"by {ruling.by.login} on {ruling.at:%Y-%m-%d %H:%M} UTC"
    if ruling.kind is RulingKind.ACCEPT:
        return replace(verdict, verdict=Verdict.ACCEPTED, reasons=(f"accepted {who}",), way_out="")
    if ruling.until is not None and today > ruling.until:
        ended = f"the waiver {who} ended with {ruling.until.isoformat()} (UTC)"
        return replace(verdict, reasons=(*verdict.reasons, ended))
    until = (
        f", until {ruling.until.isoformat()} (UTC; from then on the next verification counts it again)"
        if ruling.until
        else ""
    )
    reasons = (f"waived {who}{until}: {ruling.reason}", *verdict.reasons)
    return replace(verdict, verdict=Verdict.WAIVED, reasons=reasons, way_out="")
