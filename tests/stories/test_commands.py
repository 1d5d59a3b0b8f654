"""What people say to the bot in comments and with the buttons of its checks, and what comes of it."""

import pytest

from bot.reporting.names import ACCEPTANCE
from tests.stories.moments import asked, stalling
from tests.support.stage import BASE, CONFIGURATION, GOOD, WRONG, Stage, implementing, never


def test_stop_ends_a_run_at_once_and_retry_begins_anew():
    stalled_once = stalling("implementer", implementing({"greet.py": GOOD}), after=1, times=1)
    with Stage(stalled_once) as stage, stage.worker():
        pull = stage.open()
        start = stage.head(pull)
        stage.until(lambda: len(asked(stage)) == 2, "the implementer to write and to be asked again")

        stage.say(pull, "/specbot stop", login="linus")
        refusal = stage.answer(pull, "/specbot stop")
        assert "needs write permission, and linus has read" in refusal
        assert stage.runs_at(pull)[-1].state.live, "what a reader says stops nothing"

        stage.say(pull, "Enough.\n\n/specbot stop", login="grace")
        stage.settled(pull, seconds=15)
        (run,) = stage.runs_at(pull)
        assert (run.state.value, run.reason) == ("stopped", "stopped by @grace")
        assert stage.told(start)[ACCEPTANCE] == ["cancelled"]
        assert stage.title(pull) == "Stopped by @grace"
        stage.until(lambda: "`/specbot retry`" in stage.status(pull), "the comment to say how to go on")
        work = f"specbot/{run.run_id}"
        stage.until(lambda: work in stage.branches(), "the unfinished work to be kept")
        assert stage.file(stage.branches()[work], "greet.py").strip() == GOOD.strip()
        stage.until(lambda: work in stage.status(pull), "the comment to name where the work is")
        assert stage.head(pull) == start
        answers = stage.comments(pull)
        assert len(answers) == 2, "the sticky comment and one refusal; the stop itself is told by the comment"

        stage.say(pull, "/specbot stop", login="grace")
        assert "Nothing is running here" in stage.answer(pull, "/specbot stop", nth=2)

        stage.say(pull, "/specbot retry", login="grace")
        stage.until(lambda: len(stage.runs_at(pull)) == 2, "a second attempt")
        stage.settled(pull)
        assert stage.acceptance(pull) == "success", stage.title(pull)
        assert [r.state.value for r in stage.runs_at(pull)] == ["stopped", "done"]
        assert stage.told(start)[ACCEPTANCE] == ["cancelled", "cancelled"]

        calls = len(asked(stage))
        stage.next_second()
        stage.say(pull, "/specbot verify", login="grace")
        stage.until(lambda: len(stage.runs_at(pull)) == 3, "the proofs to be run again")
        stage.settled(pull)
        assert stage.told(stage.head(pull))[ACCEPTANCE] == ["success", "success"]
        assert len(asked(stage)) == calls, "verify calls no model"

        stage.say(pull, "/specbot status", login="linus")
        assert "**done**" in stage.answer(pull, "/specbot status")
        assert stage.statuses(pull) == 1, "one sticky comment, whatever was said"


def test_what_was_said_about_another_commit_is_refused_and_both_are_named():
    with Stage(implementing({"greet.py": WRONG})) as stage:
        with stage.worker():
            pull = stage.open()
            stage.settled(pull)
        old = stage.head(pull)
        check = stage.checks(old)[-1]
        stage.next_second()
        stage.say(pull, "/specbot retry", login="grace")
        stage.say(pull, "/specbot verify", login="grace")
        stage.hub.press_button(check.id, "retry", "grace")
        stage.next_second()
        new = stage.push({"greet.py": GOOD})
        with stage.worker():
            stage.settled(pull)
            for asked_for in ("/specbot retry", "/specbot verify", "retry"):
                answer = stage.answer(pull, asked_for)
                assert "Not done" in answer
                assert old[:12] in answer
                assert new[:12] in answer
        assert [r.start_head for r in stage.runs_at(pull)] == [old, new], "nothing began but the new head's own run"
        assert stage.acceptance(pull) == "success"


