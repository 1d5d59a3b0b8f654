"""Fixtures for the tests of the hub."""

from collections.abc import Iterator

import pytest

from bot.hub import Hub
from tests.hub.site import Receiver, Site, make_site


@pytest.fixture
def site(hub: Hub) -> Site:
    """A repository with people, an App without a receiver, and a pull request."""
    return make_site(hub)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Something that takes webhooks."""
    made = Receiver()
    yield made
    made.close()
