"""TP206: a trusted test file asserts less often than before."""

import re
from collections.abc import Collection, Iterator

from bot.core.proofs.diff_lines import FileDiff
from bot.core.proofs.tampers.lines_of_tests import LOOKED_AT, Excused, lines_of_tests
from bot.core.proofs.tampers.spot import Spot, at_line

_ASSERTION = re.compile(
    r"\bassert\b|\bassert_\w+!?\s*\(|\bself\.(?:assert|fail)\w*\s*\(|\bpytest\.(?:raises|warns|fail)\s*\("
    r"|\bexpect(?:\.\w+)?\s*\(|\bassert(?:\.\w+)+\s*\(|\brequire\.\w+\s*\(|\bt\.(?:Error|Errorf|Fatal|Fatalf|Fail|FailNow)\s*\("
    r"|\bassert(?:_eq|_ne|_matches)?!|\bshould_panic\b|\.should\b"
)
"""Python, JavaScript, Go and Rust. One a line: how often a line asserts is nobody's measure."""

_COMMENT = re.compile(r"\s*(?:#(?!\[)|//|/\*|\*)")


def fewer_assertions(file: FileDiff, gone: Collection[str], excused: Excused) -> Iterator[Spot]:
    """At the first assertion that went. A line that became a comment asserts nothing, and what a new test asserts makes up for nothing.
    `gone` are the names of tests that the change takes out anywhere."""
    went, come = [], 0
    for found in lines_of_tests(file, gone):
        text = found.line.text[:LOOKED_AT]
        if not _ASSERTION.search(text) or _COMMENT.match(text):
            continue
        if found.line.added:
            come += not found.fresh
        elif not excused.test(file.old, found.test):
            went.append(found.line)
    if len(went) > come:
        fewer = len(went) - come
        words = "it has one assertion fewer" if fewer == 1 else f"it has {fewer} assertions fewer"
        yield at_line("TP206", file.old, went[0], f"{words}, such as")
