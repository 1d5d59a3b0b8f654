"""kill -9 of the worker while it talks: issues, questions, reviews, orders, others' red checks. Nothing of it shows at the end.

The points of the tales' own parts are enumerated from undisturbed tellings, and the soak takes each of them; several deaths share one telling, each
of a worker that had itself taken over. `make test` takes a few that hurt.
"""

import sys
from collections.abc import Sequence

import pytest

from tests.faults.conversations import CONVERSATIONS
from tests.faults.tales import as_if_nothing_happened, tell, undisturbed

SHARDS = 8
"""Of a whole enumeration, so that several machines or processes can share it."""

MOST_DEATHS = 16
"""In one telling: each costs a second or two, and what people wait for must still come while they wait."""

SOAK_SECONDS = 5400
"""For one shard: a handful of tellings of half a minute, with room for a machine that has other things to do."""


@pytest.mark.soak
@pytest.mark.timeout(SOAK_SECONDS)
@pytest.mark.parametrize("shard", range(SHARDS))
@pytest.mark.parametrize("name", CONVERSATIONS)
def test_killed_at_every_database_write(name: str, shard: int) -> None:
    assert faults_of(name, points=undisturbed(name).own_points[shard::SHARDS]) == []


@pytest.mark.soak
@pytest.mark.timeout(SOAK_SECONDS)
@pytest.mark.parametrize("name", CONVERSATIONS)
def test_killed_at_every_outside_write(name: str) -> None:
    assert faults_of(name, writes=undisturbed(name).own_writes) == []


def faults_of(name: str, *, points: Sequence[str] = (), writes: Sequence[str] = ()) -> list[str]:
    """What went wrong, and at which deaths. A point that a death before it has moved out of the way is tried again with fewer before it."""
    faults = []
    for batch in in_batches([*points, *writes]):
        left = batch
        while left:
            wanted = {"points": [p for p in left if p in points], "writes": [w for w in left if w in writes]}
            try:
                told = tell(name, **wanted, through=True)  # type: ignore[arg-type]
            except AssertionError as fault:
                faults.append(f"{left}: {str(fault)[:2000]}")
                break
            died = [death.point for death in told.deaths]
            try:
                assert died, "none of these points came"
                as_if_nothing_happened(told, undisturbed(name))
            except AssertionError as fault:
                faults.append(f"{died or left}: {str(fault)[:2000]}")
            sys.stderr.write(f"{name}: {len(died)} deaths, {len(faults)} faults {faults[-1:]}\n")
            left = [point for point in left if point not in died] if died else []
    return faults


def in_batches(points: Sequence[str]) -> list[list[str]]:
    """Spread, so that the deaths of one telling lie far from each other."""
    count = -(-len(points) // MOST_DEATHS)
    return [list(points[start::count]) for start in range(count)]
