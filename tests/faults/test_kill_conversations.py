"""kill -9 of the worker while it talks: issues, questions, reviews, orders, others' red checks. Nothing of it shows at the end.

The points of the tales' own parts are enumerated from undisturbed tellings, and the soak takes each of them; several deaths share one telling, each
of a worker that had itself taken over. `make test` takes a few that hurt.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pytest

from tests.faults.conversations import CONVERSATIONS
from tests.faults.tales import as_if_nothing_happened, tell, undisturbed

SHARDS = 8
"""Of a whole enumeration, so that several machines or processes can share it."""

MOST_DEATHS = 16
"""In one telling: each costs a second or two, and what people wait for must still come while they wait."""

SOAK_SECONDS = 5400
"""For one shard: a handful of tellings of half a minute, with room for a machine that has other things to do."""


@dataclass(frozen=True)
class Sample:
    """Deaths of one telling that hurt, and how much of each thing there is at the end: these need no undisturbed telling beside them."""

    points: tuple[str, ...]
    writes: tuple[str, ...]
    counts: Mapping[str, int]
    runs: tuple[str, ...]
    asked: tuple[str, ...]


WORK = ("implementer/T-1/1", "implementer/T-1/2", "reviewer/candidate/1")
SAMPLES = {
    "orchestrated": Sample(
        points=("after insert notes flip #1",),
        writes=("after push specbot #1", "after POST pulls #1", "after push specbot #2", "after POST graphql #1"),
        counts={"issues": 2, "comments": 3, "checks": 6, "reactions": 3, "branches": 2, "candidates": 4},
        runs=("done", "done", "done"),
        asked=("spec_author/spec/1", *WORK),
    ),
    "decided": Sample(
        points=("before insert posts granted #3",),
        writes=("after push specbot #2",),
        counts={"issues": 2, "comments": 5, "checks": 4, "reactions": 4, "branches": 2, "candidates": 3},
        runs=("done", "done", "waiting"),
        asked=("spec_author/spec/1", "spec_author/answers-cbndch/1"),
    ),
    "answered": Sample(
        points=("after insert notes asked to answer #1",),
        writes=(
            "after push topic #2",
            "after POST pulls/comments/replies #1",
            "before POST pulls/comments/replies #2",
        ),
        counts={"comments": 1, "threads": 2, "reviews": 3, "checks": 8, "reactions": 1, "branches": 2, "candidates": 4},
        runs=("done", "done"),
        asked=(*WORK, "responder/REVIEW/1", "responder/REVIEW/2", "reviewer/candidate/1"),
    ),
    "mended": Sample(
        points=("after insert notes ci repair #1", "before insert runs #2"),
        writes=("after push topic #2", "after POST check-runs Specbot / acceptance #4"),
        counts={"comments": 1, "checks": 8, "reactions": 1, "branches": 2, "candidates": 4},
        runs=("done", "done"),
        asked=(*WORK, *WORK),
    ),
}


QUICK = "decided"
"""The one in which a death had lost an answer."""


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name == QUICK else pytest.mark.soak) for name in SAMPLES]
)
def test_killed_where_it_hurts(name: str) -> None:
    sample = SAMPLES[name]
    told = tell(name, points=sample.points, writes=sample.writes, through=True)
    assert sorted(death.point for death in told.deaths) == sorted((*sample.points, *sample.writes))
    assert {topic: len_of(told.final[topic]) for topic in sample.counts} == dict(sample.counts)
    assert tuple(states(told.final["runs"])) == sample.runs
    assert told.asked == sample.asked
    assert told.leftovers == ()


def len_of(value: object) -> int:
    assert isinstance(value, int | list)
    return value if isinstance(value, int) else len(value)


def states(runs: object) -> Iterator[str]:
    assert isinstance(runs, list)
    for run in runs:
        yield run[1]


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
            died: list[str] = []
            try:
                told = tell(name, **wanted, through=True)  # type: ignore[arg-type]
                died = [death.point for death in told.deaths]
                assert died, "none of these points came"
                as_if_nothing_happened(told, undisturbed(name))
            except AssertionError as fault:
                faults.append(f"{died or left}: {str(fault)[:2000]}")
            sys.stderr.write(f"{name}: {len(died)} of {len(left)} deaths, {len(faults)} faults {faults[-1:]}\n")
            left = [point for point in left if point not in died] if died else []
    return faults


def in_batches(points: Sequence[str]) -> list[list[str]]:
    """Spread, so that the deaths of one telling lie far from each other."""
    count = -(-len(points) // MOST_DEATHS)
    return [list(points[start::count]) for start in range(count)]
