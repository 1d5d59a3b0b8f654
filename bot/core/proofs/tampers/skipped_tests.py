"""TP106 and TP204: a mark that makes a runner pass over tests. On a test that was there before it is as good as deleting it."""

import re
from collections.abc import Collection, Iterator

from bot.core.proofs.diff_lines import FileDiff
from bot.core.proofs.tampers.lines_of_tests import LOOKED_AT, TestLine, lines_of_tests
from bot.core.proofs.tampers.spot import Spot, at_line

_MARK = re.compile(
    r"pytest\.mark\.(?:skip|skipif|xfail)\b|pytest\.(?:skip|xfail|importorskip)\s*\(|\bcollect_ignore(?:_glob)?\s*=|\b__test__\s*=\s*False"
    r"|unittest\.(?:skip|expectedFailure)|\bSkipTest\b|@(?:skip|expectedFailure)\b|\.skipTest\s*\("
    r"|\b(?:it|test|describe|context|suite|specify)(?:\.\w+)?\.(?:skip|skipIf|runIf|todo|failing|fails)\b|\bx(?:it|describe|test|context|specify)\s*\("
    r"|\bt\.(?:skip|todo)\s*\(|\{\s*(?:skip|todo)\s*:\s*(?!false)|\bt\.Skip(?:f|Now)?\s*\(|#\[ignore\b|#\[cfg_attr\([^\]]*\bignore\b"
)
_ONLY = re.compile(
    r"\b(?:it|test|describe|context|suite|specify)\.only\b|\bf(?:it|describe|context)\s*\(|\{\s*only\s*:\s*true"
)
"""pytest, unittest, Jest, Vitest, Mocha, node's own runner, Go, Rust. `only` makes the runner pass over all the others."""

_WHOLE_FILE = re.compile(r"\s*(?:pytestmark|collect_ignore|__test__)\b|#!\[ignore")


def skipped_in_tests(file: FileDiff, gone: Collection[str]) -> Iterator[Spot]:
    """For a test file: TP106 for marks on tests that were there before, TP204 for those on tests that are new. `gone` are the names of
    tests that the change takes out anywhere: one that comes back with a mark, in whatever file, was there before."""
    for found in lines_of_tests(file, gone):
        text = found.line.text[:LOOKED_AT]
        if not found.line.added or not (_ONLY.search(text) or _MARK.search(text)):
            continue
        if (not file.old and found.test not in gone) or _is_for_new_tests(found, text):
            yield at_line("TP204", file.new, found.line)
        else:
            yield at_line("TP106", file.new, found.line)


def skipped_elsewhere(file: FileDiff) -> Iterator[Spot]:
    """TP204: in everything that is no test."""
    for line in file.added:
        text = line.text[:LOOKED_AT]
        if _ONLY.search(text) or _MARK.search(text):
            yield at_line("TP204", file.new, line)


def _is_for_new_tests(found: TestLine, text: str) -> bool:
    return found.fresh and not _ONLY.search(text) and not _WHOLE_FILE.match(text)
