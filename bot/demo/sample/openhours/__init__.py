"""Opening hours: read what people write on a door, ask it questions, write it back.

    >>> hours = openhours.parse("Mo-Fr 09:00-18:00; Sa 10:00-14:00")
    >>> hours.is_open(datetime(2026, 3, 7, 11, 30))
    True
"""

from openhours.errors import HoursError
from openhours.reading import parse
from openhours.schedule import Schedule
from openhours.spans import Span
from openhours.writing import format_hours, format_table

__all__ = ["HoursError", "Schedule", "Span", "format_hours", "format_table", "parse"]
