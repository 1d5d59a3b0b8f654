"""A log: observations in the order of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Iterable, Iterator

from weatherlog.errors import LogError
from weatherlog.observation import Observation


@dataclass(frozen=True)
class Log:
    """Make one with `Log.of`, which orders the observations and checks them."""

    observations: tuple[Observation, ...]

    @classmethod
    def of(cls, observations: Iterable[Observation]) -> Log:
        """A log of these observations in any order. Raises LogError when two of them have the same time."""
        ordered = sorted(observations, key=lambda observation: observation.at)
        for first, second in zip(ordered, ordered[1:]):
            if first.at == second.at:
                raise LogError(f"two observations at {first.at:%Y-%m-%d %H:%M}")
        return cls(tuple(ordered))

    def __len__(self) -> int:
        return len(self.observations)

    def __iter__(self) -> Iterator[Observation]:
        return iter(self.observations)

    def days(self) -> tuple[date, ...]:
        """The days that have an observation, in order."""
        return tuple(dict.fromkeys(observation.at.date() for observation in self))

    def on(self, day: date) -> Log:
        """What was observed on a day."""
        return Log(tuple(observation for observation in self if observation.at.date() == day))

    def in_month(self, year: int, month: int) -> Log:
        """What was observed in a month."""
        return Log(tuple(o for o in self if (o.at.year, o.at.month) == (year, month)))
