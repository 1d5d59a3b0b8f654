"""A person's word that a candidate's changed manifests and lock files may have an environment of their own. It covers their content. Pure."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from bot.core.environments.kinds import inputs_of
from bot.core.patterns import path_patterns
from bot.core.ports.git import TreeEntry
from bot.core.proofs.ledger import LedgerRow, record
from bot.core.pulls import Person
from bot.ids import Digest, Sha

KIND = "environment"


@dataclass(frozen=True, slots=True)
class EnvironmentApproval:
    """`inputs` is what `inputs_digest` says of the tree that the person looked at, `head` its commit."""

    inputs: Digest
    head: Sha
    by: Person
    at: datetime


def inputs_digest(entries: Iterable[TreeEntry], patterns: tuple[str, ...]) -> Digest:
    """The content of all manifests and lock files of a tree; any change to one needs a new word."""
    wanted = path_patterns(inputs_of(patterns))
    found = sorted((entry.path, entry.mode, entry.blob) for entry in entries if wanted.matches(entry.path))
    return Digest(sha256(json.dumps(found).encode()).hexdigest())


def approval_record(approval: EnvironmentApproval) -> str:
    """The ledger record of an approval."""
    return record(
        KIND,
        {
            "inputs": approval.inputs,
            "head": approval.head,
            "by": approval.by.record,
            "at": approval.at.isoformat(),
        },
    )


def approved_inputs(rows: Iterable[LedgerRow]) -> frozenset[Digest]:
    """The approved contents of a ledger. The store wrote them with `approval_record`; other records are passed over."""
    bodies = (json.loads(body) for _, _, _, body in rows)
    return frozenset(Digest(body["inputs"]) for body in bodies if body.get("kind") == KIND)
