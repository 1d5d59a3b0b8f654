"""One thing that `specbot doctor` looked at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Health:
    """One thing looked at. `way_out` is "" when it is well; `needed` False for what only the service needs."""

    what: str
    found: str
    way_out: str = ""
    needed: bool = True
