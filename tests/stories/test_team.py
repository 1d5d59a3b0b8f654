"""Several agents on one branch: side by side where the plan allows it, merged in order, proven together."""

import json
import os
import subprocess

import pytest

from bot.core.plans.progress import Progress, TaskState
from bot.core.runs import RunState
from bot.workflows.notes import find
from tests.stories.moments import STALLED, asked
from tests.support.scripted_model import Answer, Fault, Seen, call
from tests.support.stage import Stage
from tests.support.team_of_four import FILES, TEAM_SPEC, task_of, team_of_four


def states(stage: Stage, run_id: str) -> dict[str, str]:
    found = find(stage.house, run_id, Progress)
    return {} if found is None else {task.task_id: task.state.value for task in found.tasks}


def told_tasks(stage: Stage, run_id: str) -> list[tuple[str, str]]:
    events = [json.loads(data) for _, _, kind, data in stage.store.events(run_id) if kind == "task"]
    return [(event["task"], event["state"]) for event in events]


def test_four_tasks_become_four_commits_and_one_push():
    with Stage(team_of_four()) as stage, stage.worker():
        pull = stage.open(TEAM_SPEC)
        head = stage.head(pull)
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        assert stage.title(pull) == "4 of 4 criteria proven"
        commits = stage._git("rev-list", "--reverse", f"{head}..{stage.head(pull)}").split()
        messages = [stage.message(sha) for sha in commits]
        assert len(messages) == 4
        assert sorted(f"Task: T-{n}" in m for n in (1, 2, 3, 4) for m in messages).count(True) == 4
        assert "Task: T-4" in messages[-1]
        (run,) = stage.runs_at(pull)
        assert set(states(stage, run.run_id).values()) == {TaskState.MERGED.value}
        told = told_tasks(stage, run.run_id)
        started = [name for name, state in told if state == "working"]
        assert started == ["T-1", "T-2", "T-3", "T-4"]
        merged = {name: at for at, (name, state) in enumerate(told) if state == "merged"}
        assert max(merged[name] for name in ("T-1", "T-2", "T-3")) < told.index(("T-4", "working"))
        assert stage.model.prefix_faults() == []


@pytest.mark.soak
def test_only_the_owner_of_what_failed_mends_it():
    wrong = {**FILES, "T-2": {"east.py": 'def say():\n    return "west"\n'}}
    right = team_of_four()

    def mended_later(seen: Seen) -> Answer:
        told = [m for m in seen.body["messages"] if m["role"] == "user"]
        if task_of(seen) == "T-2" and len(told) > 1 and seen.turn == 3:
            return call("edit", path="east.py", old='"west"', new='"east"')
        return team_of_four(wrong)(seen) if task_of(seen) == "T-2" and seen.turn < 3 else right(seen)

    with Stage(mended_later) as stage, stage.worker():
        pull = stage.open(TEAM_SPEC)
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        again = [
            label for label in asked(stage) if label.startswith("implementer/") and not label.endswith(("/1", "/2"))
        ]
        assert again == ["implementer/T-2/3", "implementer/T-2/4"], "not the join's, which was red only because of it"


def test_a_task_writes_only_what_it_owns_and_a_blocked_one_holds_those_that_wait_for_it():
    greedy = {**FILES, "T-1": {**FILES["T-1"], "south.py": "nothing = 1\n"}}

    def script(seen: Seen) -> Answer:
        if task_of(seen) == "T-3":
            return call("blocked", reason="nobody says what the south is")
        return team_of_four(greedy)(seen)

    with Stage(script) as stage, stage.worker():
        pull = stage.open(TEAM_SPEC)
        head = stage.head(pull)
        stage.settled(pull)
        assert stage.head(pull) == head, "nothing is published"
        (run,) = stage.runs_at(pull)
        assert states(stage, run.run_id) == {"T-1": "merged", "T-2": "merged", "T-3": "blocked", "T-4": "held"}
        status = stage.status(pull)
        assert "nobody says what the south is" in status
        work = stage.branches()[f"specbot/{run.run_id}"]
        assert "south.py" not in stage._git("ls-tree", "--name-only", work), "it was T-3's to write"
        assert "north.py" in stage._git("ls-tree", "--name-only", work)


@pytest.mark.soak
def test_what_a_push_leaves_alone_is_not_paid_for_again():
    def third_stalls_at_first(seen: Seen) -> Answer | Fault:
        return STALLED if task_of(seen) == "T-3" and len(stage.store.recent_runs(2)) == 1 else team_of_four()(seen)

    with Stage(third_stalls_at_first) as stage, stage.worker():
        pull = stage.open(TEAM_SPEC)
        stage.until(lambda: len(stage.runs_at(pull)) == 1, "a run")
        (run,) = stage.runs_at(pull)
        merged = {"T-1": "merged", "T-2": "merged", "T-3": "working", "T-4": "waiting"}
        stage.until(lambda: states(stage, run.run_id) == merged, "two tasks to be merged")
        paid = len(asked(stage))
        stage.push({"README.md": "# A compass\n"})
        stage.until(lambda: len(stage.runs_at(pull)) == 2, "the push to supersede the run")
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        assert {label.rsplit("/", 1)[0] for label in asked(stage)[paid:]} == {
            "implementer/T-3",
            "implementer/T-4",
            "reviewer/candidate",
        }
        found = find(stage.house, stage.runs_at(pull)[-1].run_id, Progress)
        assert found is not None
        assert [task.reused for task in found.tasks] == [run.run_id, run.run_id, "", ""]
        assert stage.file(stage.head(pull), "README.md") == "# A compass\n"


@pytest.mark.soak
def test_stop_ends_every_agent_at_once_and_keeps_what_was_merged():
    marked = f"sleep 271.{os.getpid()}"  # no other test run on this machine has it

    def script(seen: Seen) -> Answer | Fault:
        if task_of(seen) == "T-2":
            return call("bash", script=marked)
        return STALLED if task_of(seen) == "T-3" else team_of_four()(seen)

    def sleeping() -> bool:
        return subprocess.run(["pgrep", "-f", marked], capture_output=True, check=False).returncode == 0

    with Stage(script) as stage, stage.worker():
        pull = stage.open(TEAM_SPEC)
        stage.until(lambda: len(stage.runs_at(pull)) == 1, "a run")
        (run,) = stage.runs_at(pull)
        stage.until(lambda: states(stage, run.run_id).get("T-1") == "merged" and sleeping(), "the team at work")
        stage.say(pull, "/specbot stop")
        stage.settled(pull)
        stage.until(lambda: not stage.unsettled(), "the engine to come to rest")
        assert not sleeping(), "the command in the box is gone"
        assert stage.acceptance(pull) == "cancelled"
        (run,) = stage.runs_at(pull)
        assert run.state is RunState.STOPPED
        work = stage.branches()[f"specbot/{run.run_id}"]
        assert stage.file(work, "north.py") == FILES["T-1"]["north.py"]
        asked_then = len(asked(stage))
        stage.say(pull, "/specbot status")
        stage.settled(pull)
        assert len(asked(stage)) == asked_then, "nobody goes on"
