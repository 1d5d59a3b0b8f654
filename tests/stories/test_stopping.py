"""`/specbot stop` ends whatever is at work for a pull request: its run, a review that was asked for, answers to people, a spec being rewritten."""

from bot.ids import PrNumber, RepoId
from tests.stories.moments import asked, stalling
from tests.stories.test_orchestrate import QUESTIONS, handing_in, open_issue, the_pull, waits, writing
from tests.stories.test_reviews import FIVE, remarks, responding
from tests.support.stage import GOOD, Stage, never


def test_a_review_that_was_asked_for_is_stopped() -> None:
    with Stage(stalling("reviewer", never)) as stage, stage.worker():
        pull = stage.open(spec=None, files={"greet.py": GOOD})
        stage.settled(pull)
        stage.say(pull, "/specbot review", login="grace")
        stage.until(lambda: stage.model.requests, "the reviewer")
        stage.say(pull, "/specbot stop")
        assert "The review that grace asked for" in stage.answer(pull, "/specbot stop")
        stage.until(lambda: not stage.unsettled(), "the review to end")
        stage.settled(pull)
        assert stage.reviews(pull) == []
        assert stage.acceptance(pull) == "success", "the verdict of the head is as it was"
        stage.say(pull, "/specbot stop")
        assert "Nothing is running here" in stage.answer(pull, "/specbot stop", 2)


def test_answering_is_stopped_and_what_waits_for_its_end_does_not_begin() -> None:
    with Stage(stalling("responder", responding({}, {}))) as stage, stage.worker():
        pull = stage.open()
        stage.settled(pull)
        stage.hub.review(stage.repo, pull.number, "grace", "REQUEST_CHANGES", "One.", remarks(FIVE[0]))
        stage.until(lambda: asked(stage)[-1].startswith("responder"), "the responder")
        stage.hub.review(stage.repo, pull.number, "ada", "COMMENT", "@specbot please", remarks(FIVE[1]))
        stage.until(lambda: any(c.verb.value == "fix" for c in stage.store.pending_commands(9)), "the second review")
        stage.say(pull, "/specbot stop", login="grace")
        stage.settled(pull)
        stage.until(lambda: not stage.unsettled(), "the run to end")
        assert stage.runs_at(pull)[-1].reason == "stopped by @grace"
        assert "opped by @" in stage.status(pull)
        assert "/specbot fix" in stage.answer(pull, "/specbot stop")
        assert len(stage.runs_at(pull)) == 2, "the second review waited for the run's end, and that was no beginning"


def test_a_spec_that_is_being_rewritten_is_stopped_from_its_pull_request_too() -> None:
    script = stalling("spec_author", writing(handing_in(questions=QUESTIONS)), after=1)
    with Stage(script) as stage, stage.worker():
        issue = open_issue(stage)
        stage.say(issue, "/orchestrate", "grace")
        pull = the_pull(stage)
        waits(stage, issue, "2 open questions")
        stage.settled(pull)
        stage.say(pull, "1b 2a", "grace")
        stage.until(lambda: len(stage.model.requests) == 2, "the author again")
        stage.say(pull, "/specbot stop", "grace")
        waits(stage, issue, "topped by @")
        stage.until(lambda: not stage.unsettled(), "the run to end")
        (run,) = stage.store.runs_of(RepoId(stage.repo.id), PrNumber(issue.number))
        assert run.state.value == "stopped"
        assert "Nothing is running" not in "".join(one.body for one in stage.comments(pull))
