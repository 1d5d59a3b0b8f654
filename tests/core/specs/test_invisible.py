"""Characters that people do not see are taken out once and for all."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core.specs.invisible import remove_invisible

NEIGHBOURS = "a \n\ufe0e\ufe0f\u200b\u200c\u200d\u200e\u202e\u2800\r\u20e3#1\U0001f600\u2764क\u0627\u05d0"


@settings(max_examples=300)
@given(st.text(NEIGHBOURS, max_size=12))
@example("x\ufe0f\u200d\U0001f600")
@example("\u2764\u200d\u2800")
def test_what_is_left_stays(text: str) -> None:
    left, removed = remove_invisible(text)
    assert remove_invisible(left) == (left, ())
    assert (left == text) is (removed == ())
    assert left.count("\n") == text.count("\n")


def test_honest_ones_stay() -> None:
    for text in ("\u2764\ufe0f", "\U0001f468\u200d\U0001f4bb", "1\ufe0f\u20e3", "क\u200dष", "\u05d0\u200e!"):
        assert remove_invisible(text) == (text, ())


def test_the_neighbour_that_counts_is_the_one_that_is_left() -> None:
    assert remove_invisible("\u2764\u200b\ufe0f")[0] == "\u2764\ufe0f"
    assert remove_invisible("x\ufe0f\u200d\U0001f600")[0] == "x\U0001f600"
