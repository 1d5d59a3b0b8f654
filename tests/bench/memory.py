"""What an agent in flight weighs, in a worker that carries many at once."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

from tests.bench.measuring import Row, Spread
from tests.bench.mini_swe_agent import NAME, Mini, installed
from tests.bench.place import folder
from tests.bench.side_by_side import asked, theirs
from tests.conftest import one_key
from tests.support.scripted_model import Answer, ScriptedModel, Seen, call

CROWDS = (4, 40, 400)
"""Agents at once: an ordinary moment, and more than one worker takes by its own queue (`AGENTS.at_once` is 16), to see what would break."""

HELD_AT = 4
"""The turn in which every agent waits for its answer while it is weighed: by then it has read three modules."""

FILES = 8
"""In each checkout: enough to read."""

TURNS = 1
"""Memory is steady: between runs it differs by less than one per cent."""

THEIRS = 4
"""So many processes of the other agent are started: forty would need nine gigabytes, and minutes to start."""

PATIENCE = 120.0


class Crowd:
    """A model that answers the held turn only when the whole crowd has asked it and was weighed."""

    def __init__(self) -> None:
        self.complete, self.weighed = threading.Event(), threading.Event()
        self._waiting, self._size, self._guard = 0, 0, threading.Lock()

    def gather(self, size: int) -> None:
        self.complete.clear()
        self.weighed.clear()
        self._waiting, self._size = 0, size

    def held(self, turn: int) -> None:
        """Holds up the requests of the held turn."""
        if turn == HELD_AT:
            with self._guard:
                self._waiting += 1
                if self._waiting == self._size:
                    self.complete.set()
            self.weighed.wait(PATIENCE)

    def answer(self, seen: Seen) -> Answer:
        if seen.turn < HELD_AT:
            return call("read", path=f"package_0/module_{seen.turn}.py")
        return call("finish", summary="Done.")


def measure() -> list[Row]:
    mini = installed()
    with folder() as root:
        weighed = [_one_worker(root, turn) for turn in range(TURNS)]
        others = None if mini.missing else _theirs(root, mini)
    idle = Spread(tuple(each[0] for each in weighed))
    return [_row(size, weighed, idle) for size in CROWDS] + [_against_theirs(weighed, idle, others, mini)]


def _row(size: int, weighed: list[dict[int, float]], idle: Spread) -> Row:
    crowd = Spread(tuple(each[size] for each in weighed))
    one = Spread(tuple((each[size] - each[0]) / size for each in weighed))
    meaning = f"each agent adds {one.shown(1e-6, 'MB', 2)}; the bar is 60 MB; git and boxes are processes of their own and not included"
    against = "the same worker, idle"
    ratio = f"{crowd.by(idle).shown(digits=2)} ×"
    return Row(
        f"memory of a worker with {size} agents",
        crowd.shown(1e-6, "MB"),
        against,
        idle.shown(1e-6, "MB"),
        ratio,
        meaning,
    )


def _against_theirs(weighed: list[dict[int, float]], idle: Spread, others: float | None, mini: Mini) -> Row:
    what, against = f"memory of {THEIRS} agents in flight", f"{THEIRS} × {NAME}"
    ours = Spread(tuple(each[THEIRS] for each in weighed))
    if others is None:
        return Row(what, ours.shown(1e-6, "MB"), against, "not measured", "–", mini.missing)
    at_most = max(CROWDS)
    meaning = (
        f"ours in one worker, theirs a process each of {others / THEIRS / 1e6:.0f} MB (pages that they share are shared out); only"
        f" {THEIRS} of theirs were started: {at_most} would need {others / THEIRS * at_most / 1e9:.0f} GB, our {at_most} need"
        f" {Spread(tuple(each[at_most] for each in weighed)).median / 1e9:.2f} GB"
    )
    return Row(
        what, ours.shown(1e-6, "MB"), against, f"{others / 1e6:.1f} MB", f"{ours.median / others:.2f} ×", meaning
    )


def _theirs(root: Path, mini: Mini) -> float:
    """Bytes that so many of their processes hold together while each waits for the answer to its fourth request."""
    crowd = Crowd()
    crowd.gather(THEIRS)
    home = root / "mini"
    home.mkdir()
    with ScriptedModel(theirs, before=lambda seen: crowd.held(asked(seen))) as model:
        words, environment = mini.command(home), mini.environment(home, model.base_url)
        processes = [
            subprocess.Popen(
                words,
                env=environment,
                cwd=home,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for _ in range(THEIRS)
        ]
        try:
            assert crowd.complete.wait(2 * PATIENCE), "not all of them came as far as they should"
            return sum(shared_out(process.pid) for process in processes)
        finally:
            for process in processes:
                process.kill()
                process.wait()
            crowd.weighed.set()


def shared_out(pid: int) -> float:
    """A process's memory, each page that others have too divided by their number."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return float(next(line.split()[1] for line in lines if line.startswith("Pss:"))) * 1024


def _one_worker(root: Path, turn: int) -> dict[int, float]:
    """Resident bytes of a new worker by the number of its agents in flight, 0 for none."""
    crowd = Crowd()
    state = root / f"worker-{turn}"
    state.mkdir(mode=0o711)
    with ScriptedModel(crowd.answer, before=lambda seen: crowd.held(seen.turn)) as model:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.worker_to_weigh", str(FILES)],
            env={**os.environ, **_environ(state, model.base_url)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            with process:
                weighed = {0: float(json.loads(process.stdout.readline()))}
                for size in CROWDS:
                    crowd.gather(size)
                    print(size, file=process.stdin, flush=True)
                    assert crowd.complete.wait(PATIENCE), "not all agents came as far as they should"
                    print("weigh", file=process.stdin, flush=True)
                    weighed[size] = float(json.loads(process.stdout.readline()))
                    crowd.weighed.set()
                    assert json.loads(process.stdout.readline()) == "done"
                process.stdin.close()
        finally:
            crowd.weighed.set()
            process.kill()
    return weighed


def _environ(state: Path, model: str) -> dict[str, str]:
    key = state / "app.pem"
    key.touch(mode=0o600)
    key.write_text(one_key())
    return {
        "APP_ID": "1",
        "PRIVATE_KEY_PATH": str(key),
        "GITHUB_URL": "http://127.0.0.1:1",
        "GITHUB_API_URL": "http://127.0.0.1:1",
        "SPECBOT_STATE_DIR": str(state),
        "OPENAI_BASE_URL": model,
        "OPENAI_API_KEY": "k" * 20,
        "SPECBOT_MODEL": "m",
    }
