"""When agents may start is the owners' decision: at once, when the pull request is ready, or when a person has approved the plan."""

import pytest

from bot.reporting.names import ACCEPTANCE
from tests.stories.moments import asked
from tests.support.stage import BASE, CONFIGURATION, GOOD, Stage, implementing


def waiting(policy: str) -> dict[str, str]:
    return {**BASE, ".github/specbot.yml": f"{CONFIGURATION}start: {policy}\n"}


@pytest.mark.soak
def test_a_plan_waits_for_a_person_who_names_the_commit():
    with Stage(implementing({"greet.py": GOOD}), base=waiting("on_approve")) as stage, stage.worker():
        pull = stage.open()
        stage.settled(pull)
        head = stage.head(pull)
        assert stage.acceptance(pull) == "action_required"
        assert asked(stage) == [], "no model before the word"
        (check,) = stage.checks(head)
        assert [a.identifier for a in check.actions] == ["approve", "verify"]
        line = f"/specbot approve {head[:7]}"
        assert line in stage.status(pull), "the line to paste"
        assert "**T-1**" in stage.status(pull), "the plan is there to look at"

        stage.say(pull, line, login="linus")
        assert "needs write permission" in stage.answer(pull, line)
        stage.say(pull, "/specbot approve", login="grace")
        assert "names the commit" in stage.answer(pull, "/specbot approve")
        assert asked(stage) == []

        stage.say(pull, line, login="grace")
        stage.until(lambda: stage.head(pull) != head, "the work to be pushed")
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        (run,) = stage.runs_at(pull)
        assert run.segment == 2, "the same run went on"
        assert stage.told(head)[ACCEPTANCE][0] == "action_required"


def test_an_approval_is_of_one_commit_and_a_button_says_which():
    with Stage(implementing({"greet.py": GOOD}), base=waiting("on_approve")) as stage, stage.worker():
        pull = stage.open()
        stage.settled(pull)
        before = stage.head(pull)
        button = stage.checks(before)[-1]
        stage.push({"notes.txt": "a person's own\n"})
        stage.until(lambda: stage.head(pull) != before, "the push")
        stage.settled(pull)
        assert stage.acceptance(pull) == "action_required"

        stage.hub.press_button(button.id, "approve", "grace")
        stage.settled(pull)
        assert asked(stage) == [], "what was approved is no longer there"

        head = stage.head(pull)
        stage.hub.press_button(stage.checks(head)[-1].id, "approve", "grace")
        stage.until(lambda: stage.head(pull) != head, "the work to be pushed")
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"


@pytest.mark.soak
def test_a_draft_is_left_alone_until_it_is_ready():
    with Stage(implementing({"greet.py": GOOD}), base=waiting("on_ready")) as stage, stage.worker():
        pull = stage.open(draft=True)
        stage.settled(pull)
        head = stage.head(pull)
        assert stage.acceptance(pull) == "action_required"
        assert "ready for review" in stage.title(pull)
        assert asked(stage) == []
        stage.hub.set_draft(stage.repo, pull.number, "ada", draft=False)
        stage.until(lambda: stage.head(pull) != head, "the work to be pushed")
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
