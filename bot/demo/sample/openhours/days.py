"""Days of the week: their short names, lists and ranges of them. Monday is 0, as in `datetime.weekday()`."""

from __future__ import annotations

from typing import Iterable

from openhours.errors import HoursError

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
FULL_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def parse_day(text: str) -> int:
    """`Mo`, `mo` or `Monday` as a number from 0 to 6."""
    wanted = text.strip().lower()
    for number, (short, full) in enumerate(zip(DAYS, FULL_NAMES)):
        if wanted in (short.lower(), full.lower()):
            return number
    raise HoursError(f"{text.strip()!r} is not a day; days are {', '.join(DAYS)}")


def parse_days(text: str) -> tuple[int, ...]:
    """`Mo-Fr,Su` as numbers in week order. A range may run over the end of the week: `Sa-Mo`."""
    found: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.partition("-")
        start = parse_day(first)
        end = parse_day(last) if dash else start
        length = (end - start) % 7 + 1
        found.update((start + step) % 7 for step in range(length))
    return tuple(sorted(found))


def format_days(days: Iterable[int]) -> str:
    """The shortest list of names and ranges: `(0, 1, 2, 4)` becomes `Mo-We,Fr`. Two days in a row stay a list."""
    parts: list[str] = []
    for run in _runs(sorted(set(days))):
        if len(run) > 2:
            parts.append(f"{DAYS[run[0]]}-{DAYS[run[-1]]}")
        else:
            parts.extend(DAYS[day] for day in run)
    return ",".join(parts)


def _runs(days: list[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs
