"""kill -9 of the worker at random moments while several agents work: it finishes, no effect comes twice, no stored answer is asked for again."""

import random
import re

import pytest

from tests.faults.tales import Told, tell, undisturbed

SOAK = 50
DEATHS = 2
"""Of workers in one telling: the second one takes over from a worker that had itself taken over."""


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(SOAK))
def test_killed_at_random_moments(seed: int) -> None:
    expected = undisturbed("team")
    points = random.Random(seed).sample(expected.points, DEATHS)
    told = tell("team", points=points)
    assert told.deaths, "the moment came"
    as_good_as(told, expected)


def as_good_as(told: Told, expected: Told) -> None:
    """The same in every respect that does not depend on who was merged first."""
    for topic in ("checks", "comments", "reviews", "reactions", "runs", "proofs in the ledger"):
        assert without_commits(told.final[topic]) == without_commits(expected.final[topic]), topic
    assert len(told.final["branches"]) == len(expected.final["branches"])  # type: ignore[arg-type]
    assert told.final["transcripts"].keys() == expected.final["transcripts"].keys()  # type: ignore[attr-defined]
    assert [write for write in told.writes if write.startswith("before push")] == ["before push topic #1"]
    assert told.answered == expected.answered
    assert set(told.asked) == set(expected.asked)
    last = told.deaths[-1]
    assert len(told.asked) - told.answered <= len(last.asked) - last.answered, "only what was in flight is asked again"
    assert told.leftovers == ()


def without_commits(value: object) -> str:
    """The tasks' own commits stand on each other in the order in which they were merged."""
    return re.sub(r"`[0-9a-f]{7}`", "COMMIT", repr(value))
