"""The ledger: one append-only chain of records for each pull request, each hash covering the one before it.

Whoever holds the newest hash (it stands in the check's text, outside our database) can tell whether any earlier record was
changed, removed or put in between. The store appends; this module says what is written and how it is checked.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.core.codec import canonical
from bot.core.proofs.model import CriterionVerdict, Executed, Execution, Shown, Verification
from bot.core.proofs.named import named_results
from bot.errors import Defect
from bot.ids import Digest, RunId, Sha

RECORD_VERSION = 2
"""The shape of a record's body; a reader of the chain meets every version that was ever written. Version 1 had of an execution neither its
tree nor its duration, and of its tests only the number."""

PROOF = "proof"
QUEUE_PROOF = "merge queue proof"
"""Kinds of the records that hold verdicts: on a head of the pull request, and on the tree that a merge queue made of it."""

GENESIS = Digest("0" * 64)
"""What stands where the previous hash would be, in the first record of a chain."""

LedgerRow = tuple[int, str, str, str]
"""(sequence from 1, previous hash, hash, body), as the store keeps it."""


@dataclass(frozen=True, slots=True)
class LedgerFault:
    """What is wrong with one row of a chain. `sequence` is the row's own number."""

    sequence: int
    message: str


def chain_hash(previous: str, body: str) -> Digest:
    """The hash of a record: SHA-256 over the previous hash, a newline and the body, in UTF-8."""
    return Digest(hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest())


def record(kind: str, fields: Mapping[str, object]) -> str:
    """A record's body as canonical JSON: `{"kind":…,"v":1,…}`. `fields` is plain JSON data without `kind` and `v`.

    Raises `Defect` when a field would hide the kind or the version, or is not plain data.
    """
    if {"kind", "v"} & set(fields):
        raise Defect("a ledger record names its own kind or version", hint="report this")
    return canonical({"v": RECORD_VERSION, "kind": kind, **fields})


def proof_record(
    run: RunId,
    head: Sha,
    base: Sha,
    verification: Verification,
    executions: Mapping[Digest, Execution] | None = None,
    *,
    kind: str = PROOF,
    more: Mapping[str, object] | None = None,
) -> str:
    """What was shown about one head: every verdict with what ran (command, tree, named results, duration, digest of the output), and never
    the output itself.

    `executions` by key say on which tree something ran; what is not among them is recorded without its tree. `more` are further fields.
    """
    known = executions or {}
    return record(
        kind,
        {
            **(more or {}),
            "run": run,
            "head": head,
            "base": base,
            "candidate_tree": verification.candidate_tree,
            "base_tree": verification.base_tree,
            "environment": verification.environment,
            "done": verification.done,
            "verdicts": [_verdict(verdict, known) for verdict in verification.verdicts],
            "tampering": [
                {
                    "rule": found.rule,
                    "weight": found.weight.value,
                    "path": found.path,
                    "line": found.line,
                    "message": found.message,
                    "finding": found.digest,
                    "allowed": found.allowed,
                }
                for found in verification.tampering
            ],
        },
    )


def audit(rows: Iterable[LedgerRow], head: str = "") -> tuple[LedgerFault, ...]:
    """Every fault of a chain, in row order; empty when it is whole. Never raises, whatever the rows hold.

    A chain that was cut at its end, or built anew from the start, is whole by itself: only `head`, a hash that was published (it stands in the
    check's text), tells. It has to be the hash of one of the records; those behind it came later.
    """
    faults: list[LedgerFault] = []
    expected_previous: str = GENESIS
    last, published = 0, not head
    for expected_sequence, (sequence, previous, own, body) in enumerate(rows, start=1):
        if sequence != expected_sequence:
            faults.append(LedgerFault(sequence, f"record {expected_sequence} should stand here"))
        if previous != expected_previous:
            faults.append(LedgerFault(sequence, "it does not follow the record before it"))
        if own != _hash_or_nothing(previous, body):
            faults.append(LedgerFault(sequence, "its body is not what was hashed"))
        if not _is_canonical(body):
            faults.append(LedgerFault(sequence, "its body is not a canonical record of a known version"))
        last, expected_previous, published = sequence, own, published or own == head
    if not published:
        faults.append(
            LedgerFault(last, f"no record has the published hash {head[:12]}: the chain was built anew, or cut")
        )
    return tuple(faults)


def _verdict(verdict: CriterionVerdict, known: Mapping[Digest, Execution]) -> dict[str, object]:
    return {
        "criterion": verdict.name,
        "criterion_digest": verdict.criterion_digest,
        "kind": verdict.kind.value,
        "verdict": verdict.verdict.value,
        "reasons": list(verdict.reasons),
        "shown": [_shown(shown, known) for shown in verdict.shown],
    }


def _shown(shown: Shown, known: Mapping[Digest, Execution]) -> dict[str, object]:
    return {
        "script": shown.script,
        "base": _executed(shown.base, known),
        "candidate": _executed(shown.candidate, known),
        "canary": _executed(shown.canary, known),
        **_more(shown, known),
    }


def _more(shown: Shown, known: Mapping[Digest, Execution]) -> dict[str, object]:
    """Runs that not every proof needs; absent where there were none."""
    more: dict[str, object] = {
        "base_again": _executed(shown.base_again, known),
        "candidate_again": _executed(shown.candidate_again, known),
        "stood": _executed(shown.stood, known),
        "stubbed": [_executed(one, known) for one in shown.stubbed],
    }
    return {name: value for name, value in more.items() if value}


def _executed(executed: Executed | None, known: Mapping[Digest, Execution]) -> dict[str, object] | None:
    if executed is None:
        return None
    execution = known.get(executed.key)
    return {
        "key": executed.key,
        "tree": execution.tree if execution is not None else None,
        "seconds": round(executed.seconds, 3),
        "broken": executed.broken,
        "exit_code": executed.exit_code,
        "stopped_by": executed.stopped_by.value,
        "output_digest": executed.output_digest,
        "tests": None if executed.tests is None else named_results(executed.tests),
    }


def _hash_or_nothing(previous: str, body: str) -> str:
    try:
        return chain_hash(previous, body)
    except UnicodeEncodeError:
        return ""


def _is_canonical(body: str) -> bool:
    try:
        data = json.loads(body)
        return (
            isinstance(data, dict)
            and type(data.get("v")) is int
            and 1 <= data["v"] <= RECORD_VERSION
            and isinstance(data.get("kind"), str)
            and canonical(data) == body
        )
    except (ValueError, RecursionError, Defect):
        return False
