"""A pause is said with its end, and costs the run none of its minutes, however many agents pause side by side."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.runs import Run, RunState, worked
from bot.errors import RateLimited
from bot.workflows.pauses import begin_pause, end_pause, pause_of
from tests.adapters.store.values import run
from tests.workflows.rooms import START, Bare

RUN = run().run_id


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Bare]:
    bare = Bare(tmp_path)
    bare.store.create_run(replace(run(), created_at=START))
    yield bare
    bare.store.close()


def stored(bare: Bare) -> Run:
    found = bare.store.run(RUN)
    assert found is not None
    return found


def later(bare: Bare, minutes: float) -> None:
    bare.clock.moment += timedelta(minutes=minutes)


def test_a_pause_is_said_until_it_is_over_and_is_no_work(bare: Bare) -> None:
    later(bare, 5)
    begin_pause(bare.house, RUN, 1_800, "a rate limit", "slow down.")
    assert pause_of(bare.house, stored(bare)) == "Pausing because of a rate limit (slow down); goes on at 12:35 UTC."
    later(bare, 30)
    end_pause(bare.house, RUN)
    assert pause_of(bare.house, stored(bare)) == ""
    later(bare, 2)
    assert worked(stored(bare), bare.clock.now()) == 7 * 60
    assert bare.shown == [RUN, RUN]


def test_two_agents_that_pause_side_by_side_pause_once(bare: Bare) -> None:
    begin_pause(bare.house, RUN, 600, "a rate limit", "")
    later(bare, 2)
    begin_pause(bare.house, RUN, 600, "a rate limit", "")
    later(bare, 8)
    end_pause(bare.house, RUN)
    assert pause_of(bare.house, stored(bare)), "the other one still pauses"
    later(bare, 2)
    end_pause(bare.house, RUN)
    end_pause(bare.house, RUN)
    assert worked(stored(bare), bare.clock.now()) == 2 * 60, "ten of twelve minutes, counted once"


def test_an_ended_run_does_not_pause(bare: Bare) -> None:
    begin_pause(bare.house, RUN, 600, "a rate limit", "")
    bare.store.update_run(RUN, state=RunState.STOPPED)
    assert pause_of(bare.house, stored(bare)) == ""


def test_a_pause_lasts_although_it_cannot_be_shown(bare: Bare) -> None:
    def limited(house: object, run_id: object) -> None:
        raise RateLimited("slow down")

    bare.house.show = limited  # type: ignore[misc]
    begin_pause(bare.house, RUN, 600, "a rate limit", "")
    assert pause_of(bare.house, stored(bare))
    begin_pause(bare.house, RUN, 600, "a rate limit", "", shown=False)
