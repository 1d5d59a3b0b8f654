"""A reviewer's findings: what a command shows stops the merge until it is mended or dismissed; the rest are remarks, each made once."""

from collections.abc import Mapping, Sequence

import pytest

from bot.core.proofs.ledger import audit
from bot.ids import PrNumber, RepoId
from bot.reporting.names import ACCEPTANCE
from tests.stories.moments import asked, stalling
from tests.support.scripted_model import Answer, Script, Seen, call
from tests.support.stage import GOOD, Stage, implementing, never

CAREFUL = GOOD.replace('f"hello {name}".strip()', "f\"hello {name or ''}\".strip()")
CRASH = {
    "path": "greet.py",
    "line": 2,
    "severity": "high",
    "message": "Nobody is greeted as `None`: `greet(None)` says hello None.",
    "suggestion": "    return f\"hello {name or ''}\".strip()",
    "reproduce": "python3 -c \"from greet import greet; assert greet(None) == 'hello'\"",
}
OPINION = {"path": "greet.py", "line": 1, "severity": "medium", "message": "A name of two lines breaks the greeting."}
WRONG_COMMAND = {**OPINION, "reproduce": "python3 -c \"from greet import greet; assert greet('Ada') == 'hello Ada'\""}


def finding(script: Script, *findings: Mapping[str, object], later: Sequence[Mapping[str, object]] = ()) -> Script:
    """The script, and a reviewer who always finds these, or from the second time on what is found `later`."""
    times: list[str] = []

    def with_findings(seen: Seen) -> Answer:
        if seen.label.startswith("reviewer/"):
            times.append(seen.label)
            found = later if later and len(times) > 1 else findings
            return call("finish", summary="I looked at it.", findings=list(found))
        answer = script(seen)
        assert isinstance(answer, Answer)
        return answer

    return with_findings


def test_a_reproduced_finding_stops_the_merge_until_a_person_dismisses_it():
    with Stage(finding(implementing({"greet.py": GOOD}), CRASH, OPINION)) as stage, stage.worker():
        pull = stage.open()
        start = stage.head(pull)
        stage.settled(pull)
        head = stage.head(pull)
        assert head != start, "every criterion is proven, so the work is there to be looked at"
        assert stage.acceptance(pull) == "failure"
        assert stage.title(pull).startswith("R-1 shown by a reviewer; 2 of 2 done. R-1: Nobody is greeted as None")
        assert stage.blockers(pull)
        check = stage.checks(head)[-1].output
        assert "`/specbot dismiss R-1 REASON`" in (check.summary or "")
        assert "AssertionError" in (check.text or "")
        assert [(one.path, one.start_line) for one in check.annotations] == [("greet.py", 2)]
        assert len([label for label in asked(stage) if label.startswith("implementer/")]) > 2, "it went back once"

        (review,) = stage.reviews(pull)
        assert review.state == "COMMENTED"
        assert "**R-1** is shown by a command and stops the merge until mended or dismissed" in review.body
        shown, opinion = stage.remarks(pull)
        assert (shown.place.line, opinion.place.line) == (2, 1)
        assert "```suggestion\n    return f\"hello {name or ''}\".strip()\n```" in shown.body
        assert "R-1" not in opinion.body

        stage.say(pull, "/specbot dismiss R-1\n\n/specbot waive R-1 so what", login="grace")
        assert "needs its reason" in stage.answer(pull, "/specbot dismiss R-1")
        assert "`/specbot dismiss R-1 WHY IT MAY STAY`" in stage.answer(pull, "/specbot waive R-1 so what")
        stage.say(pull, "/specbot dismiss R-1 nobody calls it with None", login="linus")
        assert "needs write permission" in stage.answer(pull, "/specbot dismiss R-1 nobody calls it with None")

        calls = len(asked(stage))
        stage.say(pull, "/specbot dismiss R-1 there is always a name", login="grace")
        stage.until(lambda: len(stage.runs_at(pull)) == 2, "the proofs to be run again")
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        assert "dismissed by grace on " in (stage.checks(head)[-1].output.text or "")
        assert len(asked(stage)) == calls, "no model is called for it"

        stage.push({"greet.py": "# greets\n" + GOOD})
        stage.settled(pull)
        assert stage.acceptance(pull) == "success", "a push that leaves its lines alone leaves the word standing"
        assert len(stage.reviews(pull)) == 1
        assert not audit(stage.store.ledger(RepoId(stage.repo.id), PrNumber(pull.number)))


@pytest.mark.soak
def test_what_a_reviewer_shows_is_mended_before_anybody_has_to_look():
    script = finding(implementing({"greet.py": GOOD}, repair={"greet.py": CAREFUL}), CRASH)
    with Stage(script) as stage, stage.worker():
        pull = stage.open()
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        assert stage.file(stage.head(pull), "greet.py") == CAREFUL
        assert len(stage.runs_at(pull)) == 1
        told = [seen for seen in stage.model.requests if seen.label.startswith("implementer/")]
        assert "says hello None" in str(told[-1].body["messages"])
        assert "R-1" not in (stage.checks(stage.head(pull))[-1].output.summary or "")


