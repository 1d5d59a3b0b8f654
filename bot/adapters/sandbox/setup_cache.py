"""Set-ups' results on disk: found by key, made once, thrown away when they are old and there are too many."""

import json
import os
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.adapters.sandbox.products import removed

KEPT_BYTES = 20 << 30
"""All results together: ten of the largest. Beyond it the ones that nobody used for longest go."""

IN_USE_SECONDS = 86_400.0
"""A result that was taken less than a day ago may lie in a box that runs; no run lasts longer."""

FACTS = "facts.json"
HOME = "home"
LAYERS = "layers"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one result. `folders` as in `Products`."""

    folders: tuple[str, ...]
    left_out: int
    size: int
    seconds: float


def kept_facts(place: Path) -> Facts | None:
    """The result's facts; None when there is none. Counts as a use."""
    try:
        found = json.loads((place / FACTS).read_text(encoding="utf-8"))
        os.utime(place)
        return Facts(tuple(found["folders"]), found["left_out"], found["size"], found["seconds"])
    except (FileNotFoundError, ValueError, KeyError):
        return None


def keep_facts(place: Path, facts: Facts) -> None:
    (place / FACTS).write_text(json.dumps(asdict(facts)), encoding="utf-8")


def make_room(parent: Path, *, limit: int = KEPT_BYTES, now: float | None = None) -> tuple[str, ...]:
    """Throw away the results unused for longest until all are within `limit` bytes together; their names."""
    now = time.time() if now is None else now
    found: list[tuple[float, int, Path]] = []
    for place in parent.glob("setup-*"):
        with suppress(OSError, ValueError, KeyError):
            size = int(json.loads((place / FACTS).read_text(encoding="utf-8"))["size"])
            found.append((place.stat().st_mtime, size, place))
    total = sum(size for _, size, _ in found)
    gone: list[str] = []
    for used, size, place in sorted(found):
        if total <= limit or now - used < IN_USE_SECONDS:
            break
        # Out of the way in one step, so that nobody finds half of it.
        going = place.with_name(f".making-{place.name}")
        with suppress(OSError):
            os.rename(place, going)
            removed(going)
            total -= size
            gone.append(place.name)
    return tuple(gone)
