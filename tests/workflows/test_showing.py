"""Progress that has to wait is shown in its turn, and that of a run that has ended is not."""

from bot.core.pace import Rhythm
from bot.ids import RunId
from bot.workflows.showing import AGAIN_SECONDS, Showing
from tests.workflows.rooms import StillClock

RUN = RunId("run")


def test_many_wishes_are_one_edit_in_its_turn() -> None:
    clock, showing = StillClock(), Showing(Rhythm())
    showing.shown(RUN, clock)
    assert not any(showing.want(RUN, clock) for _ in range(9))
    assert showing.turn(clock) == []
    clock.pass_by(10)
    assert showing.turn(clock) == [RUN]
    assert showing.turn(clock) == [], "each turn is given out once"
    assert showing.want(RUN, clock)


def test_what_could_not_be_shown_comes_again() -> None:
    clock, showing = StillClock(), Showing(Rhythm())
    assert showing.want(RUN, clock)
    showing.put_off(RUN, clock, None)
    assert not showing.want(RUN, clock)
    clock.pass_by(AGAIN_SECONDS)
    assert showing.turn(clock) == [RUN]


def test_an_ended_run_waits_no_more() -> None:
    clock, showing = StillClock(), Showing(Rhythm())
    showing.shown(RUN, clock)
    assert not showing.want(RUN, clock)
    showing.forget(RUN)
    clock.pass_by(3600)
    assert showing.turn(clock) == []
