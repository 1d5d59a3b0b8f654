"""From text to a log.

    line = date SP time SP temperature SP rain SP direction SP speed      2026-05-02 06:00  7.4  0.2  250  3.1

Each of the last four may be `-`; a direction without a speed, or the other way round, is an error.
"""

from __future__ import annotations

from datetime import datetime

from weatherlog.errors import LogError
from weatherlog.log import Log
from weatherlog.observation import Observation, Wind

MISSING = "-"


def read_log(text: str) -> Log:
    """The log that the text holds. Raises LogError with the number of the faulty line."""
    observations = []
    for number, line in enumerate(text.splitlines(), start=1):
        content = line.partition("#")[0].split()
        if content:
            try:
                observations.append(_observation(content))
            except ValueError as error:
                raise LogError(f"line {number}: {error}") from None
    return Log.of(observations)


def _observation(fields: list[str]) -> Observation:
    if len(fields) != 6:
        raise ValueError(f"{len(fields)} columns instead of 6")
    day, time, temperature, rain, direction, speed = fields
    return Observation(_moment(f"{day} {time}"), _number(temperature), _number(rain), _wind(direction, speed))


def _moment(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M")
    except ValueError:
        raise ValueError(f"{text!r} is not a time; write it as 2026-05-02 06:00") from None


def _number(text: str) -> float | None:
    if text == MISSING:
        return None
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a number") from None


def _wind(direction: str, speed: str) -> Wind | None:
    degrees, metres = _number(direction), _number(speed)
    if degrees is None and metres is None:
        return None
    if degrees is None or metres is None:
        raise ValueError("a wind has a direction and a speed")
    return Wind(round(degrees), metres)
