"""What an agent in flight weighs, in a worker that carries many at once."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

from tests.bench.measuring import Row, Spread
from tests.bench.place import folder
from tests.conftest import one_key
from tests.support.scripted_model import Answer, ScriptedModel, Seen, call

CROWDS = (4, 40, 400)
"""Agents at once: an ordinary moment, and more than one worker takes by its own queue (`AGENTS.at_once` is 16), to see what would break."""

HELD_AT = 4
"""The turn in which every agent waits for its answer while it is weighed: by then it has read three modules."""

FILES = 8
"""In each checkout: enough to read."""

TURNS = 2
PATIENCE = 60.0


class Crowd:
    """A model that answers the held turn only when the whole crowd has asked it and was weighed."""

    def __init__(self) -> None:
        self.complete, self.weighed = threading.Event(), threading.Event()
        self._waiting, self._size, self._guard = 0, 0, threading.Lock()

    def gather(self, size: int) -> None:
        self.complete.clear()
        self.weighed.clear()
        self._waiting, self._size = 0, size

    def before(self, seen: Seen) -> None:
        if seen.turn == HELD_AT:
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
    weighed: list[dict[int, float]] = []
    with folder() as root:
        for turn in range(TURNS):
            weighed.append(_one_worker(root, turn))
    idle = Spread(tuple(each[0] for each in weighed))
    rows = []
    for size in CROWDS:
        crowd = Spread(tuple(each[size] for each in weighed))
        one = Spread(tuple((each[size] - each[0]) / size for each in weighed))
        meaning = f"each agent adds {one.shown(1e-6, 'MB', 2)}; the bar is 60 MB; git and boxes are processes of their own and not included"
        against = "the same worker, idle"
        rows.append(
            Row(
                f"memory of a worker with {size} agents",
                crowd.shown(1e-6, "MB"),
                against,
                idle.shown(1e-6, "MB"),
                f"{crowd.by(idle).shown(digits=2)} ×",
                meaning,
            )
        )
    return rows


def _one_worker(root: Path, turn: int) -> dict[int, float]:
    """Resident bytes of a new worker by the number of its agents in flight, 0 for none."""
    crowd = Crowd()
    state = root / f"worker-{turn}"
    state.mkdir(mode=0o711)
    with ScriptedModel(crowd.answer, before=crowd.before) as model:
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
