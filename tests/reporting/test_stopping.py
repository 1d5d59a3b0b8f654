"""What `/specbot stop` answers where the run's own comment does not say it."""

from bot.core.pulls import Person
from bot.ids import Sha, UserId
from bot.reporting.stopping import stopped_text


def test_each_thing_that_was_stopped_is_named_and_how_it_begins_again() -> None:
    review = (Person(UserId(7), "gr@ce"), Sha("a" * 40))
    told = stopped_text((review,), dropped=True, runs=True)
    assert told.startswith("The review that gr@&#8203;ce asked for, of `aaaaaaa`, is stopped: nothing of it is posted.")
    assert "`/specbot review` begins a new one" in told
    assert "`/specbot fix` has it answered" in told


def test_a_run_says_itself_that_it_was_stopped_and_nothing_is_said_to_be_nothing() -> None:
    assert stopped_text((), dropped=False, runs=True) == ""
    assert "Nothing is running here" in stopped_text((), dropped=False, runs=False)
