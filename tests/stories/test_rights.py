"""Who may have work done: rights are looked at when it is asked for, and again when it takes effect."""

from bot.reporting.names import ACCEPTANCE
from bot.reporting.names import SPEC as SPEC_CHECK
from tests.stories.moments import asked, first_time
from tests.support.stage import GOOD, SPEC, SPEC_PATH, Stage, implementing, never


def test_what_a_stranger_pushed_is_linted_and_then_waits_for_somebody_who_may():
    with Stage(never) as stage, stage.worker():
        pull = by_a_stranger(stage)
        stage.settled(pull)
        head = stage.head(pull)
        assert stage.told(head) == {SPEC_CHECK: ["success"], ACCEPTANCE: ["action_required"]}
        assert "from a fork" in stage.title(pull)
        assert f"`/specbot verify {head[:7]}`" in stage.status(pull)
        assert stage.blockers(pull)
        assert stage.executions() == 0, "nothing of a stranger's was executed"

        stage.next_second()
        stage.say(pull, "/specbot retry", login="linus")
        assert "needs write permission" in stage.answer(pull, "/specbot retry")
        assert len(stage.runs_at(pull)) == 1

        stage.hub.commit("linus/greet", "topic", {"greet.py": GOOD}, "Greet by name", "linus")
        stage.settled(pull)
        assert stage.acceptance(pull) == "action_required"
        assert stage.executions() == 0
        stage.next_second()
        stage.say(pull, "/specbot verify", login="grace")
        assert "names the commit" in stage.answer(pull, "/specbot verify")
        stage.say(pull, f"/specbot verify {head[:7]}", login="grace")
        assert "but the head is" in stage.answer(pull, f"/specbot verify {head[:7]}"), "a word covers no later push"
        assert stage.executions() == 0
        stage.say(pull, f"/specbot verify {stage.head(pull)}", login="grace")
        stage.until(lambda: stage.acceptance(pull) == "success", "the proofs that a maintainer asked for")
        stage.settled(pull)
        assert stage.executions() > 0
        assert stage.blockers(pull) == []
        assert asked(stage) == []


def test_who_loses_the_right_to_write_in_mid_run_has_nothing_pushed():
    def lose() -> None:
        stage.hub.set_permission(stage.repo, "grace", "read")

    with Stage(first_time("reviewer", lose, implementing({"greet.py": GOOD}))) as stage, stage.worker():
        pull = stage.open(login="grace")
        head = stage.head(pull)
        stage.settled(pull)
        assert stage.head(pull) == head
        assert stage.told(head)[ACCEPTANCE] == ["action_required"]
        assert "(grace) may not write here any more" in stage.title(pull)
        (run,) = stage.runs_at(pull)
        kept = f"specbot/{run.run_id}"
        assert stage.file(stage.branches()[kept], "greet.py").strip() == GOOD.strip()
        assert kept in stage.status(pull)
        assert "`/specbot retry`" in stage.status(pull)


def by_a_stranger(stage):
    """A pull request from a fork, by somebody who may only read here."""
    stage.hub.fork("ada/greet", "linus")
    stage.hub.commit("linus/greet", "topic", {SPEC_PATH: SPEC}, "Spec", "linus")
    return stage.hub.open_pull_request(stage.repo, "linus:topic", "Greet people by name", "linus")
