"""`specbot demo`: what it prints for machines, how it ends, and that it leaves nothing behind."""

import json
import signal
import subprocess

import pytest

from tests.stories.rooms import SECONDS, room

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.timeout(SECONDS + 30)]

SPEC = "specs/0001-past-midnight.md"


def test_the_honest_recording_ends_green():
    with room() as place:
        said = place.specbot("demo", "--json")
        assert said.code == 0, said.err
        told = json.loads(said.out.splitlines()[-1])
        assert told["checks"] == {"Specbot / spec": "success", "Specbot / acceptance": "success"}
        assert told["criteria"] == {f"{SPEC}#AC-{n}": "proven" for n in range(1, 6)}
        assert told["keep"] == {f"{SPEC}#keep-1": "kept"}
        assert told["model"] == "recorded/honest"
        assert told["model_calls"] > 0
        assert told["cost_usd"] == 0
        assert told["seconds"] > 0
        assert len(told["head"]) == 40
        assert told["url"].startswith("http://127.0.0.1:")
        assert told["url"].endswith("/ada/openhours/pull/1")
        assert said.out.count("\n") == 1, "the rest is for people, on the other stream"
        assert "recorded/honest, a recording" in said.err, "it says that the model is a recorded one"
        assert "prove the candidate" in said.err
        assert place.left_running() == []
        assert place.left_behind() == []


@pytest.mark.soak
def test_the_lying_recording_ends_red():
    with room() as place:
        said = place.specbot("demo", "--json", "--recording", "lying")
        assert said.code == 1, said.err
        told = json.loads(said.out.splitlines()[-1])
        assert told["checks"] == {"Specbot / spec": "success", "Specbot / acceptance": "failure"}
        assert "failed" in told["criteria"].values()
        assert told["model"] == "recorded/lying"
        assert place.left_running() == []
        assert place.left_behind() == []


@pytest.mark.soak
def test_whoever_ends_it_early_finds_nothing_left():
    with room() as place, subprocess.Popen(place.argv("demo", "--keep"), **place.options()) as process:
        assert process.stdout is not None
        while "pull request:" not in (line := process.stdout.readline()):
            assert line, "it ended before it opened the pull request"
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        assert process.returncode == 130
        assert place.left_running() == []
        assert place.left_behind() == []


def test_what_makes_no_sense_is_refused_in_a_line():
    with room() as place:
        said = place.specbot("demo", "--recording", "nobody")
        assert (said.code, said.out) == (2, "")
        assert "there is no recording 'nobody'" in said.err
        assert "honest, issue, lying" in said.err
        assert "Traceback" not in said.err
