"""What a ledger holds can be read back, exported and compared; what was changed in it is found."""

import json
from dataclasses import replace

import pytest

from bot.core.proofs.agreement import Agrees, agreements, all_agree
from bot.core.proofs.executions import execution
from bot.core.proofs.export import export_lines, read_export
from bot.core.proofs.ledger import LedgerRow, audit, chain_hash, proof_record, record
from bot.core.proofs.model import CriterionVerdict, Executed, Harness, Shown, Verdict, Verification
from bot.core.proofs.named import NAMED, named_results
from bot.core.proofs.recorded import recorded_proofs
from bot.core.specs.model import Position, ProofKind
from bot.errors import UserFault
from bot.ids import CriterionName, PrNumber, RunId, Sha, TreeSha
from tests.core.proofs.builders import digest, failed, passed, ran
from tests.core.proofs.test_ledger import chain

BASE, WORK = TreeSha("b" * 40), TreeSha("a" * 40)


def verification(base: Executed, candidate: Executed, verdict: Verdict = Verdict.PROVEN) -> Verification:
    one = CriterionVerdict(
        name=CriterionName("s.md#AC-1"),
        text="text",
        kind=ProofKind.CHANGE,
        position=Position("s.md", 3),
        criterion_digest=digest("criterion"),
        verdict=verdict,
        reasons=(),
        shown=(Shown("pytest", base, candidate, None),),
    )
    return Verification(WORK, BASE, digest("environment"), (one,))


PROVEN = verification(ran(1, failed("t")), ran(0, passed("t")))


def body(of: Verification = PROVEN) -> str:
    return proof_record(RunId("run-1"), Sha("c" * 40), Sha("d" * 40), of)


def test_a_record_names_command_tree_environment_results_duration_and_digest() -> None:
    base = execution(BASE, "pytest", digest("environment"), Harness.REPORT)
    here = verification(replace(ran(1, failed("t"), output="words"), key=base.key), ran(0, passed("t")))
    data = json.loads(proof_record(RunId("r"), Sha("c" * 40), Sha("d" * 40), here, {base.key: base}))
    shown = data["verdicts"][0]["shown"][0]
    assert (shown["script"], data["environment"]) == ("pytest", digest("environment"))
    assert (shown["base"]["tree"], shown["base"]["seconds"]) == (BASE, 0.5)
    assert shown["base"]["tests"]["named"] == {"t": "failed"}
    assert shown["base"]["output_digest"] == digest("words")
    assert shown["candidate"]["tree"] is None, "what the plan does not know is not made up"


def test_a_large_suite_is_named_where_it_matters_and_counted_elsewhere() -> None:
    many = passed(*(f"t{n}" for n in range(NAMED + 1)))
    told = named_results((*many, *failed("bad")))
    assert (told["count"], told["named"]) == (NAMED + 2, {"bad": "failed"})
    assert told["digest"] != named_results((*many, *passed("bad")))["digest"]


def test_what_was_written_is_read_back_and_the_rest_is_passed_over() -> None:
    broken = ['{"kind":"proof","v":2}', "[]", "no json", record("ruling", {"criterion": "x"})]
    (found,) = recorded_proofs(chain(*broken, body()))
    assert (found.head, found.candidate_tree, found.environment) == ("c" * 40, WORK, digest("environment"))
    (verdict,) = found.verdicts
    assert verdict.shown[0].base is not None
    assert verdict.shown[0].base.named == (("t", "failed"),)
    assert found.verdict(CriterionName("s.md#AC-1"), digest("another text")) is None


def test_records_of_the_first_version_are_still_read_and_whole() -> None:
    old = json.loads(body())
    old["v"] = 1
    for side in ("base", "candidate"):
        shown = old["verdicts"][0]["shown"][0][side]
        old["verdicts"][0]["shown"][0][side] = {
            key: shown[key] for key in ("key", "exit_code", "stopped_by", "output_digest")
        } | {"tests": 1}
    rows = chain(json.dumps(old, sort_keys=True, separators=(",", ":")))
    assert audit(rows) == ()
    (found,) = recorded_proofs(rows)
    assert [one.agrees for one in agreements(found, PROVEN)] == [Agrees.YES]


