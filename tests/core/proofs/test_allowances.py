"""A person's word on what a tamper rule found: bound to the finding, kept in the ledger."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.core.proofs.allowances import (
    Allowance,
    allowance_record,
    allowances,
    allowed,
    carried_over,
    stands,
    why_not_allowed,
)
from bot.core.proofs.ledger import GENESIS, chain_hash, record
from bot.core.proofs.model import TamperFinding, TamperWeight, Verification
from bot.core.pulls import Person
from bot.ids import Digest, Sha, TreeSha, UserId

GRACE = Person(UserId(7), "grace")
SOFT = TamperFinding("TP203", TamperWeight.SOFT, "package.json", "`left-pad`", 4, covers='"left-pad": "1"')
HARD = TamperFinding("TP101", TamperWeight.HARD, "tests/test_a.py", "it was deleted", covers="0" * 40)
NOTE = TamperFinding("TP301", TamperWeight.NOTE, "tests/test_a.py", "lines were added", 3)


def word(finding: TamperFinding = SOFT, reason: str = "read it") -> Allowance:
    at = datetime(2026, 11, 28, 12, 30, tzinfo=UTC)
    return Allowance(finding.rule, finding.path, finding.digest, Sha("a" * 40), GRACE, at, reason)


def verification(*found: TamperFinding) -> Verification:
    return Verification(TreeSha("1" * 40), TreeSha("2" * 40), Digest("e" * 64), (), found)


def test_allowances_come_back_from_the_ledger_among_other_records() -> None:
    bodies = [allowance_record(word()), record("proof", {"run": "r"}), allowance_record(word(reason="again"))]
    rows = [(number, GENESIS, chain_hash(GENESIS, body), body) for number, body in enumerate(bodies, 1)]
    assert allowances(rows) == (word(), word(reason="again"))


def test_a_word_is_shown_with_name_and_time_and_the_last_one_counts() -> None:
    (seen,) = allowed(verification(SOFT), [word(), word(reason="again")]).tampering
    assert seen.allowed == "allowed by grace on 2026-11-28 12:30 UTC: again"
    assert not seen.waits


def test_a_word_covers_the_finding_wherever_its_line_is_and_nothing_else() -> None:
    moved, other = replace(SOFT, line=40), replace(SOFT, covers='"left-pad": "2"')
    there = replace(SOFT, path="web/package.json")
    assert [one.waits for one in allowed(verification(moved, other, there), [word()]).tampering] == [False, True, True]


def test_what_is_hard_stays_hard() -> None:
    assert allowed(verification(HARD, NOTE), [word(HARD), word(NOTE)]).tampering == (HARD, NOTE)


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("TP203", ""),
        ("TP101", "nobody can allow it"),
        ("TP301", "only said"),
        ("TP202", "allowed already"),
        ("x", "nothing of this change"),
    ],
)
def test_what_can_be_allowed(rule: str, why: str) -> None:
    found = [SOFT, HARD, NOTE, replace(SOFT, rule="TP202", allowed="by ada")]
    assert why in why_not_allowed(rule, found)
    assert bool(why_not_allowed(rule, found)) is bool(why)


def test_what_an_earlier_run_found_is_carried_over_once_and_without_its_word() -> None:
    spoken = replace(SOFT, allowed="allowed by grace")
    assert carried_over([spoken, HARD, NOTE], []) == (SOFT, NOTE)
    assert carried_over([spoken], [replace(SOFT, line=9)]) == ()


def test_a_finding_stands_as_long_as_its_content_does() -> None:
    assert stands(SOFT, "b" * 40, {'"left-pad": "1"', "}"})
    assert not stands(SOFT, "b" * 40, {"}"})
    gone = replace(SOFT, before=True)
    assert stands(gone, "b" * 40, {"}"})
    assert not stands(gone, "b" * 40, {'"left-pad": "1"'}), "what was taken out came back"
    whole = replace(SOFT, covers="b" * 40)
    assert stands(whole, "b" * 40, set())
    assert not stands(whole, "c" * 40, set())
    assert stands(replace(SOFT, covers="0" * 40), "", set()), "deleted, and still not there"
    assert stands(replace(SOFT, covers="d" * 64), "c" * 40, set()), "the many that were only counted"
    assert stands(replace(SOFT, covers="x [secret removed]"), "c" * 40, set())
