"""Who is behind a run is called once when only a person can go on, and not when there is nothing to be told."""

import pytest

from bot.hub.state.issues import Issue
from tests.stories.test_orchestrate import handing_in, open_issue, the_pull, waits, writing
from tests.support.stage import BASE, CONFIGURATION, GOOD, SPEC, SPEC_PATH, WRONG, Stage, implementing, never

HOLD = {**BASE, ".github/specbot.yml": f"{CONFIGURATION}publish: hold\n"}


def notices(stage: Stage, issue: Issue) -> list[str]:
    return [one.body for one in stage.comments(issue) if one.body.startswith("<!-- specbot:notice:")]


def test_whoever_opened_the_pull_request_is_called_when_the_work_waits_and_once_for_each_segment() -> None:
    with Stage(implementing({"greet.py": GOOD}, finding=False), base=HOLD) as stage, stage.worker():
        pull = stage.open()
        stage.settled(pull)
        (run,) = stage.runs_at(pull)
        assert run.candidate is not None
        (told,) = notices(stage, pull)
        check = stage.checks(stage.head(pull))[-1]
        assert told.split("\n")[1] == (
            "@ada The work is proven and waits for a person's word before anything is pushed. "
            f"Next: `/specbot publish {run.candidate[:7]}` · [the check]({stage.hub.url}/{stage.repo.full_name}/runs/{check.id})"
        )
        stage.say(pull, "/specbot verify", login="grace")
        stage.until(lambda: len(stage.runs_at(pull)) == 2, "the proofs again")
        stage.settled(pull)
        assert stage.acceptance(pull) != "success"
        (over,) = notices(stage, pull)
        assert over.endswith(
            "\n<sub>~~The work is proven and waits for a person's word before anything is pushed.~~ It went on.</sub>\n"
        ), "grace looks for what comes of her word; no agent has worked since"


@pytest.mark.soak
def test_nobody_is_called_where_the_owners_do_not_want_it() -> None:
    base = {**BASE, ".github/specbot.yml": f"{CONFIGURATION}publish: hold\nnotify: never\n"}
    with Stage(implementing({"greet.py": GOOD}, finding=False), base=base) as stage, stage.worker():
        pull = stage.open()
        stage.settled(pull)
        assert stage.acceptance(pull) == "action_required"
        assert notices(stage, pull) == []


def test_neither_a_spec_with_errors_nor_a_stranger_s_fork_calls_anybody() -> None:
    with Stage(never) as stage, stage.worker():
        pull = stage.open(SPEC.replace("title:", "titel:"))
        stage.settled(pull)
        assert stage.acceptance(pull) == "failure"
        fork = stage.hub.fork(stage.repo, "linus")
        stage.hub.commit(fork, "topic", {SPEC_PATH: SPEC}, "A spec", "linus")
        theirs = stage.hub.open_pull_request(stage.repo, "linus:topic", "Greet people", "linus")
        stage.settled(theirs)
        assert notices(stage, pull) == notices(stage, theirs) == []


@pytest.mark.soak
def test_who_asked_for_a_spec_is_called_on_the_issue_also_after_a_worker_died() -> None:
    with Stage(writing(handing_in())) as stage:
        with stage.worker():
            issue = open_issue(stage)
            stage.say(issue, "/orchestrate", "grace")
            stage.until(lambda: stage.model.requests, "the author")
        with stage.worker():
            pull = the_pull(stage)
            waits(stage, issue, "waits for approval")
            stage.settled(pull)
        (told,) = notices(stage, issue)
        assert told.split("\n")[1].startswith(f"@grace The spec is in #{pull.number} and waits for approval. Next: ")
        assert f"`/specbot approve {stage.head(pull)[:7]}` there" in told
        assert notices(stage, pull) == []
        with stage.worker():
            stage.say(pull, f"/specbot approve {stage.head(pull)[:7]}", "grace")
            waits(stage, issue, "is in force")
            stage.until(lambda: "~~ It went on." in notices(stage, issue)[0], "the notice to be struck out")
            stage.settled(pull)


@pytest.mark.soak
def test_work_that_failed_for_good_calls_too() -> None:
    with Stage(implementing({"greet.py": WRONG}, finding=False)) as stage, stage.worker():
        pull = stage.open()
        stage.settled(pull)
        assert stage.acceptance(pull) == "failure"
        (told,) = notices(stage, pull)
        assert told.split("\n")[1].startswith("@ada ")
        assert "Push a change, or `/specbot retry`" in told
