"""A span: one stretch of time within a day during which the door is open."""

from __future__ import annotations

from dataclasses import dataclass

from openhours.errors import HoursError
from openhours.times import MINUTES_PER_DAY, format_time, parse_time


@dataclass(frozen=True, order=True)
class Span:
    """From `start` until just before `end`, in minutes since midnight."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < MINUTES_PER_DAY or not 0 < self.end <= MINUTES_PER_DAY:
            raise HoursError(f"{self} is not within a day")
        if self.end == self.start:
            raise HoursError(f"{self} is empty")
        if self.end < self.start:
            raise HoursError(f"{self} ends before it starts")

    def __str__(self) -> str:
        return f"{format_time(self.start)}-{format_time(self.end)}"

    @property
    def minutes(self) -> int:
        return self.end - self.start

    def holds(self, minute: int) -> bool:
        return self.start <= minute < self.end

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


def parse_span(text: str) -> Span:
    """`09:00-12:30` as a span."""
    start, dash, end = text.partition("-")
    if not dash:
        raise HoursError(f"{text.strip()!r} is not a span; write it as 09:00-18:00")
    return Span(parse_time(start), parse_time(end))
