"""Sets of things told by numbers, and sets as the bits of an integer. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import reduce

from bot.core.specs.formats.speckit.references import Key


def bits(mask: int) -> Iterator[int]:
    """The elements of a set, in order."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def union(masks: Iterable[int]) -> int:
    return reduce(int.__or__, masks, 0)


class Numbered:
    """Sets told by a number; the union of a range of numbers is found in logarithmic time, however often it is asked for."""

    def __init__(self, entries: Mapping[Key, int]) -> None:
        self._keys = sorted(entries)
        self._unions = [[entries[key] for key in self._keys]]
        width = 1
        while 2 * width <= len(self._keys):
            last = self._unions[-1]
            self._unions.append([one | other for one, other in zip(last, last[width:], strict=False)])
            width *= 2

    def between(self, low: Key, high: Key) -> int | None:
        """The union from `low` to `high`, both included; None when there is nothing between them."""
        start, end = bisect_left(self._keys, low), bisect_right(self._keys, high)
        if start >= end:
            return None
        power = (end - start).bit_length() - 1
        return self._unions[power][start] | self._unions[power][end - (1 << power)]

    def named(self, low: Key, high: Key) -> int | None:
        """The union of a range whose two ends are there; None otherwise."""
        ends = self.between(low, low), self.between(high, high)
        return None if None in ends else self.between(low, high)
