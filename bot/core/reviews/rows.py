"""Reproduced findings as rows `R-1`, `R-2`, … of the acceptance check, and a person's word that one of them may stay. Pure.

Both stand in the pull request's ledger: a finding is numbered by its place there, and its command is run again on every tree that is verified, so that
a row goes when the command passes and not because somebody forgot it.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.proofs.ledger import LedgerRow, record
from bot.core.proofs.model import CriterionVerdict, Shown, TamperWeight, Verdict, Verification
from bot.core.pulls import Person
from bot.core.reviews.model import ReviewFinding, Tried
from bot.core.specs.model import Position, ProofKind
from bot.ids import CriterionId, CriterionName, Digest, RunId, Sha, TreeSha, criterion_name

FINDING = "finding"
DISMISSAL = "dismissal"
"""Kinds of the records."""

ROWS = 20
"""Findings of one pull request that may ever become rows: each costs two or three commands in every later verification. What a review shows beyond
that is a remark like others."""

_ROW = re.compile(r"#R-[0-9]+")


@dataclass(frozen=True, slots=True)
class Recorded:
    """A finding that was reproduced, on `tree`; `number` is the one of its row."""

    number: int
    finding: ReviewFinding
    tree: TreeSha

    @property
    def name(self) -> CriterionName:
        return row_name(self.number)


@dataclass(frozen=True, slots=True)
class Dismissal:
    """A person's word that a finding may stay. `finding` is its fingerprint, `head` the commit that the person looked at."""

    row: str
    finding: Digest
    head: Sha
    by: Person
    at: datetime
    reason: str


def row_name(number: int) -> CriterionName:
    """The name of a row. It belongs to no spec: a criterion of this id in one is another thing."""
    return criterion_name("", CriterionId(f"R-{number}"))


def is_row(name: CriterionName) -> bool:
    return _ROW.fullmatch(name) is not None


def finding_record(finding: ReviewFinding, run: RunId, tree: TreeSha) -> str:
    """The ledger record of a finding that was reproduced on `tree`."""
    shown = finding.tried.candidate if finding.tried else None
    return record(
        FINDING,
        {
            "run": run,
            "tree": tree,
            "finding": finding.fingerprint,
            "path": finding.path,
            "line": finding.line,
            "end_line": finding.end_line,
            "severity": finding.severity,
            "class": finding.kind,
            "message": finding.message,
            "command": finding.reproduce,
            "exit_code": shown.exit_code if shown else None,
            "output_digest": shown.output_digest if shown else None,
        },
    )


def recorded(rows: Iterable[LedgerRow]) -> tuple[Recorded, ...]:
    """The reproduced findings of a ledger, numbered from 1. The store wrote them with `finding_record`; other records are passed over."""
    bodies = (json.loads(body) for _, _, _, body in rows)
    found = (body for body in bodies if body.get("kind") == FINDING)
    return tuple(
        Recorded(
            number,
            ReviewFinding(
                path=body["path"],
                line=body["line"],
                severity=body["severity"],
                message=body["message"],
                end_line=body["end_line"],
                reproduce=body["command"],
                kind=body["class"],
                fingerprint=Digest(body["finding"]),
            ),
            TreeSha(body["tree"]),
        )
        for number, body in enumerate(found, start=1)
    )


def dismissal_record(dismissal: Dismissal) -> str:
    """The ledger record of a dismissal."""
    return record(
        DISMISSAL,
        {
            "row": dismissal.row,
            "finding": dismissal.finding,
            "head": dismissal.head,
            "by": dismissal.by.record,
            "at": dismissal.at.isoformat(),
            "reason": dismissal.reason,
        },
    )


def dismissals(rows: Iterable[LedgerRow]) -> dict[Digest, Dismissal]:
    """The dismissals of a ledger by the finding's fingerprint; of several the last counts."""
    bodies = (json.loads(body) for _, _, _, body in rows)
    return {
        Digest(body["finding"]): Dismissal(
            row=body["row"],
            finding=Digest(body["finding"]),
            head=Sha(body["head"]),
            by=Person.of_record(body["by"]),
            at=datetime.fromisoformat(body["at"]),
            reason=body["reason"],
        )
        for body in bodies
        if body.get("kind") == DISMISSAL
    }


def dismissed_row(one: Recorded, where: ReviewFinding, dismissal: Dismissal) -> CriterionVerdict:
    """The row of a finding that a person let stay, while its lines are what they were then."""
    who = f"dismissed by {dismissal.by.login} on {dismissal.at:%Y-%m-%d %H:%M} UTC: {dismissal.reason}"
    return replace(_row(one, where, Verdict.WAIVED), reasons=(who,))


def tried_row(one: Recorded, where: ReviewFinding, outcome: Tried) -> CriterionVerdict | None:
    """The row of a finding whose command was run on the tree; None when it passes there, so that nothing is left to mend."""
    if outcome.passes:
        return None
    verdict = Verdict.FAILED if outcome.reproduced else Verdict.NO_EVIDENCE
    before = "it passed before the change" if outcome.passed_before else "before the change it did not pass either"
    reasons = (f"after: {outcome.why}", *([before] if outcome.reproduced and outcome.base is not None else []))
    shown = Shown(one.finding.reproduce, outcome.base, outcome.candidate, None, candidate_again=outcome.again)
    way_out = f"mend it and push, or say why it may stay: `/specbot dismiss R-{one.number} REASON`"
    return replace(_row(one, where, verdict), reasons=reasons, shown=(shown,), way_out=way_out)


def with_rows(verification: Verification, rows: Sequence[CriterionVerdict]) -> Verification:
    """The verification with just these rows behind its criteria."""
    criteria = tuple(verdict for verdict in verification.verdicts if not is_row(verdict.name))
    return replace(verification, verdicts=(*criteria, *rows))


def with_unseen(verification: Verification, known: Iterable[Recorded], reason: str) -> Verification:
    """The verification with rows for what was shown on its very tree and could not be run again for it: shown once and unknown since is not green."""
    rows = tuple(one for one in verification.verdicts if is_row(one.name))
    seen = {one.name for one in rows}
    left = (one for one in known if one.tree == verification.candidate_tree and one.name not in seen)
    more = (tried_row(one, one.finding, Tried(False, reason)) for one in left)
    return with_rows(verification, (*rows, *(row for row in more if row is not None)))


def only_rows(verification: Verification | None) -> bool:
    """Whether nothing but findings of reviewers stands in the way."""
    if verification is None or verification.done:
        return False
    hindered = any(found.weight is TamperWeight.HARD or found.waits for found in verification.tampering)
    return not hindered and all(is_row(one.name) for one in verification.verdicts if not one.verdict.done)


def _row(one: Recorded, where: ReviewFinding, verdict: Verdict) -> CriterionVerdict:
    return CriterionVerdict(
        name=one.name,
        text=one.finding.message,
        kind=ProofKind.KEEP,
        position=Position(where.path, max(where.line, 1), 1, where.last_line),
        criterion_digest=one.finding.fingerprint,
        verdict=verdict,
        reasons=(),
    )
