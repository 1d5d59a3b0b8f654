"""SIGTERM, as systemd sends it for an update: the worker ends at once, takes its boxes with it, and the next one goes on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from bot.adapters.sandbox.box_uids import FIRST_UID, LAST_UID
from tests.faults.final_state import final_state
from tests.faults.scene import Scene
from tests.faults.tales import undisturbed
from tests.support.scripted_model import Answer, Fault, Seen, call
from tests.support.stage import GOOD, implementing

pytestmark = pytest.mark.soak

ENDS = 20.0
"""Seconds until the worker has ended: systemd waits for 90, and a deployment should not."""

WORKS = 4
"""Seconds that the agent's command takes: long enough to be found at it on a busy machine."""


@contextmanager
def worker(scene: Scene) -> Iterator["subprocess.Popen[bytes]"]:
    """The command as an operator starts it."""
    log = scene.root / "worker.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "worker"],
            env={"PATH": os.environ["PATH"], "HOME": str(scene.root), **scene.environ},
            cwd=Path(__file__).parents[2],
            stdout=output,
            stderr=output,
        )
    try:
        yield process
    except BaseException as fault:
        fault.add_note(log.read_text()[-20_000:])
        raise
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def below(process: "subprocess.Popen[bytes]", name: str) -> list[psutil.Process]:
    """The processes of that name that the worker started, at any depth."""
    try:
        return [one for one in psutil.Process(process.pid).children(recursive=True) if one.name() == name]
    except psutil.NoSuchProcess:
        return []


def stop(process: "subprocess.Popen[bytes]") -> None:
    """SIGTERM; it ends with status 0, and nothing that it started lives on."""
    family = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGTERM)
    assert process.wait(ENDS) == 0
    _, alive = psutil.wait_procs(family, timeout=ENDS)
    assert [one for one in alive if one.is_running() and one.status() != psutil.STATUS_ZOMBIE] == []


def test_stopped_while_an_agents_command_runs() -> None:
    asked: list[str] = []
    plays = implementing({"greet.py": GOOD})

    def script(seen: Seen) -> Answer | Fault:
        asked.append(seen.label)
        slow = seen.label == "implementer/T-1/2"
        return call("bash", script=f"sleep {WORKS}; python3 -c 'import greet'") if slow else plays(seen)

    with Scene(script) as scene:
        pull = scene.open()
        with worker(scene) as first:
            scene.until(lambda: below(first, "sleep"), "the agent's command")
            uids = {one.uids().real for one in below(first, "sleep")}
            if os.geteuid() == 0:
                assert all(FIRST_UID <= uid <= LAST_UID for uid in uids)
            began = time.monotonic()
            stop(first)
            assert time.monotonic() - began < ENDS
        with worker(scene) as second:
            scene.rest(pull)
            stop(second)
        assert asked == ["implementer/T-1/1", "implementer/T-1/2", "implementer/T-1/3", "reviewer/candidate/1"]
        final = final_state(scene, pull)
        assert scene.leftovers() == []
    expected = undisturbed("published").final
    for topic in ("reviews", "reactions", "branches", "runs", "candidates", "proofs in the ledger"):
        assert final[topic] == expected[topic]


@pytest.mark.parametrize("label", ["implementer/T-1/1", pytest.param("reviewer/candidate/1", marks=pytest.mark.soak)])
def test_stopped_while_a_model_thinks(label: str) -> None:
    asked: list[str] = []
    plays = implementing({"greet.py": GOOD})

    def script(seen: Seen) -> Answer | Fault:
        asked.append(seen.label)
        return Fault(stall=True) if seen.label == label and asked.count(label) == 1 else plays(seen)

    with Scene(script) as scene:
        pull = scene.open()
        with worker(scene) as first:
            scene.until(lambda: label in asked, "the question")
            stop(first)
        with worker(scene):
            scene.rest(pull)
        again = undisturbed("published")
        assert sorted(asked) == sorted([*again.asked, label]), "only the question that had no answer yet"
        assert final_state(scene, pull) == again.final
        assert scene.leftovers() == []
