"""A person's word that agents may start: on one plan, for one spec as it stands, at one commit (DESIGN, *Identity and state*). Pure."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.core.proofs.ledger import LedgerRow, record
from bot.core.pulls import Person
from bot.ids import Digest, Sha

KIND = "approval"


@dataclass(frozen=True, slots=True)
class Approval:
    """`head` is the commit that was looked at, `plan` the digest of the plan with the specs that it is made for."""

    head: Sha
    plan: Digest
    by: Person
    at: datetime


def approval_record(approval: Approval) -> str:
    """The ledger record of an approval."""
    by = approval.by.record
    return record(KIND, {"head": approval.head, "plan": approval.plan, "by": by, "at": approval.at.isoformat()})


def approved(rows: Iterable[LedgerRow], head: Sha, plan: Digest) -> Approval | None:
    """The newest approval of exactly this plan at exactly this commit; None when there is none."""
    found: Approval | None = None
    for _, _, _, text in rows:
        body = json.loads(text)
        if body.get("kind") == KIND and body["head"] == head and body["plan"] == plan:
            by = Person.of_record(body["by"])
            found = Approval(head, plan, by, datetime.fromisoformat(body["at"]))
    return found
