"""A run goes on on another machine: the database is the same, but none of the first machine's files are there."""

from pathlib import Path

import pytest

from bot.app import build_house
from bot.core.plans.progress import Progress, TaskState
from bot.hub.state.issues import Issue
from bot.settings import load_settings
from bot.workflows.notes import find
from tests.faults.scene import Scene
from tests.faults.workers import Death
from tests.stories.moments import STALLED, asked
from tests.support.scripted_model import Answer, Fault, Seen
from tests.support.stage import GOOD, WRONG, Stage, implementing
from tests.support.team_of_four import TEAM_SPEC, task_of, team_of_four

pytestmark = pytest.mark.soak


def merged(stage: Stage) -> set[str]:
    """The tasks of the only run that are merged."""
    (run,) = stage.store.recent_runs(2)
    found = find(stage.house, run.run_id, Progress)
    return {task.task_id for task in found.tasks if task.state is TaskState.MERGED} if found else set()


def commits_at(scene: Scene, folder: str) -> set[str]:
    """The commits in a machine's mirror."""
    return {path.name for path in Path(scene.root / folder / "mirrors").glob("*/refs/bot/commits/*")}


def pushes(scene: Scene) -> list[str]:
    return [move.ref for write in scene.hub.journal.writes() if write.kind == "git" for move in write.moves]


def gone_on_elsewhere(scene: Scene, pull: Issue, deaths: list[Death], point: str) -> None:
    """Everything is proven and said once, with no answer asked for again that was stored; the first machine had no part in the end."""
    assert scene.acceptance(pull) == "success"
    assert pushes(scene)[-1:] == ["refs/heads/topic"]
    assert len(pushes(scene)) == len(set(pushes(scene))) == 1, "one push"
    (death,) = deaths
    assert death.point == point
    labels = asked(scene)
    again = {label for label in labels if labels.count(label) > 1}
    assert len(labels) - scene.answered() <= len(death.asked) - death.answered, f"asked again: {again}"
    assert scene.head(pull) in commits_at(scene, "elsewhere")
    assert scene.model.prefix_faults() == []


def test_a_team_with_one_task_merged_one_handed_in_and_one_in_flight():
    """T-2 is handed in at the very moment in which the machine dies, so only its journal knows what it made."""
    right, point = team_of_four(), "after insert notes result T-2/1/1 #1"

    def before(seen: Seen) -> None:
        if seen.turn == 2 and task_of(seen) == "T-2":
            scene.until(lambda: "T-1" in merged(scene), "T-1 to be merged")
            scene.until(lambda: "implementer/T-3/2" in asked(scene), "T-3 at work")

    def script(seen: Seen) -> Answer | Fault:
        if seen.turn == 2 and task_of(seen) == "T-3" and not workers.deaths:
            return STALLED
        return right(seen)

    scene = Scene(script, before=before)
    with scene, scene.workers([point], moving=True) as workers:
        pull = scene.open(TEAM_SPEC)
        start = scene.head(pull)
        scene.rest(pull)
        assert not workers.broken
        gone_on_elsewhere(scene, pull, workers.deaths, point)
        line = scene._git("rev-list", f"{start}..{scene.head(pull)}").split()
        assert len(line) == 4
        assert commits_at(scene, "state").intersection(line) == {line[-1]}, "the first machine merged T-1"
        assert commits_at(scene, "elsewhere").issuperset(line)
        assert {label for label in asked(scene) if asked(scene).count(label) > 1} == {"implementer/T-3/2"}


@pytest.mark.soak
def test_a_repair_whose_commit_was_made_and_is_not_yet_the_candidate():
    """The mended commit stands beside the first one, not on it; both are needed."""
    point = "after update notes candidate #1"
    scene = Scene(implementing({"greet.py": WRONG}, repair={"greet.py": GOOD}))
    with scene, scene.workers([point], moving=True) as workers:
        pull = scene.open()
        start = scene.head(pull)
        scene.rest(pull)
        assert not workers.broken
        gone_on_elsewhere(scene, pull, workers.deaths, point)
        assert scene.file(scene.head(pull), "greet.py") == GOOD
        assert scene._git("rev-list", f"{start}..{scene.head(pull)}").split() == [scene.head(pull)]
        assert commits_at(scene, "state") - commits_at(scene, "elsewhere") == {scene.branches()["main"]}


@pytest.mark.parametrize("stopped", [pytest.param(False, marks=pytest.mark.soak), True], ids=["superseded", "stopped"])
def test_a_push_after_the_machine_has_changed(stopped: bool):
    """What the earlier run's tasks had made is kept and taken over, though its files lie on the first machine only. One that was stopped there
    brings nothing along: then its agents' journals have to."""

    def script(seen: Seen) -> Answer | Fault:
        stalls = task_of(seen) == "T-3" and seen.turn == 2 and len(stage.store.recent_runs(2)) == 1
        return STALLED if stalls else team_of_four()(seen)

    with Stage(script) as stage:
        with stage.worker():
            pull = stage.open(TEAM_SPEC)
            stage.until(lambda: stage.runs_at(pull), "a run")
            (run,) = stage.runs_at(pull)
            stage.until(lambda: {"T-1", "T-2"} <= merged(stage), "two tasks to be merged")
            stage.until(lambda: "implementer/T-3/2" in asked(stage), "T-3 at work")
            if stopped:
                stage.say(pull, "/specbot stop")
                stage.settled(pull)
                stage.until(lambda: not stage.unsettled(), "the last word to be over")
        paid = len(asked(stage))
        stage.push({"README.md": "# A compass\n"})
        with stage.worker(build_house(load_settings(stage.elsewhere), stage.store)):
            stage.until(lambda: len(stage.runs_at(pull)) == 2, "the push to supersede the run")
            stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        found = find(stage.house, stage.runs_at(pull)[-1].run_id, Progress)
        assert found is not None
        assert [task.reused for task in found.tasks] == [run.run_id, run.run_id, "", ""]
        again = {label.rsplit("/", 1)[0] for label in asked(stage)[paid:]}
        assert again == {"implementer/T-3", "implementer/T-4", "reviewer/candidate"}
        kept = stage.branches()[f"specbot/{run.run_id}"]
        there = stage._git("ls-tree", "--name-only", kept).split()
        assert {"north.py", "east.py", "south.py"} <= set(there), "T-3's unfinished work too"
