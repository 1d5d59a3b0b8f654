"""The real server with the real configuration: what was acknowledged is there, however it dies."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

import bot.web
from bot.adapters.store import SqlStore, migrate
from tests.web.requests import APP_ID, SECRET, headers, payload

CONFIGURATION = Path(bot.web.__file__).parent / "gunicorn.conf.py"
HOOK = "/webhooks/github"
DEADLINE = 30.0


class Web:
    """gunicorn in its own process group. `address` is where it listens."""

    def __init__(self, url: str, tmp_path: Path, *options: str, **environment: str) -> None:
        self.log = tmp_path / f"gunicorn-{uuid.uuid4().hex[:6]}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "gunicorn",
                    "-c",
                    str(CONFIGURATION),
                    *options,
                    "tests.web.gunicorn_target:web()",
                ],
                env={
                    "PATH": os.environ["PATH"],
                    "PYTHONPATH": str(Path(__file__).parents[2]),
                    "HOME": str(tmp_path),
                    "TMPDIR": str(tmp_path),
                    "APP_ID": str(APP_ID),
                    "WEBHOOK_SECRET": SECRET,
                    "SPECBOT_DATABASE_URL": url,
                    "PORT": "0",
                    **environment,
                },
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        found = self.wait_for(lambda: re.search(r"Listening at: http://([\d.:]+)", self.log.read_text()))
        self.address = found[1]

    def wait_for(self, look: Callable[[], "re.Match[str] | None"]) -> "re.Match[str]":
        until = time.monotonic() + DEADLINE
        while time.monotonic() < until:
            found = look()
            if found:
                return found
            assert self.process.poll() is None, self.log.read_text()
            threading.Event().wait(0.02)
        raise AssertionError(self.log.read_text())

    def post(self, guid: str, timeout: float = DEADLINE) -> int:
        connection = HTTPConnection(self.address, timeout=timeout)
        try:
            body = payload(guid=guid)
            connection.request("POST", HOOK, body, headers(body, guid=guid))
            return connection.getresponse().status
        finally:
            connection.close()

    def workers(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children()

    def kill(self) -> None:
        """Everything at once, as a power cut would."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(DEADLINE)


@pytest.fixture
def web(url: str, tmp_path: Path) -> Iterator[Web]:
    web = Web(url, tmp_path)
    yield web
    web.kill()


class Senders:
    """Threads that post one delivery after the other until told to stop, and note which were acknowledged."""

    def __init__(self, web: Web, count: int = 6) -> None:
        self.acked: list[str] = []
        self.first = threading.Event()
        self.stop = threading.Event()
        self._web = web
        self._pool = ThreadPoolExecutor(count)
        self._done = [self._pool.submit(self._send) for _ in range(count)]

    def _send(self) -> None:
        while not self.stop.is_set():
            guid = str(uuid.uuid4())
            try:
                if self._web.post(guid) == 202:
                    self.acked.append(guid)
                    self.first.set()
            except (OSError, HTTPException):
                self.stop.wait(0.005)

    def finish(self) -> list[str]:
        self.stop.set()
        self._pool.shutdown()
        for sender in self._done:
            sender.result()
        return self.acked


def kept(url: str) -> set[str]:
    store = SqlStore(url)
    found = {str(delivery.delivery_id) for delivery in store.pending_deliveries(100_000)}
    store.close()
    return found


@pytest.mark.parametrize("acks", [40, *(pytest.param(acks, marks=pytest.mark.soak) for acks in range(1, 200, 7))])
def test_what_was_acknowledged_survives_a_power_cut(web: Web, url: str, acks: int) -> None:
    senders = Senders(web)
    until = time.monotonic() + DEADLINE
    while len(senders.acked) < acks and time.monotonic() < until:
        senders.first.wait(0.001)
    web.kill()
    acked = senders.finish()
    assert len(acked) >= acks
    assert set(acked) <= kept(url)


def test_a_killed_worker_is_replaced_and_nothing_acknowledged_is_lost(web: Web, url: str) -> None:
    senders = Senders(web)
    assert senders.first.wait(DEADLINE)
    killed = web.workers()[0]
    killed.kill()
    before = len(senders.acked)
    until = time.monotonic() + DEADLINE
    while (len(senders.acked) < before + 50 or len(web.workers()) < 2) and time.monotonic() < until:
        senders.stop.wait(0.01)
    acked = senders.finish()
    assert len(acked) >= before + 50
    assert killed.pid not in {worker.pid for worker in web.workers()}
    assert set(acked) <= kept(url)


def test_a_gentle_stop_answers_what_is_in_work(web: Web, url: str) -> None:
    senders = Senders(web)
    assert senders.first.wait(DEADLINE)
    web.process.terminate()
    assert web.process.wait(DEADLINE) == 0
    assert set(senders.finish()) <= kept(url)


@dataclass(frozen=True)
class Door:
    """A server that the tests below share: they only knock."""

    web: Web
    url: str
    metrics_port: int

    def connect(self) -> socket.socket:
        host, _, port = self.web.address.partition(":")
        return socket.create_connection((host, int(port)), timeout=DEADLINE)


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    folder = tmp_path_factory.mktemp("door")
    url = f"sqlite:///{folder}/bot.db"
    migrate(url)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    web = Web(url, folder, "--worker-class", "tests.web.gunicorn_target.HastyWorker", SPECBOT_METRICS_PORT=str(port))
    yield Door(web, url, port)
    web.kill()


def test_two_megabytes_of_signature_are_refused(door: Door) -> None:
    with door.connect() as connection:
        connection.sendall(f"POST {HOOK} HTTP/1.1\r\nHost: x\r\nX-Hub-Signature-256: sha256=".encode())
        with suppress(ConnectionError):
            connection.sendall(b"a" * 2_000_000)
        with suppress(ConnectionError):
            assert connection.recv(64).split()[1] in (b"400", b"431")
    assert kept(door.url) == set()


@pytest.mark.parametrize("sent", ["head", "body"])
def test_a_client_that_sends_byte_by_byte_is_cut_off(door: Door, sent: str) -> None:
    body = payload()
    lines = [f"{name}: {value}" for name, value in {**headers(body), "Content-Length": str(len(body))}.items()]
    head = "\r\n".join([f"POST {HOOK} HTTP/1.1", "Host: x", *lines, "", ""]).encode()
    whole = head if sent == "body" else b""
    rest = body if sent == "body" else head
    with door.connect() as connection:
        connection.sendall(whole)
        connection.settimeout(0.05)
        answer = None
        for byte in rest:
            with suppress(ConnectionError):
                connection.sendall(bytes([byte]))
            try:
                answer = connection.recv(64)
                break
            except TimeoutError:
                continue
            except ConnectionError:
                answer = b""
                break
    assert answer is not None, "the server waited to the end"
    assert answer == b"" or answer.split()[1] == b"400"
    assert kept(door.url) == set()


def test_metrics_count_over_all_workers_on_a_port_of_their_own(door: Door) -> None:
    assert [door.web.post(f"g-{number}") for number in range(12)] == [202] * 12
    with urlopen(f"http://127.0.0.1:{door.metrics_port}/metrics", timeout=DEADLINE) as answer:
        assert b'specbot_deliveries_total{outcome="stored"} 12.0' in answer.read()
    connection = HTTPConnection(door.web.address, timeout=DEADLINE)
    connection.request("GET", "/metrics")
    assert connection.getresponse().status == 404
    connection.close()
