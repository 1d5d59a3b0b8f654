"""From text to a schedule.

    hours = rule *(";" rule)          Mo-Fr 09:00-12:00,13:00-18:00; Sa 10:00-14:00
    rule  = days SP spans             days that several rules name get the spans of all of them
    rule  = days SP "closed"          takes away what earlier rules said about these days
"""

from __future__ import annotations

from openhours.days import parse_days
from openhours.errors import HoursError
from openhours.schedule import ALWAYS, Schedule
from openhours.spans import Span, parse_span


def parse(text: str) -> Schedule:
    """The schedule that the text describes; `24/7` is one too. Raises HoursError with the faulty part named."""
    if text.strip() == "24/7":
        return ALWAYS
    week: dict[int, list[Span]] = {}
    for rule in text.split(";"):
        if rule.strip():
            _apply(rule.strip(), week)
    if not week:
        raise HoursError("no opening hours in an empty text")
    return Schedule.of(week)


def _apply(rule: str, week: dict[int, list[Span]]) -> None:
    days, space, rest = rule.partition(" ")
    if not space:
        raise HoursError(f"{rule!r} names no hours; write them as Mo-Fr 09:00-18:00")
    for day in parse_days(days):
        if rest.strip().lower() == "closed":
            week[day] = []
        else:
            week.setdefault(day, []).extend(parse_span(part) for part in rest.split(","))
