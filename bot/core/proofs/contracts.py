"""Contracts: acceptance tests for criteria without a command, each locked by a hash in the pull request's ledger (DESIGN, *How data flows*, 6).

A contract is written from the spec and the base tree alone, shown red there, and then locked: what proofs run is the locked file, whatever
lies at its path. An agent that changes it has tampered. A person who changes it by a push takes the lock away: then it proves nothing, until
the file is put back, a new one is written, or the spec gets a command of its own. Pure.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.core.ports.git import TreeEntry
from bot.core.proofs.contract_files import merged_command
from bot.core.proofs.ledger import LedgerRow, record
from bot.core.proofs.marks import MARK_IT
from bot.core.proofs.model import Contract, Verdict, Verification
from bot.core.proofs.planning import Claim
from bot.core.pulls import Person
from bot.core.specs.model import Command, Criterion, ProofKind
from bot.core.specs.naming import bare
from bot.ids import CriterionName, Digest, RunId, Sha

KIND = "contract"
REJECTED = "contract rejected"

_FILE = "100644"

WAY_OUT = f"write a fenced `sh verify` block into the spec, or {MARK_IT}; `/specbot retry` asks the test author again"


@dataclass(frozen=True, slots=True)
class Rejection:
    """A person's word that a contract (its `digest`) does not say what the criterion means. The next author is told the `reason`."""

    criterion: CriterionName
    criterion_digest: Digest
    digest: Digest
    by: Person
    at: datetime
    reason: str


def entry_of(contract: Contract) -> TreeEntry:
    """The locked file, to be laid over a tree."""
    return TreeEntry(contract.path, _FILE, contract.blob, contract.size)


def contract_record(contract: Contract) -> str:
    """The ledger record of a lock."""
    fields = (
        "criterion",
        "criterion_digest",
        "path",
        "digest",
        "blob",
        "size",
        "command",
        "commit",
        "run",
        "red",
        "over",
    )
    return record(KIND, {name: getattr(contract, name) for name in fields})


def rejection_record(rejection: Rejection) -> str:
    """The ledger record of a rejection."""
    return record(
        REJECTED,
        {
            "criterion": rejection.criterion,
            "criterion_digest": rejection.criterion_digest,
            "digest": rejection.digest,
            "by": rejection.by.record,
            "at": rejection.at.isoformat(),
            "reason": rejection.reason,
        },
    )


def contracts(rows: Iterable[LedgerRow]) -> tuple[Contract, ...]:
    """The locks that stand in a ledger: the newest of each criterion, unless it was rejected. Other records are passed over."""
    found: dict[tuple[str, str], Contract] = {}
    for body in _bodies(rows):
        if body["kind"] == KIND:
            found[body["criterion"], body["criterion_digest"]] = _contract(body)
        elif body["kind"] == REJECTED:
            known = found.get((body["criterion"], body["criterion_digest"]))
            if known is not None and known.digest == body["digest"]:
                del found[body["criterion"], body["criterion_digest"]]
    return tuple(found.values())


def all_locked(rows: Iterable[LedgerRow]) -> tuple[Contract, ...]:
    """Every contract that was ever locked, oldest first, also those that no longer count."""
    return tuple(_contract(body) for body in _bodies(rows) if body["kind"] == KIND)


def rejections(rows: Iterable[LedgerRow]) -> tuple[Rejection, ...]:
    """What people rejected, oldest first."""
    return tuple(
        Rejection(
            criterion=CriterionName(body["criterion"]),
            criterion_digest=Digest(body["criterion_digest"]),
            digest=Digest(body["digest"]),
            by=Person.of_record(body["by"]),
            at=datetime.fromisoformat(body["at"]),
            reason=body["reason"],
        )
        for body in _bodies(rows)
        if body["kind"] == REJECTED
    )


def for_claims(claims: Iterable[Claim], locked: Iterable[Contract]) -> tuple[Contract, ...]:
    """The contracts of those claims that have no command of their own, as they are worded now."""
    wanted = {(c.criterion.name, c.criterion.digest) for c in claims if c.kind is ProofKind.NONE}
    return tuple(one for one in locked if (one.criterion, one.criterion_digest) in wanted)


def broken(locked: Iterable[Contract], head: Iterable[TreeEntry]) -> tuple[Contract, ...]:
    """The contracts that a push changed: the head has something else at their paths than what was locked and what it was locked over. A file
    that is not there breaks nothing: what is locked is laid there for every proof."""
    there = {entry.path: entry for entry in head}
    return tuple(one for one in locked if one.path in there and not _is_ours(there[one.path], one))


