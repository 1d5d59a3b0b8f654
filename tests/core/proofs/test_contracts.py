"""Contracts: locked in the ledger, void when a push changes them, rejected by people, and run as if the spec said their command."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.core.ports.git import TreeEntry
from bot.core.proofs.contract_files import (
    Runner,
    contract_command,
    contract_path,
    contract_paths,
    merged_command,
    readable_command,
    red_fault,
)
from bot.core.proofs.contracts import (
    Rejection,
    all_locked,
    broken,
    contract_record,
    contracted,
    contracts,
    entry_of,
    explained,
    for_claims,
    proven_by,
    rejection_record,
    rejections,
    wanting,
    with_contracts,
)
from bot.core.proofs.ledger import GENESIS, LedgerRow, audit, chain_hash, record
from bot.core.proofs.model import Contract, Shown, Verdict, Verification
from bot.core.proofs.planning import Claim
from bot.core.proofs.trusted import trusted_paths
from bot.core.proofs.verdicts import judge_criterion
from bot.core.pulls import Person
from bot.core.specs.compare import Change, ComparedCriterion
from bot.core.specs.model import ProofKind
from bot.ids import CriterionId, CriterionName, Digest, RunId, Sha, TreeSha, UserId
from tests.core.proofs.builders import criterion, errored, failed, passed, ran

AC = criterion(ProofKind.NONE)
PATH = contract_path(AC.name, Runner.PYTEST)
COMMAND = contract_command(PATH, Runner.PYTEST)
ONE = Contract(
    AC.name, AC.digest, PATH, Digest("1" * 64), "b" * 40, 12, COMMAND, Sha("c" * 40), RunId("run-1-2-3-1"), "1 of 1 tests failed"
)  # fmt: skip
TWO = replace(ONE, digest=Digest("2" * 64), blob="d" * 40, over=ONE.blob)
AT = datetime(2026, 11, 28, 12, 30, tzinfo=UTC)
NO = Rejection(AC.name, AC.digest, ONE.digest, Person(UserId(7), "grace"), AT, "it tests the wording")
TRUSTED = trusted_paths()


def ledger(*bodies: str) -> list[LedgerRow]:
    rows: list[LedgerRow] = []
    previous: str = GENESIS
    for number, body in enumerate(bodies, start=1):
        rows.append((number, previous, chain_hash(previous, body), body))
        previous = rows[-1][2]
    return rows


def test_a_lock_comes_back_from_the_ledger_as_it_was_written() -> None:
    rows = ledger(record("proof", {"x": 1}), contract_record(ONE))
    assert audit(rows) == ()
    assert contracts(rows) == (ONE,)
    assert entry_of(ONE) == TreeEntry(PATH, "100644", "b" * 40, 12)


def test_the_newest_lock_counts_and_a_rejected_one_does_not() -> None:
    assert contracts(ledger(contract_record(ONE), contract_record(TWO))) == (TWO,)
    rejected = ledger(contract_record(ONE), rejection_record(NO))
    assert contracts(rejected) == ()
    assert rejections(rejected) == (NO,)
    again = ledger(contract_record(ONE), rejection_record(NO), contract_record(TWO))
    assert contracts(again) == (TWO,)
    assert all_locked(again) == (ONE, TWO)
    late = ledger(contract_record(ONE), contract_record(TWO), rejection_record(NO))
    assert contracts(late) == (TWO,), "a word about the first says nothing of the second"


def test_a_contract_is_for_the_criterion_as_it_was_worded() -> None:
    assert for_claims([Claim(AC, ProofKind.NONE)], [ONE]) == (ONE,)
    reworded = criterion(ProofKind.NONE, text="Text is cut, twice.")
    assert for_claims([Claim(reworded, ProofKind.NONE)], [ONE]) == ()
    assert for_claims([Claim(AC, ProofKind.KEEP, settled=True)], [ONE]) == ()


@pytest.mark.parametrize(
    ("there", "is_broken"),
    [
        ([], False),  # not published, or deleted: it is laid there for every proof
        ([entry_of(ONE)], False),
        ([entry_of(TWO)], False),
        ([TreeEntry(PATH, "100644", "e" * 40, 12)], True),
        ([TreeEntry(PATH, "100755", TWO.blob, 12)], True),
        ([TreeEntry(PATH, "120000", TWO.blob, 12)], True),
    ],
)
def test_a_push_that_changes_the_file_takes_the_lock_away(there: list[TreeEntry], is_broken: bool) -> None:
    assert broken([TWO], [TreeEntry("a.py", "100644", "f" * 40, 1), *there]) == ((TWO,) if is_broken else ())


def test_a_claim_with_a_contract_is_one_that_says_its_command() -> None:
    (claim,) = with_contracts([Claim(AC, ProofKind.NONE)], [ONE])
    assert (claim.kind, [c.script for c in claim.criterion.commands]) == (ProofKind.CHANGE, [COMMAND])
    assert claim.criterion.digest == AC.digest, "waivers and locks are about the spec's words"
    for kind in (ProofKind.ACCEPT, ProofKind.GONE, ProofKind.NONE):
        other = Claim(criterion(kind, text="other"), kind)
        assert with_contracts([other], [ONE]) == (other,)


def test_a_merged_contract_goes_on_as_a_keep_command() -> None:
    claim = Claim(AC, ProofKind.KEEP)
    (kept,) = with_contracts([claim], [], {PATH, "a.py"})
    assert (kept.kind, kept.criterion.commands[0].script) == (ProofKind.KEEP, COMMAND)
    assert with_contracts([claim], [], {"a.py"}) == (claim,)
    settled = replace(claim, settled=True)
    assert with_contracts([settled], [], {PATH}) == (settled,)
    said = Claim(criterion(ProofKind.KEEP, "make"), ProofKind.KEEP)
    assert with_contracts([said], [], {PATH}) == (said,)
    renamed = replace(AC, spec_path="specs/other.md", criterion_id=CriterionId("AC-7"))
    moved = ComparedCriterion(renamed.criterion_id, Change.UNCHANGED, "", AC)
    (found,) = with_contracts([Claim(renamed, ProofKind.KEEP, compared=moved)], [], {PATH})
    assert found.criterion.commands[0].script == COMMAND, "its contract has the name under which it was merged"


def test_agents_are_told_the_contracts_command() -> None:
    said = criterion(ProofKind.CHANGE, "make", number=2)
    told = contracted([AC, said], [ONE])
    assert [c.commands[0].script for c in told] == [COMMAND, "make"]
    assert contracted([AC], []) == (AC,)


def unproven(kind: ProofKind = ProofKind.NONE) -> Verification:
    verdict = judge_criterion(AC, kind, (), trusted=TRUSTED)
    return Verification(TreeSha("a" * 40), TreeSha("b" * 40), Digest("e"), (verdict,))


def test_what_wants_a_contract() -> None:
    assert wanting(unproven()) == (AC.name,)
    assert wanting(unproven(ProofKind.ACCEPT)) == ()
    assert wanting(unproven(ProofKind.KEEP)) == ()
    (verdict,) = unproven().verdicts
    waived = replace(verdict, verdict=Verdict.WAIVED)
    assert wanting(replace(unproven(), verdicts=(waived,))) == ()


def test_the_contracts_that_verdicts_rest_on() -> None:
    (claim,) = with_contracts([Claim(AC, ProofKind.NONE)], [ONE])
    verdict = judge_criterion(claim.criterion, claim.kind, [Shown(COMMAND, None, None, None)], trusted=TRUSTED)
    assert proven_by(replace(unproven(), verdicts=(verdict,)), [ONE]) == (ONE,)
    assert proven_by(unproven(), [ONE]) == ()
    assert proven_by(None, [ONE]) == ()


def test_why_a_criterion_has_no_contract_is_said() -> None:
    lost = explained(unproven(), [ONE], {}).verdicts[0]
    assert lost.verdict is Verdict.UNPROVEN
    assert lost.reasons[0].startswith(f"a push changed `{PATH}`")
    assert "contract reject AC-1" in lost.way_out
    none = explained(unproven(), [], {AC.name: "it is vague"}).verdicts[0]
    assert none.reasons == ("the test author made no contract: it is vague",)
    assert explained(unproven(), [], {}) == unproven()
    assert explained(unproven(ProofKind.ACCEPT), [ONE], {AC.name: "x"}) == unproven(ProofKind.ACCEPT)


def test_paths_are_plain_and_tell_their_runner() -> None:
    assert PATH == "tests/contracts/test_specs_0001_cut_ac_1.py"
    assert contract_paths(AC.name) == {
        PATH: Runner.PYTEST,
        "tests/contracts/test_specs_0001_cut_ac_1_unittest.py": Runner.UNITTEST,
        "tests/contracts/specs_0001_cut_ac_1.test.mjs": Runner.NODE,
        "tests/contracts/specs_0001_cut_ac_1/contract_test.go": Runner.GO,
    }
    go = contract_path(AC.name, Runner.GO)
    assert contract_command(go, Runner.GO) == "go test -count=1 ./tests/contracts/specs_0001_cut_ac_1"
    assert readable_command(go, Runner.GO) == f"gofmt -e -l {go}"
    assert merged_command(AC.name, [go]) == contract_command(go, Runner.GO)
    assert merged_command(AC.name, ["a.py"]) == ""


@pytest.mark.parametrize(
    "name",
    ["specs/名前.md#AC-1", "specs/$(touch x).md#AC-1", "specs/../x;rm.md#AC-1", "s/" + "a" * 300 + ".md#AC-1", "#"],
)
def test_a_strange_name_makes_a_plain_path_of_its_own(name: str) -> None:
    paths = contract_paths(CriterionName(name))
    for path in paths:
        assert path.startswith("tests/contracts/")
        assert set(path) <= set("abcdefghijklmnopqrstuvwxyz0123456789_./")
        assert ".." not in path
        assert max(map(len, path.split("/"))) < 200
    assert not set(paths) & set(contract_paths(CriterionName(name + "x")))


READ = ran(0)


@pytest.mark.parametrize(
    ("readable", "run", "fault"),
    [
        (READ, ran(1, failed("t::a")), ""),
        (READ, ran(1, errored("tests/contracts/t.py", "ImportError: cannot import name 'cut' from 'text'")), ""),
        (ran(127), ran(1, failed("t::a")), ""),
        (ran(1), ran(1, failed("t::a")), "the file cannot be parsed"),
        (ran(0, broken="no box"), ran(1, failed("t::a")), "the file cannot be parsed"),
        (READ, ran(0, passed("t::a")), "it is green before any change"),
        (READ, ran(5, ()), "pytest collected no test"),
        (READ, ran(1, passed("t::a")), "no test of it failed"),
        (READ, ran(127), "the command was not found"),
        (READ, ran(1, errored(PATH, "SyntaxError: invalid syntax")), "cannot be read as a program"),
    ],
)  # fmt: skip
def test_only_a_test_that_fails_for_the_right_reason_is_locked(readable: object, run: object, fault: str) -> None:
    found = red_fault(readable, run, COMMAND, TRUSTED)  # type: ignore[arg-type]
    assert found == "" if not fault else fault in found
