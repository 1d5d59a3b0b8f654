"""Pull requests that ask nothing of an agent: no spec, a draft, a repository or a spec in which people implement. No model is called."""

from bot.reporting.names import ACCEPTANCE
from bot.reporting.names import SPEC as SPEC_CHECK
from tests.stories.moments import asked
from tests.support.stage import BASE, CONFIGURATION, GOOD, SPEC, SPEC_PATH, Stage, never


def test_a_pull_request_without_a_spec_is_let_through_in_silence():
    with Stage(never) as stage, stage.worker():
        pull = stage.open(spec=None, files={"notes.md": "# Notes\n"})
        stage.settled(pull)
        assert stage.told(stage.head(pull)) == {ACCEPTANCE: ["success"]}
        assert stage.title(pull) == "No spec in this pull request"
        assert stage.blockers(pull) == []
        assert stage.comments(pull) == []
        assert stage.reactions() == []
        assert stage.hub.reviews(stage.repo, pull.number) == []
        assert asked(stage) == []


def test_a_draft_is_linted_and_claims_nothing_until_it_is_ready():
    with Stage(never) as stage, stage.worker():
        pull = stage.open(SPEC.replace("status: ready", "status: draft"))
        stage.settled(pull)
        assert stage.told(stage.head(pull)) == {SPEC_CHECK: ["success"], ACCEPTANCE: ["success"]}
        assert stage.title(pull) == "Draft spec: nothing claimed"
        assert "Set `status: ready`" in stage.status(pull)

        stage.push({SPEC_PATH: SPEC, "greet.py": GOOD})
        stage.settled(pull)
        assert stage.told(stage.head(pull)) == {SPEC_CHECK: ["success"], ACCEPTANCE: ["success"]}
        assert stage.title(pull) == "2 of 2 criteria done: 1 proven, 1 kept"
        assert len(stage.comments(pull)) == 1
        assert asked(stage) == []


def test_where_people_implement_specbot_is_a_gate_and_nothing_else():
    gate = {**BASE, ".github/specbot.yml": f"implement: none\n{CONFIGURATION}"}
    with Stage(never, base=gate) as stage, stage.worker():
        pull = stage.open()
        stage.settled(pull)
        assert stage.acceptance(pull) == "failure"
        assert stage.title(pull).startswith("AC-1 failed; 1 of 2 done")
        asks_for_hands(stage, pull)

        stage.push({"greet.py": GOOD})
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        assert set(stage.branches()) == {"main", "topic"}
        assert asked(stage) == []


def test_a_spec_may_keep_agents_out_for_itself():
    with Stage(never) as stage, stage.worker():
        pull = stage.open(SPEC.replace("status: ready", "status: ready\nimplement: none"))
        stage.settled(pull)
        assert stage.acceptance(pull) == "failure"
        asks_for_hands(stage, pull)
        assert asked(stage) == []


def asks_for_hands(stage, pull):
    """The way out is a push: an agent that is not wanted is not offered either."""
    assert "Push a change" in stage.status(pull)
    assert "let Specbot try again" not in stage.status(pull)
