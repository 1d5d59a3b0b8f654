"""kill -9 of the web process during a delivery: what was lost is asked for again, and nothing is done twice."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

import bot.web
from tests.faults.final_state import final_state
from tests.faults.scene import OURS, Scene
from tests.faults.tales import TALES, undisturbed

pytestmark = pytest.mark.soak

ROOT = Path(__file__).parents[2]
CONFIGURATION = Path(bot.web.__file__).parent / "gunicorn.conf.py"
WATCHED = ["gunicorn", "--config", str(CONFIGURATION), "--workers", "1", "tests.faults.web_process:web()"]
REAL = ["bot", "web"]

DELIVERIES = 3
"""Opening a pull request from a new branch sends push, the suite's request and the pull request: each is killed once."""


@contextmanager
def web(scene: Scene, command: list[str], fatal: str = "") -> Iterator["subprocess.Popen[bytes]"]:
    """A web process that the hub delivers to, in a process group of its own. Killed at the end, all at once."""
    folder = scene.root / "web"
    folder.mkdir(exist_ok=True)
    log = folder / f"log-{time.monotonic_ns()}"
    more = {"PORT": "0", "PYTHONPATH": str(ROOT), "FAULTS_FOLDER": str(folder), "FAULTS_FATAL": fatal}
    environment = {"PATH": os.environ["PATH"], "HOME": str(scene.root), **scene.environ, "LOG_LEVEL": "INFO", **more}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            env=environment,
            cwd=ROOT,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        scene.until(lambda: "Booting worker" in log.read_text(), "the web process")
        found = re.search(r"Listening at: (http://[\d.:]+)", log.read_text())
        assert found, log.read_text()
        scene.hub.set_webhook(scene.app, f"{found[1]}/webhooks/github")
        yield process
    except BaseException as fault:
        fault.add_note(log.read_text()[-10_000:])
        raise
    finally:
        cut(process)


def cut(process: "subprocess.Popen[bytes]") -> None:
    """As a power cut would."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def deliveries(scene: Scene) -> list[str]:
    with closing(sqlite3.connect(scene.root / OURS)) as database:
        return [row[0] for row in database.execute("select delivery_id from deliveries")]


def sent(scene: Scene) -> set[str]:
    return {event.guid for event in scene.hub.journal.events if event.sent}


def failed(scene: Scene) -> set[str]:
    """Deliveries that were never acknowledged."""
    events = scene.hub.journal.events
    return sent(scene) - {event.guid for event in events if event.status_code == 202}


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(
    "number", [DELIVERIES, *(pytest.param(n, marks=pytest.mark.soak) for n in range(1, DELIVERIES))]
)
def test_killed_at_a_delivery(moment: str, number: int) -> None:
    tale = TALES["published"]()
    with Scene(tale.script()) as scene, web(scene, WATCHED, f"{moment} insert deliveries #{number}"):
        pull = scene.open()
        assert scene.hub.deliveries_idle(60)
        assert (scene.root / "web" / "died").exists()
        lost = failed(scene)
        assert len(lost & set(deliveries(scene))) == (1 if moment == "after" else 0), "stored, and never acknowledged"
        assert lost
        with scene.workers():
            scene.until(lambda: not failed(scene), "the lost delivery")
            scene.rest(pull)
        there = deliveries(scene)
        assert len(there) == len(set(there))
        assert set(there) == sent(scene)
        assert final_state(scene, pull) == undisturbed("published").final


@pytest.mark.soak
@pytest.mark.parametrize("milliseconds", [0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48])
def test_a_power_cut_some_time_after_the_push(milliseconds: int) -> None:
    tale = TALES["published"]()
    with Scene(tale.script()) as scene:
        with web(scene, REAL) as first:
            pull = scene.open()
            time.sleep(milliseconds / 1000)
            cut(first)
            assert scene.hub.deliveries_idle(60)
        acked = {event.guid for event in scene.hub.journal.events if event.status_code == 202}
        assert acked <= set(deliveries(scene))
        with web(scene, REAL), scene.workers():
            scene.until(lambda: not failed(scene), "the lost deliveries")
            scene.rest(pull)
            there = deliveries(scene)
            assert len(there) == len(set(there))
            assert set(there) == sent(scene)
            assert final_state(scene, pull) == undisturbed("published").final
