"""The named results of one execution, as the ledger keeps them: short enough to be kept for ever, and enough to say later what differs."""

import hashlib
from collections.abc import Sequence

from bot.core.codec import canonical
from bot.core.proofs.model import TestOutcome, TestResult

NAMED = 1_000
"""Tests of one execution whose results are recorded by name. Of a larger suite those that did not pass are named, up to this many, and the
digest covers all of them: a record of 10,000 names for each of a criterion's three runs would be two megabytes."""


def named_results(tests: Sequence[TestResult]) -> dict[str, object]:
    """`count`, `digest` (over all names with their outcomes) and `named` (name to outcome), as plain data."""
    outcomes = {test.name: test.outcome for test in tests}
    told: list[tuple[str, TestOutcome]] = list(outcomes.items())
    if len(told) > NAMED:
        told = [one for one in told if one[1] is not TestOutcome.PASSED][:NAMED]
    pairs = sorted((test.name, test.outcome.value) for test in tests)
    return {
        "count": len(tests),
        "digest": hashlib.sha256(canonical({"tests": [list(pair) for pair in pairs]}).encode("ascii")).hexdigest(),
        "named": {name: outcome.value for name, outcome in told},
    }
