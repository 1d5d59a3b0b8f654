"""How soon a delivery is acknowledged, stored durably, while sixteen connections send at once."""

import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from http.client import HTTPConnection
from pathlib import Path

import bot.web
from bot.adapters.store.migrate import migrate
from tests.bench.measuring import Row, Spread, all_in_turns, times
from tests.web.requests import APP_ID, SECRET, headers, payload

CONNECTIONS = 16
REQUESTS = 12
"""For each connection in each turn."""

TURNS = 4
STARTED = 30.0
HOOK = "/webhooks/github"
BODY_BYTES = 12_000
"""As large as a usual pull_request delivery of GitHub's examples."""

CONFIGURATION = Path(bot.web.__file__).parent / "gunicorn.conf.py"

TARGETS = {"door": "bot.app:web()", "bare": "tests.bench.bare_web:answer_at_once"}
"""Both under the same gunicorn, with the same workers and threads."""


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="specbot-bench-") as folder, ThreadPoolExecutor(CONNECTIONS) as senders:
        migrate(_database(folder))
        with _served("door", Path(folder)) as door, _served("bare", Path(folder)) as bare:

            def burst(address: str) -> list[float]:
                return [each for sent in senders.map(_send, [address] * CONNECTIONS) for each in sent]

            seconds = all_in_turns({"door": partial(burst, door), "bare": partial(burst, bare)}, TURNS)
    return [
        _row(
            seconds, "p50", lambda spread: spread.median, "half of all deliveries are stored and acknowledged by then"
        ),
        _row(
            seconds,
            "p99",
            lambda spread: spread.part(0.99),
            "all but one in a hundred are; GitHub waits 10 s, a burst of 16 at once is far more than it sends",
        ),
    ]


def _row(seconds: dict[str, list[list[float]]], name: str, of: Callable[[Spread], float], meaning: str) -> Row:
    """The percentile of each turn, and their spread over the turns."""
    door, bare = (Spread(tuple(of(Spread(tuple(turn))) for turn in seconds[which])) for which in TARGETS)
    return times(f"webhook acknowledged, {name}", door, "bare gunicorn app, 202 at once", bare, meaning)


def _send(address: str) -> list[float]:
    """One delivery after the other over one connection, each with a GUID of its own; the seconds of each."""
    taken = []
    connection = HTTPConnection(address, timeout=STARTED)
    try:
        for _ in range(REQUESTS):
            guid = str(uuid.uuid4())
            body = payload(guid=guid, body="x" * BODY_BYTES)
            head = headers(body, guid=guid)
            started = time.perf_counter()
            connection.request("POST", HOOK, body, head)
            answer = connection.getresponse()
            answer.read()
            taken.append(time.perf_counter() - started)
            assert answer.status == 202, answer.status
    finally:
        connection.close()
    return taken


@contextmanager
def _served(name: str, folder: Path) -> Iterator[str]:
    """gunicorn with the service's own configuration; its address."""
    log = folder / f"{name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", str(CONFIGURATION), TARGETS[name]],
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(folder),
                "TMPDIR": str(folder),
                "PYTHONPATH": str(Path(__file__).parents[2]),
                "APP_ID": str(APP_ID),
                "WEBHOOK_SECRET": SECRET,
                "SPECBOT_DATABASE_URL": _database(str(folder)),
                "PORT": "0",
            },
            stdout=output,
            stderr=output,
        )
    try:
        yield _address(process, log)
    finally:
        process.terminate()
        process.wait(STARTED)


def _address(process: "subprocess.Popen[bytes]", log: Path) -> str:
    until = time.monotonic() + STARTED
    while (found := re.search(r"Listening at: http://([\d.:]+)", log.read_text())) is None:
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < until, log.read_text()
        threading.Event().wait(0.02)
    return found[1]


def _database(folder: str) -> str:
    return f"sqlite:///{folder}/door.db"
