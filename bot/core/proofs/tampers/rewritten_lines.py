"""Pairs of lines, one removed and one written in its place, for rules that compare them."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.proofs.diff_lines import DiffLine, FileDiff


@dataclass(frozen=True, slots=True)
class Rewritten:
    before: DiffLine
    after: DiffLine


def rewritten_lines(file: FileDiff) -> Iterator[Rewritten]:
    """Where a block of removed lines is followed by a block of added ones: their lines in order, as long as both last."""
    for hunk in file.hunks:
        removed: list[DiffLine] = []
        added: list[DiffLine] = []
        for line in hunk:
            if (line.removed and added) or not (line.removed or line.added):
                yield from _pairs(removed, added)
                removed, added = [], []
            if line.removed:
                removed.append(line)
            elif line.added:
                added.append(line)
        yield from _pairs(removed, added)


def _pairs(removed: list[DiffLine], added: list[DiffLine]) -> Iterator[Rewritten]:
    for before, after in zip(removed, added, strict=False):
        yield Rewritten(before, after)
