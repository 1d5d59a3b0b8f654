"""From a schedule back to text: the short form that `parse` reads, and a table for people."""

from __future__ import annotations

from openhours.days import FULL_NAMES, format_days
from openhours.schedule import Schedule
from openhours.spans import Span

CLOSED = "closed"


def format_hours(schedule: Schedule) -> str:
    """The canonical short form: days with equal hours share a rule, in the order of their first day; closed days are left out.

    A schedule without any hours is `Mo-Su closed`.
    """
    days_by_hours: dict[tuple[Span, ...], list[int]] = {}
    for day in range(7):
        spans = schedule.spans_on(day)
        if spans:
            days_by_hours.setdefault(spans, []).append(day)
    if not days_by_hours:
        return f"Mo-Su {CLOSED}"
    return "; ".join(f"{format_days(days)} {_join(spans)}" for spans, days in days_by_hours.items())


def format_table(schedule: Schedule) -> str:
    """One line for each day, Monday first, the hours in a column of their own."""
    width = max(len(name) for name in FULL_NAMES)
    lines = []
    for day, name in enumerate(FULL_NAMES):
        spans = schedule.spans_on(day)
        hours = ", ".join(str(span) for span in spans) if spans else CLOSED
        lines.append(f"{name:<{width}}  {hours}")
    return "\n".join(lines)


def _join(spans: tuple[Span, ...]) -> str:
    return ",".join(str(span) for span in spans)
