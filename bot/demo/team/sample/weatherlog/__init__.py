"""A weather station's log: read it, look into it, write it.

    >>> log = weatherlog.read_log("2026-05-02 06:00  7.4  0.2  250  3.1")
    >>> log.observations[0].temperature
    7.4
"""

from weatherlog.errors import LogError
from weatherlog.log import Log
from weatherlog.observation import Observation, Wind
from weatherlog.reading import read_log
from weatherlog.writing import format_log

__all__ = ["Log", "LogError", "Observation", "Wind", "format_log", "read_log"]
