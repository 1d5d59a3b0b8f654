"""Times of day as minutes since midnight."""

from __future__ import annotations

import re

from openhours.errors import HoursError

MINUTES_PER_DAY = 24 * 60

_TIME = re.compile(r"(\d{1,2}):(\d{2})")


def parse_time(text: str) -> int:
    """`09:30` as 570. `24:00`, the end of a day, is allowed and is 1440."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise HoursError(f"{text.strip()!r} is not a time; write it as 09:30")
    hour, minute = int(match[1]), int(match[2])
    minutes = hour * 60 + minute
    if minute > 59 or minutes > MINUTES_PER_DAY:
        raise HoursError(f"{text.strip()!r} is not a time; a day ends at 24:00")
    return minutes


def format_time(minutes: int) -> str:
    """570 as `09:30`."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
