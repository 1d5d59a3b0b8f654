"""TP206: a trusted test file asserts less often than before."""

from collections import Counter
from collections.abc import Iterator

from bot.core.proofs.diff_lines import DiffLine, FileDiff
from bot.core.proofs.tampers.assertions import asserts
from bot.core.proofs.tampers.lines_of_tests import Excused, lines_of_tests
from bot.core.proofs.tampers.movement import Movement
from bot.core.proofs.tampers.spot import Spot, at_line


def fewer_assertions(file: FileDiff, tests: Movement, excused: Excused) -> Iterator[Spot]:
    """At the first assertion that went. A line that became a comment asserts nothing, and what a new test asserts makes up for nothing.

    A test that stands in another file now is held against what it asserts there; one that stands nowhere is another rule's.
    """
    went: list[DiffLine] = []
    left = Counter[str]()
    come = 0
    for found in lines_of_tests(file, tests.gone):
        if not asserts(found.line.text) or (found.line.removed and excused.test(file.old, found.test)):
            continue
        if found.line.added:
            come += not found.fresh and found.test not in tests.gone
        elif found.test not in tests.gone:
            went.append(found.line)
        else:
            left[found.test] += 1
            if found.test in tests.written and left[found.test] > tests.asserted[found.test]:
                went.append(found.line)
    if len(went) > come:
        fewer = len(went) - come
        words = "it has one assertion fewer" if fewer == 1 else f"it has {fewer} assertions fewer"
        yield at_line("TP206", file.old, went[0], f"{words}, such as")
