"""A person's word covers the manifests as they looked at them."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.core.environments.approval import EnvironmentApproval, approval_record, approved_inputs, inputs_digest
from bot.core.ports import TreeEntry
from bot.core.proofs.ledger import record
from bot.core.pulls import Person
from bot.ids import Digest, Sha, UserId

LOCK = TreeEntry("web/package-lock.json", "100644", "a" * 40, 1)
CODE = TreeEntry("src/a.py", "100644", "b" * 40, 1)


def test_any_change_of_a_manifest_needs_a_new_word() -> None:
    seen = inputs_digest((LOCK, CODE), ())
    assert inputs_digest((CODE, LOCK), ()) == seen == inputs_digest((LOCK,), ())
    assert inputs_digest((replace(LOCK, blob="c" * 40), CODE), ()) != seen
    assert inputs_digest((replace(LOCK, path="package-lock.json"), CODE), ()) != seen
    assert inputs_digest((LOCK, CODE), ("src/**",)) not in (seen, inputs_digest((CODE,), ("web/**",)))


def test_approvals_are_found_in_a_ledger_among_other_records() -> None:
    said = EnvironmentApproval(Digest("d"), Sha("e" * 40), Person(UserId(1), "ada"), datetime(2026, 5, 1, tzinfo=UTC))
    rows = [(1, "", "", record("proof", {"inputs": "x"})), (2, "", "", approval_record(said))]
    assert approved_inputs(rows) == {"d"}
    assert approved_inputs(rows[:1]) == frozenset()
