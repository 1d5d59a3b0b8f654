import pytest
from tide import spoken


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(1, "1 minute"), (45, "45 minutes"), (60, "1 hour"), (125, "2 hours and 5 minutes")],
)
def test_as_people_say_it(minutes: int, words: str) -> None:
    assert spoken(minutes) == words
