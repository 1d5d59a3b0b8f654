"""Fixtures for all tests."""

import functools
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from bot.hub import Hub
from bot.hub.setting_up import new_key
from tests.official.judge import NotFoundHere, judge

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
# By default an example that takes a fifth of a second fails its test: on a busy machine that says something about the machine.

collect_ignore = ["samples"]
"""Other repositories' tests; stories run them in boxes."""


@functools.cache
def one_key() -> str:
    """One App key for all tests: making one takes as long as the rest of a small hub."""
    return new_key()


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """A local GitHub that runs. All traffic is judged by GitHub's own descriptions afterwards, where they can be found."""
    with Hub(tmp_path / "hub", make_key=one_key) as running:
        yield running
        assert running.deliveries_idle(20), "webhooks were still under way at the end of the test"
    judged(running)


def judged(hub: Hub) -> None:
    """Fail when anything that crossed the hub's door is not what GitHub describes."""
    try:
        found = judge().violations(hub)
    except NotFoundHere:
        return  # tests/official says so, once, by a skip with the reason
    assert not found, "\n".join(["GitHub would not have said this:", *found])
