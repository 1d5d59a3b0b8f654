"""What people allowed of what the tamper rules found: a word on one finding with its content, kept in the pull request's ledger. Pure.

It survives every push that leaves the finding alone, because it is bound to what was found and not to a commit.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.proofs.ledger import LedgerRow, record
from bot.core.proofs.model import TamperFinding, TamperWeight, Verification
from bot.core.pulls import Person
from bot.ids import Digest, Sha

KIND = "allowance"

MASK = "[secret removed]"
"""What stands for a secret in a stored finding (`bot.reporting.masking`): such a text is found in no file."""

_HEXADECIMAL = frozenset("0123456789abcdef")
_BLOB_DIGITS = 40
_DIGEST_DIGITS = 64


@dataclass(frozen=True, slots=True)
class Allowance:
    """`finding` is the digest of what was found (`TamperFinding.digest`), `head` the commit at which the person saw it."""

    rule: str
    path: str
    finding: Digest
    head: Sha
    by: Person
    at: datetime
    reason: str


def allowance_record(allowance: Allowance) -> str:
    """The ledger record of an allowance."""
    return record(
        KIND,
        {
            "rule": allowance.rule,
            "path": allowance.path,
            "finding": allowance.finding,
            "head": allowance.head,
            "by": allowance.by.record,
            "at": allowance.at.isoformat(),
            "reason": allowance.reason,
        },
    )


def allowances(rows: Iterable[LedgerRow]) -> tuple[Allowance, ...]:
    """The allowances of a ledger, oldest first. The store wrote them with `allowance_record`; other records are passed over."""
    bodies = (json.loads(body) for _, _, _, body in rows)
    return tuple(
        Allowance(
            rule=body["rule"],
            path=body["path"],
            finding=Digest(body["finding"]),
            head=Sha(body["head"]),
            by=Person.of_record(body["by"]),
            at=datetime.fromisoformat(body["at"]),
            reason=body["reason"],
        )
        for body in bodies
        if body.get("kind") == KIND
    )


def why_not_allowed(rule: str, found: Sequence[TamperFinding]) -> str:
    """Why a rule's findings cannot be allowed, "" when at least one waits for that."""
    of_rule = [finding for finding in found if finding.rule == rule]
    if not of_rule:
        return "nothing of this change breaks it"
    if all(finding.weight is TamperWeight.HARD for finding in of_rule):
        return "nobody can allow it: take the change out of the branch, or name under `removes:` in the spec what is meant to go"
    if all(finding.weight is TamperWeight.NOTE for finding in of_rule):
        return "it is only said, and waits for nobody"
    if not any(finding.waits for finding in of_rule):
        return "all of it is allowed already"
    return ""


def allowed(verification: Verification, said: Sequence[Allowance]) -> Verification:
    """The verification with what people allowed. Only soft findings are touched, and of several words on one the last counts."""
    words = {(one.rule, one.path, one.finding): one for one in said}

    def seen(finding: TamperFinding) -> TamperFinding:
        word = words.get((finding.rule, finding.path, finding.digest))
        if word is None or finding.weight is not TamperWeight.SOFT:
            return finding
        return replace(finding, allowed=f"allowed by {word.by.login} on {word.at:%Y-%m-%d %H:%M} UTC: {word.reason}")

    return replace(verification, tampering=tuple(seen(finding) for finding in verification.tampering))


def carried_over(earlier: Sequence[TamperFinding], present: Iterable[TamperFinding]) -> tuple[TamperFinding, ...]:
    """What an earlier run of the same pull request found and this one does not find by itself, as nobody has said anything about it yet.

    A run compares its candidate with its own starting head, so what agents pushed before would be forgotten with every new head.
    """
    known = {(finding.rule, finding.path, finding.digest) for finding in present}
    left = (finding for finding in earlier if (finding.rule, finding.path, finding.digest) not in known)
    return tuple(replace(finding, allowed="") for finding in left if finding.weight is not TamperWeight.HARD)


def stands(finding: TamperFinding, blob: str, lines: Collection[str]) -> bool:
    """Whether what was found is still so in a tree where the file has this blob ("" for no file) and these lines, without the blanks around
    them. What was said of a whole file is of its content; what went is gone as long as it does not come back. In doubt it stands."""
    if MASK in finding.covers or not finding.covers:
        return True
    if set(finding.covers) <= _HEXADECIMAL and len(finding.covers) in (_BLOB_DIGITS, _DIGEST_DIGITS):
        return len(finding.covers) == _DIGEST_DIGITS or finding.covers == (blob or "0" * _BLOB_DIGITS)
    return (finding.covers in lines) is not finding.before
