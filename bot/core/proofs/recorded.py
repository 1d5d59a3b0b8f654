"""Reading the ledger's proofs back: what was shown then, for a merge queue that cites it and for anybody who runs it again.

Records may come from a file that somebody sent, so nothing here raises: what does not read as a proof is passed over.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.core.proofs.ledger import PROOF, QUEUE_PROOF, LedgerRow
from bot.core.proofs.model import Verdict
from bot.ids import CriterionName, Digest, RunId, Sha, TreeSha


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """One execution as recorded. `tests` is the digest over all named results, "" where no runner reported or only their number is known
    (records of version 1); `named` holds those that were recorded by name."""

    key: Digest
    exit_code: int | None
    stopped_by: str
    output_digest: Digest
    count: int | None = None
    tests: str = ""
    named: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RecordedShown:
    """One command of a criterion."""

    script: str
    base: RecordedRun | None
    candidate: RecordedRun | None


@dataclass(frozen=True, slots=True)
class RecordedVerdict:
    """The verdict on one criterion."""

    criterion: CriterionName
    digest: Digest
    verdict: Verdict
    shown: tuple[RecordedShown, ...]


@dataclass(frozen=True, slots=True)
class RecordedProof:
    """One record with verdicts; `own_hash` is its hash in the chain, `kind` one of `PROOF` and `QUEUE_PROOF`."""

    own_hash: Digest
    kind: str
    run: RunId
    head: Sha
    base: Sha
    candidate_tree: TreeSha
    base_tree: TreeSha
    environment: Digest
    verdicts: tuple[RecordedVerdict, ...]

    def verdict(self, criterion: CriterionName, digest: Digest) -> RecordedVerdict | None:
        """The verdict on exactly this criterion, text and commands the same."""
        return next((one for one in self.verdicts if (one.criterion, one.digest) == (criterion, digest)), None)


def recorded_proofs(rows: Iterable[LedgerRow]) -> tuple[RecordedProof, ...]:
    """All records with verdicts, in the order of the chain."""
    return tuple(_proofs(rows))


def _proofs(rows: Iterable[LedgerRow]) -> Iterator[RecordedProof]:
    for _, _, own, body in rows:
        try:
            data = json.loads(body)
            if isinstance(data, dict) and data.get("kind") in (PROOF, QUEUE_PROOF):
                yield _proof(Digest(own), data)
        except (ValueError, KeyError, TypeError, RecursionError, AttributeError):
            continue


def _proof(own: Digest, data: Mapping[str, object]) -> RecordedProof:
    return RecordedProof(
        own_hash=own,
        kind=_text(data["kind"]),
        run=RunId(_text(data["run"])),
        head=Sha(_text(data["head"])),
        base=Sha(_text(data["base"])),
        candidate_tree=TreeSha(_text(data["candidate_tree"])),
        base_tree=TreeSha(_text(data["base_tree"])),
        environment=Digest(_text(data["environment"])),
        verdicts=tuple(_verdict(one) for one in _list(data["verdicts"])),
    )


def _verdict(data: Mapping[str, object]) -> RecordedVerdict:
    return RecordedVerdict(
        criterion=CriterionName(_text(data["criterion"])),
        digest=Digest(_text(data["criterion_digest"])),
        verdict=Verdict(_text(data["verdict"])),
        shown=tuple(
            RecordedShown(_text(one["script"]), _run(one["base"]), _run(one["candidate"]))
            for one in _list(data["shown"])
        ),
    )


def _run(data: object) -> RecordedRun | None:
    if data is None:
        return None
    if not isinstance(data, Mapping):
        raise TypeError("no execution")
    exit_code, tests = data["exit_code"], data["tests"]
    if exit_code is not None and type(exit_code) is not int:
        raise TypeError("no exit status")
    digest, count = "", None
    named: tuple[tuple[str, str], ...] = ()
    if isinstance(tests, Mapping):
        count, digest = tests["count"], _text(tests["digest"])
        named = tuple(sorted((_text(name), _text(outcome)) for name, outcome in tests["named"].items()))
    elif type(tests) is int:
        count = tests
    return RecordedRun(
        key=Digest(_text(data["key"])),
        exit_code=exit_code,
        stopped_by=_text(data["stopped_by"]),
        output_digest=Digest(_text(data["output_digest"])),
        count=count if type(count) is int else None,
        tests=digest,
        named=named,
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _list(value: object) -> list[Mapping[str, object]]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise TypeError("no list of objects")
    return value
