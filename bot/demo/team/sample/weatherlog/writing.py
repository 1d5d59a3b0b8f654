"""From a log back to text, in the form that `read_log` reads."""

from __future__ import annotations

from weatherlog.log import Log
from weatherlog.observation import Observation
from weatherlog.reading import MISSING


def format_log(log: Log) -> str:
    """One line for each observation, the columns aligned; "" for an empty log."""
    return "\n".join(_line(observation) for observation in log)


def _line(observation: Observation) -> str:
    wind = observation.wind
    direction = MISSING if wind is None else f"{wind.direction}"
    speed = None if wind is None else wind.speed
    return (
        f"{observation.at:%Y-%m-%d %H:%M} {_one_decimal(observation.temperature):>6} {_one_decimal(observation.rain):>5}"
        f" {direction:>4} {_one_decimal(speed):>5}"
    )


def _one_decimal(value: float | None) -> str:
    return MISSING if value is None else f"{value:.1f}"
