"""A schedule: the spans of each day of a week that repeats, and the questions one asks of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Iterator, Mapping, Sequence

from openhours.days import DAYS
from openhours.errors import HoursError
from openhours.spans import Span
from openhours.times import MINUTES_PER_DAY


@dataclass(frozen=True)
class Schedule:
    """Seven days, Monday first, each with its spans in order. Make one with `Schedule.of`, which checks them."""

    week: tuple[tuple[Span, ...], ...]

    @classmethod
    def of(cls, spans: Mapping[int, Sequence[Span]]) -> Schedule:
        """A schedule from the spans of some days; days that are not named are closed. Raises HoursError on an overlap."""
        week = tuple(tuple(sorted(spans.get(day, ()))) for day in range(7))
        for day, of_day in enumerate(week):
            for first, second in zip(of_day, of_day[1:]):
                if first.overlaps(second):
                    raise HoursError(f"{DAYS[day]}: {first} overlaps {second}")
        return cls(week)

    def spans_on(self, day: int) -> tuple[Span, ...]:
        """The spans of a day, 0 for Monday."""
        return self.week[day]

    def is_open(self, at: datetime) -> bool:
        """Whether the door is open at that moment. A span's last minute is the one before its end."""
        minute = at.hour * 60 + at.minute
        return any(span.holds(minute) for span in self.spans_on(at.weekday()))

    def next_change(self, at: datetime) -> datetime | None:
        """When the door next opens or closes, strictly after `at`; None when it never does (always open, or never).

        Spans that touch, also over midnight, count as one: `Fr 22:00-24:00; Sa 00:00-02:00` closes on Saturday at 02:00.
        """
        state = self.is_open(at)
        for moment in self._edges(at):
            if moment > at and self.is_open(moment) is not state:
                return moment
        return None

    def minutes_per_week(self) -> int:
        """For how many minutes of a week the door is open."""
        return sum(span.minutes for of_day in self.week for span in of_day)

    def _edges(self, at: datetime) -> Iterator[datetime]:
        """Starts and ends of all spans in order, from the day of `at` until the same day a week later."""
        midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
        for offset in range(8):
            day = midnight + timedelta(days=offset)
            for span in self.spans_on(day.weekday()):
                yield day + timedelta(minutes=span.start)
                yield day + timedelta(minutes=span.end)


ALWAYS = Schedule.of({day: [Span(0, MINUTES_PER_DAY)] for day in range(7)})
"""Open around the clock."""
