"""`specbot demo --act team`: several agents side by side, one commit for each task, one push."""

import json
from collections import Counter

import pytest

from bot.core.specs.model import SpecFormat
from bot.demo.act import Act, Told
from bot.demo.ground import Ground
from bot.demo.material import TEAM_SPEC
from bot.demo.model import demo_model
from bot.demo.plays import RECORDING, ActName, sample_play
from bot.hub.git.history import only_in
from bot.local_run import WHEELS
from tests.stories.rooms import SECONDS

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.timeout(SECONDS + 30)]

TASKS = [f"T-{number}" for number in range(1, 8)]
JOIN = "T-7"


@pytest.mark.soak
def test_six_tasks_side_by_side_and_one_that_joins_them():
    told: list[Told] = []
    pages: list[str] = []
    with (
        demo_model(None, RECORDING[ActName.TEAM], {}) as model,
        Ground(dict(model.environment), WHEELS if WHEELS.is_dir() else None) as ground,
    ):
        play = sample_play(ActName.TEAM, SpecFormat.NATIVE, minutes=SECONDS / 60)
        result = Act(ground, play, model.name, told.append).perform(lambda url: None, pages.append)
        assert model.mismatches() == []
        assert result.accepted
        assert pages == [ground.page_of(result.run.run_id)]

        said = json.loads(result.as_json())
        assert said["criteria"] == {f"{TEAM_SPEC}#AC-{number}": "proven" for number in range(1, 8)}
        assert said["keep"] == {f"{TEAM_SPEC}#keep-1": "kept"}
        assert {name: (task["state"], task["attempt"]) for name, task in said["tasks"].items()} == dict.fromkeys(
            TASKS, ("merged", 1)
        )

        pull = ground.hub.issue("ada/weatherlog", 1).as_pull
        bare = ground.hub.store.bare(ground.hub.repository("ada/weatherlog"))
        brought = only_in(bare, pull.head_sha, result.run.start_head)
        assert Counter(c.sha for c in brought) == Counter(task["commit"] for task in said["tasks"].values())
        assert sorted(line for c in brought for line in c.message.split("\n") if line.startswith("Task: ")) == [
            f"Task: {name}" for name in TASKS
        ]
        for commit in brought:
            assert f"Spec: {TEAM_SPEC}" in commit.message
            assert f"Specbot-Run: {result.run.run_id}" in commit.message
            assert "Co-authored-by: ada <" in commit.message
        assert pull.head_sha == said["tasks"][JOIN]["commit"], "what waits for all comes last"
        pushes = [write for write in ground.hub.journal.writes() if write.kind == "git"]
        assert len(pushes) == 1, "a push starts the repository's own checks"

    states = [(event["task"], event["state"]) for event in (json.loads(t.data) for t in told if t.kind == "task")]
    begun = states[: states.index(next(state for state in states if state[1] == "merged"))]
    assert [name for name, state in begun if state == "working"] == TASKS[:4], "four at once, and no more"
    assert states[-2:] == [(JOIN, "working"), (JOIN, "merged")]
