"""A model that is not there, does not let us in, or tells us to wait: a pause is a pause, and the rest is said in words."""

import pytest

from bot.reporting.names import ACCEPTANCE
from tests.stories.moments import asked
from tests.support.scripted_model import Answer, Fault, Seen
from tests.support.stage import GOOD, Stage, implementing

A_LONG_WAIT = Fault(429, {"error": {"message": "slow down"}}, {"Retry-After": "1800"})


def pauses(stage, pull) -> list[str]:
    run = stage.runs_at(pull)[-1]
    return [data for _, _, kind, data in stage.store.events(run.run_id) if kind == "pause"]


def test_a_key_that_is_refused_is_said_in_words():
    with Stage(lambda seen: Fault(401, {"error": {"message": "Incorrect API key provided"}})) as stage, stage.worker():
        pull = stage.open()
        stage.settled(pull)
        assert stage.told(stage.head(pull))[ACCEPTANCE] == ["failure"]
        assert stage.title(pull) == "The model endpoint answered 401: Incorrect API key provided"
        assert "Check OPENAI_API_KEY and what it may use" in stage.status(pull).replace("\\", "")
        assert len(asked(stage)) == 1, "a key does not get better by asking again"
        assert set(stage.branches()) == {"main", "topic"}


def test_a_long_rate_limit_is_a_pause_that_shows_and_can_be_stopped():
    with Stage(lambda seen: A_LONG_WAIT) as stage, stage.worker():
        pull = stage.open()
        stage.until(lambda: stage.runs_at(pull) and pauses(stage, pull), "the pause to show")
        assert "a rate limit" in pauses(stage, pull)[0]
        assert "goes on at 20" in pauses(stage, pull)[0]
        stage.until(lambda: "; goes on at " in stage.status(pull), "the pause in the comment")
        assert "Pausing because of a rate limit" in stage.title(pull)
        assert stage.runs_at(pull)[-1].state.live
        assert stage.checks(stage.head(pull))[-1].status == "in_progress"
        stage.say(pull, "/specbot stop", login="grace")
        stage.settled(pull, seconds=30)
        assert stage.acceptance(pull) == "cancelled"
        assert len(asked(stage)) == 1, "no busy loop against a limit"


@pytest.mark.soak
def test_a_run_outlives_an_endpoint_that_was_away_for_a_while():
    away = [Fault(drop=True)] * 4

    def script(seen: Seen) -> Answer | Fault:
        return away.pop() if away else working(seen)

    working = implementing({"greet.py": GOOD}, finding=False)
    with Stage(script) as stage, stage.worker():
        pull = stage.open()
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        (run,) = stage.runs_at(pull)
        told = [data for _, _, kind, data in stage.store.events(run.run_id) if kind == "pause"]
        assert len(told) == 1
        assert "trouble outside" in told[0]
