"""Where the tests of a change stand, over all of its test files: a test that moved is neither new nor gone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.proofs.diff_lines import FileDiff
from bot.core.proofs.tampers.assertions import asserts
from bot.core.proofs.tampers.lines_of_tests import lines_of_tests, tests_after, tests_before


@dataclass(frozen=True, slots=True)
class Movement:
    """Names of tests: those that left their file (`gone`), and all that the hunks show as they are now (`written`); `asserted` counts the
    assertions on added lines by their tests."""

    gone: frozenset[str]
    written: frozenset[str]
    asserted: Counter[str]


def movement(tests: Sequence[FileDiff]) -> Movement:
    """`tests` are the parts of a diff that are about test files."""
    after = [{name for name, _ in tests_after(file)} for file in tests]
    gone = (
        name for file, there in zip(tests, after, strict=True) for name, _ in tests_before(file) if name not in there
    )
    lines = (found for file in tests for found in lines_of_tests(file, ()))
    asserted = Counter(found.test for found in lines if found.line.added and asserts(found.line.text))
    return Movement(frozenset(gone), frozenset[str]().union(*after), asserted)
