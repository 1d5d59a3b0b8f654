"""Answers as people write them."""

import pytest

from bot.core.orchestration.questions import (
    Answer,
    Question,
    by_default,
    open_ones,
    otherwise,
    read_answers,
    with_answers,
)
from bot.errors import Refused

ASKED = (Question("Where?", ("here", "there"), 1), Question("When?", ("now", "later", "never")))


@pytest.mark.parametrize("words", [["1b", "2a"], ["1:b", "2=a"], ["1b,2a"], ["`1B`", "2A"], ["defaults"], ["default"]])
def test_all_ways_to_say_the_same(words: list[str]) -> None:
    assert read_answers(words, ASKED, "ann") == (Answer(1, 1, "ann"), Answer(2, 0, "ann"))


def test_what_is_said_goes_before_what_is_recommended() -> None:
    assert read_answers(["1a", "defaults"], ASKED, "ann") == (Answer(1, 0, "ann"), Answer(2, 0, "ann"))


@pytest.mark.parametrize(
    ("words", "said"), [(["3a"], "no question 3"), (["1c"], "no choice c"), (["b"], "no answer"), ([], "no answer")]
)
def test_what_was_not_offered_is_refused(words: list[str], said: str) -> None:
    with pytest.raises(Refused, match=said):
        read_answers(words, ASKED, "ann")


def test_the_newest_answer_counts_and_the_rest_is_open() -> None:
    given = with_answers((Answer(1, 0, "ann"),), (Answer(1, 1, "ben"),))
    assert given == (Answer(1, 1, "ben"),)
    assert open_ones(ASKED, given) == (2,)
    assert by_default(ASKED, given) == (Answer(1, 1, "ben"), Answer(2, 0))
    assert otherwise(ASKED, (Answer(1, 1), Answer(2, 2))) == (Answer(2, 2),)
