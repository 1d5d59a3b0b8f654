"""Real boxes, and bait."""

from collections.abc import Iterator

import pytest

from tests.adapters.sandbox.place import checkout, place
from tests.attacks.sandbox.bait import Bait, bait_laid

__all__ = ["checkout", "place"]


@pytest.fixture(scope="session")
def bait() -> Iterator[Bait]:
    with bait_laid() as bait:
        yield bait
