"""An observation: what the station measured at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Wind:
    """Where it comes from, in degrees from 0 (north) to 359, and its speed in metres a second."""

    direction: int
    speed: float

    def __post_init__(self) -> None:
        if not 0 <= self.direction < 360:
            raise ValueError(f"{self.direction} is not a direction; degrees go from 0 to 359")
        if self.speed < 0:
            raise ValueError(f"{self.speed:g} is not a speed")


@dataclass(frozen=True)
class Observation:
    """Temperature in °C; rain in mm since the observation before. None: not measured."""

    at: datetime
    temperature: float | None = None
    rain: float | None = None
    wind: Wind | None = None

    def __post_init__(self) -> None:
        if self.rain is not None and self.rain < 0:
            raise ValueError(f"{self.rain:g} mm is not an amount of rain")
