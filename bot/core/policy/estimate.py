"""What a run like this one will probably cost, from what the repository's last ones did. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

LOOKED_AT = 20
"""The newest runs that are looked at: enough for a median that one odd run does not move, recent enough for the models of today."""

LEAST_RUNS = 3
"""With fewer there is no median worth the name, and nothing is said."""


@dataclass(frozen=True, slots=True)
class PastRun:
    """What an earlier run used. `criteria` is how many it had to prove, at least 1; `usd` is None where a price was unknown."""

    criteria: int
    tokens: int
    seconds: float
    usd: float | None


@dataclass(frozen=True, slots=True)
class Range:
    """`middle` is the median; half of the past runs lay from `low` to `high` (the quartiles)."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """For a run with as many criteria as were asked about. `usd` is None where the price of a past run is unknown."""

    runs: int
    tokens: Range
    seconds: Range
    usd: Range | None


def estimate(past: Sequence[PastRun], criteria: int) -> Estimate | None:
    """Each past run scaled to this many criteria; None where there are too few to say anything.

    Cost grows with what is to be proven, and otherwise varies several-fold between equal runs (notes, *Agents*): so a range is said, and the
    budget stays the only promise.
    """
    if len(past) < LEAST_RUNS or criteria < 1:
        return None

    def scaled(value: Callable[[PastRun], float]) -> Range:
        return _range([value(run) * criteria / run.criteria for run in past])

    usd = scaled(lambda run: run.usd or 0.0) if all(run.usd is not None for run in past) else None
    return Estimate(len(past), scaled(lambda run: run.tokens), scaled(lambda run: run.seconds), usd)


def _range(values: Sequence[float]) -> Range:
    ordered = sorted(values)
    half = (len(ordered) + 1) // 2
    return Range(median(ordered[:half]), median(ordered), median(ordered[-half:]))
