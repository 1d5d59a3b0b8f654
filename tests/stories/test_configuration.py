"""What owners decide, what the machine lacks: nothing is proven where nothing could be run, and the words say what to do."""

from dataclasses import replace

from bot.adapters.sandbox.box_uids import BoxUids
from bot.adapters.sandbox.bubblewrap import Bubblewrap
from bot.adapters.sandbox.limits import DiskLimits
from bot.reporting.names import ACCEPTANCE
from tests.stories.moments import asked
from tests.support.stage import BASE, CONFIGURATION, GOOD, Stage, implementing, never

CONFIGURATION_PATH = ".github/specbot.yml"


def test_a_fault_in_the_configuration_is_named_with_its_line_until_it_is_mended():
    broken = {**BASE, CONFIGURATION_PATH: f"{CONFIGURATION}budjet: 1\n"}
    with Stage(never, base=broken) as stage, stage.worker():
        pull = stage.open(files={"greet.py": GOOD, CONFIGURATION_PATH: CONFIGURATION})
        stage.settled(pull)
        assert stage.told(stage.head(pull)) == {ACCEPTANCE: ["failure"]}
        (check,) = stage.checks(stage.head(pull))
        assert "default branch, line 6" in (check.output.summary or "")
        assert "budget" in (check.output.summary or ""), "and what was probably meant"
        assert stage.executions() == 0

        stage.next_second()
        stage.say(pull, "/specbot retry", login="grace")
        assert "line 6" in stage.answer(pull, "/specbot retry")
        stage.hub.commit(stage.repo, "main", {CONFIGURATION_PATH: CONFIGURATION}, "Mend it", "ada")
        stage.next_second()
        stage.say(pull, "/specbot retry", login="grace")
        stage.until(lambda: stage.acceptance(pull) == "success", "the retry to go through")
        stage.settled(pull)


def test_a_configuration_that_only_the_pull_request_brings_is_not_read():
    with Stage(implementing({"greet.py": GOOD}, finding=False)) as stage, stage.worker():
        pull = stage.open(files={CONFIGURATION_PATH: "implement: none\nspecs: [nowhere/*.md]\n"})
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        assert asked(stage), "the owners have not said that people implement"


def test_an_environment_that_cannot_be_prepared_is_no_evidence_of_anything(monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    needing = {**BASE, CONFIGURATION_PATH: "environment:\n  requirements: [no-such-package-xyz]\n"}
    with Stage(never, base=needing) as stage, stage.worker():
        pull = stage.open(files={"greet.py": GOOD})
        stage.settled(pull)
        assert stage.told(stage.head(pull))[ACCEPTANCE] == ["action_required"]
        (check,) = stage.checks(stage.head(pull))
        assert "no-such-package-xyz could not be installed" in (check.output.title or "")
        assert "No matching distribution found" in (check.output.text or ""), "the tool's own words"
        assert CONFIGURATION_PATH in stage.status(pull), "and where to say what is needed"
        assert stage.executions() == 0


def test_without_a_sandbox_nothing_is_executed():
    with Stage(never) as stage:
        state = stage.settings.state_dir
        no_room = Bubblewrap(state, BoxUids(state), disk=DiskLimits(free_bytes=1 << 60))
        stage.house = replace(stage.house, sandbox=no_room)
        with stage.worker():
            pull = stage.open(files={"greet.py": GOOD})
            stage.settled(pull)
            assert stage.told(stage.head(pull))[ACCEPTANCE] == ["failure"]
            assert "no sandbox" in stage.title(pull).lower()
            assert "make room below" in stage.status(pull), "what to do about it"
            assert stage.executions() == 0
