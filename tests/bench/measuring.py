"""Measuring on a noisy machine: the ways take turns, each many times; what counts is the median, and the ratio within each turn."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

ENOUGH_SECONDS = 8.0
"""After that no further turn begins, though at least `FEWEST` are taken: the whole command is to end within two minutes on a busy machine."""

FEWEST = 2

Way = Callable[[], float]
"""Does the thing once and says what it took (seconds, bytes); the clock is the way's own, so that preparing does not count."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Several measurements of one thing."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def part(self, share: float) -> float:
        """The value that this share of all does not exceed: `part(0.99)` is the p99."""
        ordered = sorted(self.values)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)]

    def by(self, other: "Spread") -> "Spread":
        """The ratios of what was measured in the same turn."""
        return Spread(tuple(mine / theirs for mine, theirs in zip(self.values, other.values, strict=True)))

    def shown(self, factor: float = 1.0, unit: str = "", digits: int = 1) -> str:
        """`median (min–max) unit`, each times `factor`."""
        low, middle, high = (
            f"{value * factor:,.{digits}f}" for value in (min(self.values), self.median, max(self.values))
        )
        return f"{middle} ({low}–{high}){' ' if unit else ''}{unit}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `meaning` is one line for who reads it the first time."""

    what: str
    ours: str
    against: str
    theirs: str
    ratio: str
    meaning: str


def in_turns(ways: Mapping[str, Way], turns: int) -> dict[str, Spread]:
    """`all_in_turns` for ways that say one number."""
    return {name: Spread(tuple(values)) for name, values in all_in_turns(ways, turns).items()}


def all_in_turns(ways: Mapping[str, Callable[[], T]], turns: int) -> dict[str, list[T]]:
    """Every way once in each turn, each turn beginning with another one; a turn before the first warms up and does not count.

    Fewer than `turns` when they take too long (`ENOUGH_SECONDS`).
    """
    names = list(ways)
    taken: dict[str, list[T]] = {name: [] for name in names}
    started = time.monotonic()
    for turn in range(turns + 1):
        if turn > FEWEST and time.monotonic() - started > ENOUGH_SECONDS:
            break
        start = turn % len(names)
        for name in (*names[start:], *names[:start]):
            value = ways[name]()
            if turn:
                taken[name].append(value)
    return taken


def seconds(work: Callable[[], object]) -> Way:
    """The whole call as a way."""

    def once() -> float:
        started = time.perf_counter()
        work()
        return time.perf_counter() - started

    return once


def times(what: str, ours: Spread, against: str, theirs: Spread, meaning: str) -> Row:
    """A row of two times, in milliseconds."""
    return Row(what, ours.shown(1000, "ms"), against, theirs.shown(1000, "ms"), f"{ours.by(theirs).shown()} ×", meaning)


def judged(value: float, goal: float, limit: float) -> str:
    """How a figure that should be small stands to its goal, in words."""
    if value <= goal:
        return "here the goal is met"
    return "here the goal is missed, the limit kept" if value <= limit else "here the goal and the limit are missed"
