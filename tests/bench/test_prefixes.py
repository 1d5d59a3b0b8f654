"""The arithmetic of the benches: what is told as known was sent before, and the longest chain is the longest."""

import random

from tests.bench.prefixes import common, known, known_share
from tests.bench.team import CALLS, longest_chain


def test_common_beginnings() -> None:
    assert [common(b"", b""), common(b"a", b""), common(b"ab", b"ac"), common(b"ab", b"abc"), common(b"x", b"y")] == [
        0,
        0,
        1,
        2,
        0,
    ]
    chance = random.Random(1)
    for _ in range(100):
        same = chance.randrange(50)
        one, other = (bytes(same) + byte + chance.randbytes(5) for byte in (b"a", b"b"))
        assert common(one, other) == same


def test_the_earlier_prompt_that_shares_most_counts() -> None:
    assert known([b"abc", b"abcd", b"xy", b"abce", b"xyz"]) == [0, 3, 0, 3, 2]


def test_the_first_prompt_is_left_out() -> None:
    assert known_share([b"abc", b"abcdef"]) == 0.5
    assert known_share([b"abc", b"abc", b"abc"]) == 1.0


def test_the_longest_chain() -> None:
    alone: dict[str, tuple[str, ...]] = dict.fromkeys(CALLS, ())
    assert longest_chain(alone) == max(CALLS.values())
    names = list(CALLS)
    row = {name: tuple(names[place - 1 : place]) if place else () for place, name in enumerate(names)}
    assert longest_chain(row) == sum(CALLS.values())
