"""The ledger: one append-only chain of records for each pull request, each hash covering the one before it.

Whoever holds the newest hash (it stands in the check's text, outside our database) can tell whether any earlier record was
changed, removed or put in between. The store appends; this module says what is written and how it is checked.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.core.codec import canonical
from bot.core.proofs.model import CriterionVerdict, Executed, Shown, Verification
from bot.errors import Defect
from bot.ids import Digest, RunId, Sha

RECORD_VERSION = 1
"""The shape of a record's body; a reader of the chain meets every version that was ever written."""

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


def proof_record(run: RunId, head: Sha, base: Sha, verification: Verification) -> str:
    """What was shown about one head: every verdict with the digests of what ran, and never the output itself."""
    return record(
        "proof",
        {
            "run": run,
            "head": head,
            "base": base,
            "candidate_tree": verification.candidate_tree,
            "base_tree": verification.base_tree,
            "environment": verification.environment,
            "done": verification.done,
            "verdicts": [_verdict(verdict) for verdict in verification.verdicts],
            "tampering": [
                {"rule": found.rule, "weight": found.weight.value, "path": found.path, "message": found.message}
                for found in verification.tampering
            ],
        },
    )


def audit(rows: Iterable[LedgerRow]) -> tuple[LedgerFault, ...]:
    """Every fault of a chain, in row order; empty when it is whole. Never raises, whatever the rows hold.

    A chain that was cut at its end is whole by itself: compare its last hash with the one that was published.
    """
    faults: list[LedgerFault] = []
    expected_previous: str = GENESIS
    for expected_sequence, (sequence, previous, own, body) in enumerate(rows, start=1):
        if sequence != expected_sequence:
            faults.append(LedgerFault(sequence, f"record {expected_sequence} should stand here"))
        if previous != expected_previous:
            faults.append(LedgerFault(sequence, "it does not follow the record before it"))
        if own != _hash_or_nothing(previous, body):
            faults.append(LedgerFault(sequence, "its body is not what was hashed"))
        if not _is_canonical(body):
            faults.append(LedgerFault(sequence, "its body is not a canonical record of a known version"))
        expected_previous = own
    return tuple(faults)


def _verdict(verdict: CriterionVerdict) -> dict[str, object]:
    return {
        "criterion": verdict.name,
        "criterion_digest": verdict.criterion_digest,
        "kind": verdict.kind.value,
        "verdict": verdict.verdict.value,
        "reasons": list(verdict.reasons),
        "shown": [_shown(shown) for shown in verdict.shown],
    }


def _shown(shown: Shown) -> dict[str, object]:
    return {
        "script": shown.script,
        "base": _executed(shown.base),
        "candidate": _executed(shown.candidate),
        "canary": _executed(shown.canary),
        **_more(shown),
    }


def _more(shown: Shown) -> dict[str, object]:
    """Runs that not every proof needs; absent where there were none."""
    more: dict[str, object] = {
        "base_again": _executed(shown.base_again),
        "candidate_again": _executed(shown.candidate_again),
        "stubbed": [_executed(one) for one in shown.stubbed],
    }
    return {name: value for name, value in more.items() if value}


def _executed(executed: Executed | None) -> dict[str, object] | None:
    if executed is None:
        return None
    return {
        "key": executed.key,
        "exit_code": executed.exit_code,
        "stopped_by": executed.stopped_by.value,
        "output_digest": executed.output_digest,
        "tests": None if executed.tests is None else len(executed.tests),
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
