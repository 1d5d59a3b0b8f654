"""People implement specs too: what is proven as it was pushed needs no model."""

from bot.reporting.names import STATUS_MARKER
from tests.stories.moments import asked
from tests.support.stage import GOOD, WRONG, Stage, implementing, never


def test_a_spec_that_comes_with_its_implementation_is_green_without_a_model():
    with Stage(never) as stage, stage.worker():
        pull = stage.open(files={"greet.py": GOOD})
        head = stage.head(pull)
        stage.settled(pull)
        assert stage.head(pull) == head, "nothing was pushed"
        assert stage.acceptance(pull) == "success"
        assert stage.title(pull) == "2 of 2 criteria done: 1 proven, 1 kept"
        assert "no model was called" in stage.status(pull)
        assert stage.blockers(pull) == []
        assert asked(stage) == []


def test_a_person_finishes_what_a_run_could_not():
    with Stage(implementing({"greet.py": WRONG})) as stage, stage.worker():
        pull = stage.open()
        stage.settled(pull)
        failed = stage.head(pull)
        assert stage.acceptance(pull) == "failure"
        calls = len(asked(stage))

        stage.push({"greet.py": GOOD}, login="grace")
        stage.settled(pull)
        assert stage.head(pull) != failed
        assert stage.acceptance(pull) == "success"
        assert stage.acceptance(pull, failed) == "failure"
        assert len(asked(stage)) == calls, "no model was called for the person's push"
        assert [r.state.value for r in stage.runs_at(pull)] == ["failed", "done"]
        stage.until(lambda: "It went on." in stage.comments(pull)[-1].body, "the notice to be struck out")
        status, called = (one.body for one in stage.comments(pull))
        assert status.startswith(STATUS_MARKER)
        assert called.startswith("<!-- specbot:notice:"), "ada, when the agents could do no more; the push calls nobody"
        assert stage.blockers(pull) == []