@pytest.mark.parametrize(
    ("again", "agrees", "detail"),
    [
        (PROVEN, Agrees.YES, ""),
        (verification(ran(1, failed("t"), output="other"), ran(0, passed("t"))), Agrees.YES, ""),
        (
            verification(ran(1, failed("t")), ran(1, failed("t")), Verdict.FAILED),
            Agrees.NO,
            "after it: exit status 0 in the ledger, exit status 1 here",
        ),
        (
            verification(ran(1, failed("u")), ran(0, passed("t"))),
            Agrees.NO,
            "before the change: other results of t",
        ),
        (
            verification(ran(1, failed("t")), ran(0, passed("t", "u"))),
            Agrees.NO,
            "after it: 1 named tests in the ledger, 2 here",
        ),
        (verification(ran(1, failed("t")), ran(0, passed("t")), Verdict.FLAKY), Agrees.NO, ""),
    ],
)
def test_agreement_is_about_how_commands_and_tests_ended(again: Verification, agrees: Agrees, detail: str) -> None:
    (found,) = recorded_proofs(chain(body()))
    (one,) = agreements(found, again)
    assert one.agrees is agrees
    assert "; ".join(one.details) == detail
    assert all_agree((one,)) == (agrees is Agrees.YES)


def test_what_a_person_decided_is_not_run_again_and_no_difference() -> None:
    waived = verification(ran(1, failed("t")), ran(1, failed("t")), Verdict.WAIVED)
    (found,) = recorded_proofs(chain(body(waived)))
    again = verification(ran(1, failed("t")), ran(1, failed("t")), Verdict.FAILED)
    assert [one.agrees for one in agreements(found, again)] == [Agrees.DECIDED]


def test_what_one_side_does_not_know_is_said() -> None:
    (found,) = recorded_proofs(chain(body()))
    changed = replace(PROVEN.verdicts[0], criterion_digest=digest("another text"))
    other = replace(PROVEN.verdicts[0], name=CriterionName("s.md#AC-2"))
    said = agreements(found, replace(PROVEN, verdicts=(changed, other)))
    assert [one.details for one in said] == [
        ("the ledger has it with another text or other commands",),
        ("the ledger does not have it",),
    ]
    gone = agreements(found, replace(PROVEN, verdicts=()))
    assert [one.agrees for one in gone] == [Agrees.ABSENT]
    assert not all_agree(gone)
    assert not all_agree(())


def test_an_export_is_read_back_to_the_same_rows_also_when_it_was_tampered_with() -> None:
    rows = chain(body(), record("note", {"words": "ü\ud800", "number": 0.25}))
    rows[0] = (*rows[0][:3], rows[0][3] + " ")
    lines = list(export_lines(rows, "ada/greet", PrNumber(3)))
    assert read_export("\n".join(lines)) == tuple(rows)
    assert json.loads(lines[1])["record"]["kind"] == "note"
    assert audit(rows)
    with pytest.raises(UserFault, match="line 1"):
        read_export("nothing")
    with pytest.raises(UserFault, match="line 1"):
        read_export('{"sequence":"1","previous":"","hash":"","record":{}}')


def test_a_chain_built_anew_is_whole_and_found_by_the_published_head() -> None:
    rows = chain(body(), record("note", {"n": 1}))
    published = rows[0][2]
    assert audit(rows, published) == ()
    rebuilt: list[LedgerRow] = chain(body(verification(ran(1), ran(0))), record("note", {"n": 1}))
    assert audit(rebuilt) == ()
    assert [fault.sequence for fault in audit(rebuilt, published)] == [2]
    assert audit(rows[:1], rows[1][2]), "cut behind the published head"
    assert audit([], published)
    assert chain_hash(rows[0][1], rows[0][3]) == published
