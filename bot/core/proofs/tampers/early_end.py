"""TP209: an added line ends a trusted test, or the whole run, before its assertions."""

import re
from collections.abc import Collection, Iterator

from bot.core.proofs.diff_lines import FileDiff
from bot.core.proofs.tampers.lines_of_tests import LOOKED_AT, lines_of_tests
from bot.core.proofs.tampers.spot import Spot, at_line

_END = re.compile(
    r"\s*return\s*(?:;|#.*|//.*)?$|\bos\._exit\s*\(|\bsys\.exit\s*\(|\bpytest\.exit\s*\(|\braise\s+SystemExit\b"
    r"|\bprocess\.(?:exit|abort)\s*\(|\bos\.Exit\s*\(|\bprocess::exit\s*\(|\bruntime\.Goexit\s*\("
)


def early_ends(file: FileDiff, gone: Collection[str]) -> Iterator[Spot]:
    """In tests that were there before; what a new test does is its own."""
    for found in lines_of_tests(file, gone):
        if found.line.added and not found.fresh and _END.search(found.line.text[:LOOKED_AT]):
            yield at_line("TP209", file.new, found.line)