def with_contracts(
    claims: Iterable[Claim], locked: Iterable[Contract], base: Collection[str] = ()
) -> tuple[Claim, ...]:
    """The claims, those with a contract as if the spec said its command. A criterion that was merged with its contract, so that the base tree
    (its paths) has it, keeps that as its command; what is settled needs none."""
    by_name = {(one.criterion, one.criterion_digest): one for one in locked}

    def seen(claim: Claim) -> Claim:
        own = by_name.get((claim.criterion.name, claim.criterion.digest))
        if claim.kind is ProofKind.NONE and own is not None:
            return replace(claim, criterion=_running(claim.criterion, own.command), kind=ProofKind.CHANGE)
        if claim.kind is ProofKind.KEEP and not claim.settled and not claim.criterion.commands:
            command = merged_command(_merged_as(claim), base)
            return replace(claim, criterion=_running(claim.criterion, command)) if command else claim
        return claim

    return tuple(map(seen, claims))


def _merged_as(claim: Claim) -> CriterionName:
    """What the criterion was called when its contract was merged: that name is the file's."""
    before = claim.compared.before if claim.compared is not None else None
    return before.name if before is not None else claim.criterion.name


def contracted(criteria: Iterable[Criterion], locked: Iterable[Contract]) -> tuple[Criterion, ...]:
    """The criteria as agents are told them: a contract's command stands where the spec says none."""
    commands = {(one.criterion, one.criterion_digest): one.command for one in locked}
    return tuple(
        _running(c, commands[c.name, c.digest]) if not c.commands and (c.name, c.digest) in commands else c
        for c in criteria
    )


def proven_by(verification: Verification | None, locked: Iterable[Contract]) -> tuple[Contract, ...]:
    """The contracts that the verdicts rest on: one that a push took the lock from was not run."""
    ran = {
        (verdict.name, verdict.criterion_digest, shown.script)
        for verdict in (verification.verdicts if verification is not None else ())
        for shown in verdict.shown
    }
    return tuple(one for one in locked if (one.criterion, one.criterion_digest, one.command) in ran)


def wanting(verification: Verification) -> tuple[CriterionName, ...]:
    """The criteria that only a contract could show: they have no command, and no person has decided about them."""
    return tuple(
        verdict.name
        for verdict in verification.verdicts
        if verdict.kind is ProofKind.NONE and verdict.verdict is Verdict.UNPROVEN
    )


def explained(
    verification: Verification, lost: Sequence[Contract], without: Mapping[CriterionName, str]
) -> Verification:
    """The verification, where criteria without a contract that counts say why: a push changed it (`lost`), or the author made none."""
    reasons = {name: (f"the test author made no contract: {why}", WAY_OUT) for name, why in without.items()}
    for one in lost:
        reasons[one.criterion] = (
            f"a push changed `{one.path}`, so it is not the contract that was locked and shows nothing",
            f"put the file back as it was locked, or `/specbot contract reject {bare(one.criterion)} REASON` has a new one written",
        )
    open_ones = frozenset(wanting(verification))
    verdicts = tuple(
        replace(v, reasons=(reasons[v.name][0],), way_out=reasons[v.name][1])
        if v.name in open_ones and v.name in reasons
        else v
        for v in verification.verdicts
    )
    return replace(verification, verdicts=verdicts)


def _is_ours(entry: TreeEntry, contract: Contract) -> bool:
    return entry.mode == _FILE and entry.blob in (contract.blob, contract.over)


def _running(criterion: Criterion, command: str) -> Criterion:
    """Its digest stays what it is in the spec: waivers and locks are about that."""
    return replace(criterion, commands=(Command(command, criterion.position),))


def _bodies(rows: Iterable[LedgerRow]) -> Iterator[dict[str, Any]]:
    return (body for _, _, _, text in rows if (body := json.loads(text)).get("kind") in (KIND, REJECTED))


def _contract(body: Mapping[str, Any]) -> Contract:
    return Contract(
        criterion=CriterionName(body["criterion"]),
        criterion_digest=Digest(body["criterion_digest"]),
        path=body["path"],
        digest=Digest(body["digest"]),
        blob=body["blob"],
        size=body["size"],
        command=body["command"],
        commit=Sha(body["commit"]),
        run=RunId(body["run"]),
        red=body["red"],
        over=body["over"],
    )
