"""What an attack is and what held it, for the table (`table.py`)."""

from collections.abc import Callable

import pytest

Attack = Callable[[str, str], None]


@pytest.fixture
def attack(record_property: Callable[[str, object], None]) -> Attack:
    """Say what this test tries, and what has to stop it."""

    def tell(words: str, held_by: str) -> None:
        record_property("attack", words)
        record_property("held_by", held_by)

    return tell
