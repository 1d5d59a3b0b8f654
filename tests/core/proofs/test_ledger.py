"""The chain tells when anything in it was touched."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.proofs.ledger import GENESIS, LedgerRow, audit, chain_hash, proof_record, record
from bot.core.proofs.model import (
    CriterionVerdict,
    Shown,
    TamperFinding,
    TamperWeight,
    Verdict,
    Verification,
)
from bot.core.specs.model import Position, ProofKind
from bot.errors import Defect
from bot.ids import CriterionName, RunId, Sha, TreeSha
from tests.core.proofs.builders import digest, passed, ran

VERIFICATION = Verification(
    TreeSha("a" * 40),
    TreeSha("b" * 40),
    digest("environment"),
    (
        CriterionVerdict(
            CriterionName("s.md#AC-1"),
            "text",
            ProofKind.CHANGE,
            Position("s.md", 3),
            digest("criterion"),
            Verdict.PROVEN,
            ("red before, green after",),
            (Shown("pytest", ran(1, output="secret words"), ran(0, passed("t")), None),),
        ),
    ),
    (TamperFinding("TP201", TamperWeight.SOFT, "tests/test_a.py", "changed"),),
)


def chain(*bodies: str) -> list[LedgerRow]:
    rows: list[LedgerRow] = []
    previous: str = GENESIS
    for number, body in enumerate(bodies, start=1):
        own = chain_hash(previous, body)
        rows.append((number, previous, own, body))
        previous = own
    return rows


def bodies(count: int) -> list[str]:
    return [record("note", {"n": number}) for number in range(count)]


def test_a_whole_chain_has_no_faults() -> None:
    assert audit(chain(*bodies(5))) == ()
    assert audit([]) == ()


def test_a_changed_body_is_found() -> None:
    rows = chain(*bodies(4))
    rows[1] = (*rows[1][:3], rows[1][3].replace('"n":1', '"n":7'))
    assert [(fault.sequence, fault.message) for fault in audit(rows)] == [(2, "its body is not what was hashed")]


def test_a_rehashed_body_breaks_the_link_behind_it() -> None:
    rows = chain(*bodies(4))
    other = record("note", {"n": 7})
    rows[1] = (2, rows[1][1], chain_hash(rows[1][1], other), other)
    assert [fault.sequence for fault in audit(rows)] == [3]


@given(st.integers(2, 6), st.data())
def test_a_missing_doubled_or_swapped_record_is_found(count: int, data: st.DataObject) -> None:
    rows = chain(*bodies(count))
    at = data.draw(st.integers(0, count - 2))
    change = data.draw(st.sampled_from(["missing", "doubled", "swapped"]))
    if change == "missing":
        del rows[at]
    elif change == "doubled":
        rows.insert(at, rows[at])
    else:
        rows[at], rows[at + 1] = rows[at + 1], rows[at]
    assert audit(rows)


@pytest.mark.parametrize(
    "body", ["", "{}", '{"v":1}', '{"kind":"x","v":99}', '{"v":1, "kind":"x"}', "[" * 99999, "\ud800"]
)
def test_a_body_that_is_no_record_is_a_fault_and_never_an_exception(body: str) -> None:
    rows: list[LedgerRow] = [(1, GENESIS, "0", body)]
    assert "its body is not a canonical record of a known version" in [fault.message for fault in audit(rows)]


def test_the_hash_is_the_documented_one() -> None:
    assert chain_hash("a", "b") == digest("a\nb")


def test_a_proof_record_names_what_ran_and_holds_no_output() -> None:
    body = proof_record(RunId("run-1"), Sha("c" * 40), Sha("d" * 40), VERIFICATION)
    data = json.loads(body)
    assert data["v"] == 2
    assert data["kind"] == "proof"
    assert data["verdicts"][0]["verdict"] == "proven"
    assert data["verdicts"][0]["shown"][0]["candidate"]["tests"]["named"] == {"t": "passed"}
    assert data["verdicts"][0]["shown"][0]["base"]["output_digest"] == digest("secret words")
    assert "secret words" not in body
    assert data["tampering"][0]["rule"] == "TP201"


def test_a_record_cannot_pose_as_another_kind() -> None:
    with pytest.raises(Defect):
        record("note", {"kind": "proof"})
