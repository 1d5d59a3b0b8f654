"""TP107: a test was taken out of a trusted file that stays. A test that stands in another test file of the same change was moved."""

from collections.abc import Collection, Iterator

from bot.core.proofs.diff_lines import FileDiff
from bot.core.proofs.tampers.lines_of_tests import Excused, tests_before
from bot.core.proofs.tampers.spot import Spot, at_line


def deleted_tests(file: FileDiff, written: Collection[str], excused: Excused) -> Iterator[Spot]:
    """`written` are the names of all tests that the hunks of test files show as they are now."""
    for name, line in tests_before(file):
        if name not in written and not excused.test(file.old, name):
            yield at_line(
                "TP107", file.old, line, f"the test `{name[:80]}` is gone, and no spec names it under `removes:`"
            )