def test_what_no_command_shows_stops_nothing_and_is_said_once():
    lie = {**CRASH, "reproduce": "echo it is wrong; exit 1", "suggestion": None}
    with Stage(finding(implementing({"greet.py": GOOD}), WRONG_COMMAND, lie)) as stage, stage.worker():
        pull = stage.open()
        stage.settled(pull)
        head = stage.head(pull)
        assert stage.acceptance(pull) == "success"
        liar, remark = stage.remarks(pull)
        assert "Not shown by its command: it does the same in an empty folder" in liar.body
        assert "Not shown by its command: it passes" in remark.body
        assert stage.told(head)[ACCEPTANCE] == ["success"]

        stage.say(pull, "/specbot review", login="grace")
        stage.until(lambda: len(stage.reviews(pull)) == 2, "the review")
        assert len(stage.remarks(pull)) == 2, "nothing is raised a second time"
        assert "no remark. Not told: 2 remarks that were made or dismissed before" in stage.reviews(pull)[-1].body
        stage.settled(pull)
        assert stage.told(head)[ACCEPTANCE] == ["success"], "a review without rows changes no verdict"


def test_a_pull_request_without_a_spec_is_reviewed_for_whoever_asks_and_gets_no_row():
    lower = {**CRASH, "line": 3, "message": "`None` has a name now."}
    with Stage(finding(never, CRASH, later=[lower])) as stage, stage.worker():
        pull = stage.open(spec=None, files={"greet.py": GOOD})
        stage.settled(pull)
        stage.say(pull, "/specbot review", login="linus")
        assert "needs write permission" in stage.answer(pull, "/specbot review")
        said = len(stage.comments(pull))
        stage.say(pull, "/specbot review", login="grace")
        stage.until(lambda: stage.reviews(pull), "the review")
        stage.settled(pull)
        (remark,) = stage.remarks(pull)
        assert "shown by a command" in remark.body
        assert "Before the change it passed." in remark.body
        assert "R-1" not in remark.body
        assert stage.acceptance(pull) == "success"
        assert len(stage.runs_at(pull)) == 1
        assert len(stage.comments(pull)) == said, "the review is the answer"

        stage.push({"greet.py": "# greets\n" + GOOD})
        stage.settled(pull)
        stage.say(pull, "/specbot review", login="grace")
        stage.until(lambda: len(stage.reviews(pull)) == 2, "the second review")
        assert len(stage.remarks(pull)) == 1, "a push above it makes no new finding of it"


@pytest.mark.soak
def test_a_review_that_shows_something_brings_it_into_the_check_of_a_spec_that_people_implemented():
    with Stage(finding(never, CRASH)) as stage, stage.worker():
        pull = stage.open(files={"greet.py": GOOD})
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        stage.say(pull, "/specbot review", login="grace")
        stage.until(lambda: len(stage.runs_at(pull)) == 2, "the proofs to be run again")
        stage.settled(pull)
        assert stage.acceptance(pull) == "failure"
        (remark,) = stage.remarks(pull)
        assert "stops the merge as **R-1**" in remark.body

        stage.push({"greet.py": CAREFUL})
        stage.settled(pull)
        assert stage.acceptance(pull) == "success", "the command passes, so nothing is left to mend"
        assert len(stage.reviews(pull)) == 1


def test_of_a_fork_nothing_is_executed_before_somebody_has_spoken_for_it():
    with Stage(finding(never, CRASH)) as stage, stage.worker():
        fork = stage.hub.fork(stage.repo, "linus")
        stage.hub.commit(fork, "topic", {"greet.py": GOOD}, "Greet", "linus")
        pull = stage.hub.open_pull_request(stage.repo, "linus:topic", "Greet by name", "linus")
        stage.settled(pull)
        stage.say(pull, "/specbot review", login="grace")
        stage.until(lambda: stage.reviews(pull), "the review")
        (review,), (remark,) = stage.reviews(pull), stage.remarks(pull)
        assert "It only read" in review.body
        assert "The command that shows it" not in remark.body
        assert stage.executions() == 0
        tools = {tool["function"]["name"] for tool in stage.model.requests[0].body["tools"]}
        assert tools == {"list", "search", "read", "finish"}

        stage.say(pull, f"/specbot verify {stage.head(pull)[:7]}", login="grace")
        stage.until(lambda: len(stage.runs_at(pull)) == 2, "the word to be heard")
        stage.settled(pull)
        stage.say(pull, "/specbot review", login="grace")
        stage.until(lambda: len(stage.reviews(pull)) == 2, "the review after a word")
        assert "It only read" not in stage.reviews(pull)[-1].body
        tools = {tool["function"]["name"] for tool in stage.model.requests[-1].body["tools"]}
        assert tools == {"bash", "read", "finish"}


def test_a_worker_that_dies_while_it_reads_leaves_one_review():
    with Stage(stalling("reviewer", finding(never, CRASH), times=1)) as stage:
        with stage.worker():
            pull = stage.open(spec=None, files={"greet.py": GOOD})
            stage.settled(pull)
            stage.say(pull, "/specbot review", login="grace")
            stage.until(lambda: stage.model.requests, "the reviewer to be asked")
        assert stage.reviews(pull) == []
        with stage.worker():
            stage.until(lambda: stage.reviews(pull) and not stage.unsettled(), "the review")
        assert len(stage.reviews(pull)) == len(stage.remarks(pull)) == 1
