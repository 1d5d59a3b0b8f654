"""Pushes while a run is at work: the newest head counts, and a person's push always wins."""

import pytest

from bot.hub.faults import Fault
from bot.hub.journal import Moment, Write
from bot.reporting.names import ACCEPTANCE
from bot.workflows.reconcile import Sweep
from tests.stories.moments import asked, first_time, stalling
from tests.support.stage import GOOD, Stage, implementing


@pytest.mark.soak
def test_of_two_pushes_in_a_second_the_newer_gets_the_verdict():
    stalled_once = stalling("implementer", implementing({"greet.py": GOOD}), times=1)
    with Stage(stalled_once) as stage, stage.worker():
        pull = stage.open()
        stage.until(lambda: asked(stage), "the implementer to be asked")
        first = stage.head(pull)
        second = stage.push({"one.md": "1\n"})
        third = stage.push({"two.md": "2\n"}, login="grace")
        most_at_once = 0

        def over() -> bool:
            nonlocal most_at_once
            most_at_once = max(most_at_once, sum(r.state.live for r in stage.runs_at(pull)))
            return stage.acceptance(pull) == "success"

        stage.until(over, "the newest head's verdict")
        stage.settled(pull)
        assert most_at_once == 1
        head = stage.head(pull)
        assert head not in (first, second, third)
        assert stage.file(head, "one.md") + stage.file(head, "two.md") == "1\n2\n"
        assert stage.told(first)[ACCEPTANCE] == ["cancelled"]
        assert "newer commit" in (stage.checks(first)[-1].output.title or "")
        assert stage.told(third)[ACCEPTANCE] == ["cancelled"], "the work went on to the bot's own commit"
        assert set(stage.told(second).get(ACCEPTANCE, [])) <= {"cancelled"}, "the middle one may have gone by unseen"
        states = [r.state.value for r in stage.runs_at(pull)]
        assert states[-1] == "done"
        assert set(states[:-1]) == {"superseded"}
        assert stage.statuses(pull) == 1
        assert "2 of 2 criteria done" in stage.status(pull)


def test_a_person_who_pushes_between_verify_and_publish_wins():
    """No webhook tells of the push: the run itself looks before it publishes."""

    def push() -> None:
        stage.hub.faults.add(Fault("drop", times=None))
        stage.push({"notes.md": "Mine.\n"}, login="grace")

    with Stage(first_time("reviewer", push, implementing({"greet.py": GOOD}))) as stage, stage.worker() as engine:
        pull = stage.open()
        start = stage.head(pull)
        stage.until(lambda: [r.state.value for r in stage.runs_at(pull)] == ["superseded"], "the run to give way")
        (superseded,) = stage.runs_at(pull)
        assert not superseded.published
        kept = f"specbot/{superseded.run_id}"
        assert stage.file(stage.branches()[kept], "greet.py").strip() == GOOD.strip()
        assert stage.told(start)[ACCEPTANCE] == ["cancelled"]
        assert kept in (stage.checks(start)[-1].output.summary or "")
        stage.hub.faults.clear()
        Sweep(stage.house, engine, stage.redeliver_lost).once()
        stage.settled(pull)
        assert [r.state.value for r in stage.runs_at(pull)] == ["superseded", "done"]
        assert stage.file(stage.head(pull), "notes.md") == "Mine.\n"
        assert stage.file(stage.head(pull), "greet.py").strip() == GOOD.strip()
        assert stage.acceptance(pull) == "success"
        assert stage.statuses(pull) == 1


@pytest.mark.soak
def test_a_person_who_pushes_at_the_very_moment_of_publishing_wins():
    def push_first(moment: Moment, write: Write) -> None:
        if moment == "before" and [move.ref for move in write.moves] == ["refs/heads/topic"] and not pushed:
            pushed.append(stage.push({"notes.md": "Mine.\n"}, login="grace"))

    pushed: list[str] = []
    with Stage(implementing({"greet.py": GOOD})) as stage:
        stage.hub.on_write(push_first)
        with stage.worker():
            pull = stage.open()
            start = stage.head(pull)
            stage.settled(pull)
            superseded, done = stage.runs_at(pull)
            assert (superseded.state.value, superseded.start_head) == ("superseded", start)
            assert (done.state.value, done.start_head) == ("done", pushed[0])
            assert f"specbot/{superseded.run_id}" in stage.branches()
            assert stage.told(start)[ACCEPTANCE] == ["cancelled"]
            assert stage.file(stage.head(pull), "notes.md") == "Mine.\n"
            assert stage.acceptance(pull) == "success"


@pytest.mark.soak
def test_a_run_that_is_settled_late_leaves_the_comment_to_the_newer_one():
    stalled = stalling("implementer", implementing({"greet.py": GOOD}), after=1)
    with Stage(stalled) as stage, stage.worker():
        pull = stage.open()
        old = stage.head(pull)
        stage.until(lambda: len(asked(stage)) == 2, "the implementer to write and to be asked again")
        stage.hub.faults.add(Fault("latency", path="git-receive-pack", seconds=2.0, times=None))
        stage.push({"specs/0001-greet.md": None, "specs/0002-greet.md": "---\nbudjet: 1\n---\n# Broken\n"})
        stage.until(lambda: stage.runs_at(pull)[-1].state.value == "failed", "the newer head's verdict")
        stage.until(lambda: not stage.unsettled(), "the older run to be settled")
        assert stage.told(old)[ACCEPTANCE] == ["cancelled"]
        assert stage.acceptance(pull) == "failure"
        assert "error" in stage.status(pull)
        assert "Superseded" not in stage.status(pull)
        assert stage.statuses(pull) == 1