def test_only_plain_commands_count():
    quoted = "> /specbot stop\n\n```\n/specbot stop\n```\n\n    /specbot stop\n\n<!-- /specbot stop -->\n\nsay `/specbot stop`"
    with Stage(stalling("implementer", implementing({}))) as stage, stage.worker():
        pull = stage.open()
        stage.until(lambda: asked(stage), "the implementer to be asked")
        stage.say(pull, quoted, login="grace")
        edited = stage.say(pull, "Looks good.", login="grace")
        stage.hub.edit_comment(edited.id, "grace", "/specbot stop")
        stage.hub.edit_comment(edited.id, "grace", "Hm.\n\n/specbot stop\n\n/specbot retry")
        stage.say(pull, "/specbot stpo", login="grace")
        misspelt = stage.answer(pull, "/specbot stpo")
        assert "Did you mean `/specbot stop`?" in misspelt
        stage.say(pull, "/specbot help", login="linus")
        assert "/specbot verify" in stage.answer(pull, "/specbot help")
        assert stage.runs_at(pull)[-1].state.live, "nothing of all this stopped the run"
        stage.say(pull, "/specbot stop", login="grace")
        stage.settled(pull)
        assert [r.state.value for r in stage.runs_at(pull)] == ["stopped"]
        notes = [c.body for c in stage.comments(pull) if "added by an edit does not count" in c.body]
        assert len(notes) == 1, "one note for a comment, however often it is edited"
        assert len(stage.comments(pull)) == 4


def test_buttons_do_what_the_commands_do():
    stalled_last = stalling("implementer", implementing({"greet.py": WRONG}), after=12)
    with Stage(stalled_last) as stage, stage.worker():
        pull = stage.open()
        stage.settled(pull)
        head = stage.head(pull)
        (check,) = stage.checks(head)
        assert [a.identifier for a in check.actions] == ["retry", "verify"]

        stage.hub.press_button(check.id, "verify", "linus")
        assert "needs write permission" in stage.answer(pull, "verify")
        assert len(stage.runs_at(pull)) == 1

        stage.hub.press_button(check.id, "verify", "grace")
        stage.until(lambda: len(stage.runs_at(pull)) == 2, "the proofs to be run again")
        stage.settled(pull)
        assert len(asked(stage)) == 6, "verify calls no model"

        stage.hub.rerequest(stage.checks(head)[-1].id, "grace")
        stage.until(lambda: len(stage.runs_at(pull)) == 3, "GitHub's own Re-run to begin a run")
        stage.settled(pull)
        assert len(asked(stage)) == 12

        stage.hub.press_button(stage.checks(head)[-1].id, "retry", "grace")
        stage.until(lambda: len(asked(stage)) == 13, "Retry to begin a run")
        working = stage.checks(head)[-1]
        assert [a.identifier for a in working.actions] == ["stop"]
        stage.hub.press_button(working.id, "stop", "grace")
        stage.settled(pull)
        assert stage.told(head)[ACCEPTANCE] == ["failure", "failure", "failure", "cancelled"]
        assert [r.requester.login for r in stage.runs_at(pull)] == ["ada", "grace", "grace", "grace"]
        assert stage.statuses(pull) == 1


def test_a_command_on_a_pull_request_without_a_spec_is_answered():
    with Stage(never) as stage, stage.worker():
        pull = stage.open(spec=None, files={"notes.md": "# Notes\n"})
        stage.settled(pull)
        stage.next_second()
        stage.say(pull, "/specbot retry", login="grace")
        stage.until(lambda: len(stage.runs_at(pull)) == 2, "another look")
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        assert stage.comments(pull) == []


@pytest.mark.soak
def test_two_people_ask_at_once_and_a_stranger_asks_twice():
    base = {**BASE, ".github/specbot.yml": CONFIGURATION + "commands:\n  retry: maintain\n"}
    with Stage(never, base=base) as stage:
        pull = stage.open(files={"greet.py": GOOD})
        with stage.worker():
            stage.settled(pull)
        stage.say(pull, "/specbot verify", login="grace")
        stage.say(pull, "/specbot verify", login="ada")
        stage.say(pull, "/specbot stop", login="linus")
        stage.say(pull, "/specbot stop", login="linus")
        stage.say(pull, "/verify", login="ada")
        stage.say(pull, "/specbot retry", login="grace")
        with stage.worker():
            assert "A run is at work already" in stage.answer(pull, "/specbot verify")
            stage.settled(pull)
        assert len(stage.runs_at(pull)) == 2, "one run for both"
        refusals = [c.body for c in stage.comments(pull) if "needs write permission, and linus has read" in c.body]
        assert len(refusals) == 1
        assert stage.reactions().count("confused") == 1, "the second time only a reaction"
        assert "needs maintain permission, and grace has write" in stage.answer(pull, "/specbot retry")
        assert not any("/verify`" in c.body and "/specbot verify`" not in c.body for c in stage.comments(pull))
