"""What changes the base or closes the pull request in the middle of a run."""

import pytest

from bot.reporting.names import ACCEPTANCE
from tests.stories.moments import asked, first_time, stalling
from tests.support.stage import GOOD, Stage, implementing


@pytest.mark.soak
def test_retargeting_in_mid_run_ends_it_and_starts_anew():
    stalled_once = stalling("implementer", implementing({"greet.py": GOOD}, finding=False), times=1)
    with Stage(stalled_once) as stage, stage.worker():
        stage.hub.commit(stage.repo, "release", {"notes.md": "1\n"}, "Notes", "ada")
        pull = stage.open()
        stage.until(lambda: asked(stage), "the implementer to be asked")
        stage.hub.edit_pull_request(stage.repo, pull.number, "grace", base="release")
        stage.until(lambda: len(stage.runs_at(pull)) == 2, "a run against the other base")
        stage.settled(pull)
        stage.until(lambda: not stage.unsettled(), "everything to be settled")
        assert [r.state.value for r in stage.runs_at(pull)] == ["superseded", "done"]
        assert stage.acceptance(pull) == "success"
        assert stage.told(stage.runs_at(pull)[0].start_head)[ACCEPTANCE] == ["cancelled", "cancelled"]
        assert stage.statuses(pull) == 1
        assert "2 of 2 criteria done" in stage.status(pull)


@pytest.mark.soak
def test_closing_ends_a_run_quietly_and_reopening_starts_anew():
    stalled_once = stalling("implementer", implementing({"greet.py": GOOD}, finding=False), times=1)
    with Stage(stalled_once) as stage, stage.worker():
        pull = stage.open()
        start = stage.head(pull)
        stage.until(lambda: asked(stage), "the implementer to be asked")
        stage.hub.close(stage.repo, pull.number, "grace")
        stage.settled(pull)
        stage.until(lambda: not stage.unsettled(), "everything to be settled")
        assert [r.state.value for r in stage.runs_at(pull)] == ["stopped"]
        assert stage.told(start)[ACCEPTANCE] == ["cancelled"]
        assert len(stage.comments(pull)) == 1, "nothing is said anew on a closed pull request"

        stage.hub.reopen(stage.repo, pull.number, "grace")
        stage.until(lambda: len(stage.runs_at(pull)) == 2, "a run for the reopened one")
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        assert len(stage.comments(pull)) == 1


def test_closed_between_verify_and_publish_nothing_is_pushed():
    def close() -> None:
        stage.hub.close(stage.repo, pull.number, "grace")

    with Stage(first_time("reviewer", close, implementing({"greet.py": GOOD}))) as stage, stage.worker():
        pull = stage.open()
        start = stage.head(pull)
        stage.until(lambda: stage.told(start).get(ACCEPTANCE) == ["cancelled"], "the check to end")
        stage.until(lambda: not stage.unsettled(), "everything to be settled")
        (run,) = stage.runs_at(pull)
        assert run.state.value == "stopped"
        assert stage.branches()["topic"] == start
        stage.hub.reopen(stage.repo, pull.number, "grace")
        stage.until(lambda: len(stage.runs_at(pull)) == 2, "a run for the reopened one")
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
