"""kill -9 of the worker: at its database writes, its own and the engine's, and at every outside write. Nothing of it shows at the end.

The points are enumerated from an undisturbed telling of the tale. `make test` takes a sample of them, `make soak` takes each one.
"""

import sys
from collections.abc import Sequence

import pytest

from tests.faults.tales import TALES, as_if_nothing_happened, tell, undisturbed

SPREAD = 3
"""Points of the quick sample, evenly over the whole run."""

PARTS = 2
"""Over which the kinds of outside writes are spread; in one telling the worker dies at each kind of one part."""

SHARDS = 8
"""Of a whole enumeration, so that several machines or processes can share it."""

SOAK_SECONDS = 5400
"""For one shard: some thirty tellings of about ten seconds, with room for a machine that has other things to do."""


@pytest.mark.soak
@pytest.mark.parametrize("part", [1, *(pytest.param(n, marks=pytest.mark.soak) for n in range(SPREAD) if n != 1)])
def test_killed_at_a_database_write(part: int) -> None:
    expected = undisturbed("published")
    point = expected.points[(2 * part + 1) * len(expected.points) // (2 * SPREAD)]
    told = tell("published", points=[point])
    assert [death.point for death in told.deaths] == [point]
    as_if_nothing_happened(told, expected)


@pytest.mark.parametrize(
    ("moment", "part"),
    [
        pytest.param(moment, part, marks=[] if (moment, part) == ("before", 0) else [pytest.mark.soak])
        for moment in ("before", "after")
        for part in range(PARTS)
    ],
)
def test_killed_at_each_kind_of_outside_write(moment: str, part: int) -> None:
    expected = undisturbed("published")
    writes = first_of_each_kind(expected.writes, moment)[part::PARTS]
    told = tell("published", writes=writes)
    assert [death.point for death in told.deaths] == writes
    as_if_nothing_happened(told, expected)


@pytest.mark.soak
@pytest.mark.parametrize(
    "effect",
    [
        "before update workflow_status CANCELLED #1",
        pytest.param("before insert runs #2", marks=pytest.mark.soak),
    ],
    ids=["stop", "verify"],
)
def test_killed_between_a_commands_effect_and_its_settling(effect: str) -> None:
    expected = undisturbed("stopped")
    after = expected.points[expected.points.index(effect) :]
    told = tell("stopped", points=[next(point for point in after if point.startswith("before update commands"))])
    assert len(told.deaths) == 1
    as_if_nothing_happened(told, expected)


@pytest.mark.soak
@pytest.mark.timeout(SOAK_SECONDS)
@pytest.mark.parametrize("shard", range(SHARDS))
@pytest.mark.parametrize("name", TALES)
def test_killed_at_every_database_write(name: str, shard: int) -> None:
    points = undisturbed(name).points[shard::SHARDS]
    assert faults_of(name, points=points) == []


@pytest.mark.soak
@pytest.mark.timeout(SOAK_SECONDS)
@pytest.mark.parametrize("name", TALES)
def test_killed_at_every_outside_write(name: str) -> None:
    assert faults_of(name, writes=undisturbed(name).writes) == []


def first_of_each_kind(writes: Sequence[str], moment: str) -> list[str]:
    return [write for write in writes if write.startswith(moment) and write.endswith("#1")]


def faults_of(name: str, *, points: Sequence[str] = (), writes: Sequence[str] = ()) -> list[str]:
    """What went wrong where, over all the points: one telling for each."""
    expected, faults = undisturbed(name), []
    for point in (*points, *writes):
        try:
            told = tell(name, points=[point] if point in points else (), writes=[point] if point in writes else ())
            as_if_nothing_happened(told, expected)
            assert [death.point for death in told.deaths] == [point]
        except AssertionError as fault:
            faults.append(f"{point}: {str(fault)[:2000]}")
            sys.stderr.write(f"{name}, {faults[-1]}\n")
    return faults
