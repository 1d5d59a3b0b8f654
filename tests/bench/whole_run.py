"""The main job from the opened pull request to the settled check, and how much of it is not the proofs themselves."""

import logging
import time
from dataclasses import replace

from bot.logging_setup import configure_logging
from tests.bench.measuring import Row, Spread
from tests.bench.watched import Watched
from tests.support.stage import GOOD, Stage, implementing

TURNS = 2


def measure() -> list[Row]:
    runs = [_one_run() for _ in range(TURNS)]
    whole, boxes = (Spread(tuple(values)) for values in zip(*((run[0], run[1]) for run in runs), strict=True))
    count = runs[0][2]
    return [
        Row(
            "a whole run",
            whole.shown(1, "s", 2),
            f"its {count} executions, one after the other",
            boxes.shown(1, "s", 2),
            f"{whole.by(boxes).shown()} ×",
            "pull request opened until its check is complete, models answering at once; the executions are the proofs of a"
            " tiny repository and two run side by side, so most of a run this small is polling, git and writes to GitHub",
        )
    ]


def _one_run() -> tuple[float, float, int]:
    """Seconds of the run, of all executions in its boxes, and how many those were."""
    with Stage(implementing({"greet.py": GOOD})) as stage:
        configure_logging(stage.settings)
        logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it would print each delivery between the figures
        watched = Watched(stage.house.sandbox)
        watched.probe()
        stage.house = replace(stage.house, sandbox=watched)
        with stage.worker():
            started = time.perf_counter()
            pull = stage.open()
            stage.settled(pull)
            taken = time.perf_counter() - started
        assert stage.acceptance(pull) == "success"
    return taken, sum(watched.seconds), len(watched.seconds)
