"""The durable engine (DBOS) behind four verbs: start, enqueue, cancel, step.

The only file that touches DBOS's registry. Payloads are JSON, never pickle: write access to the database must not become
code execution. The application version is pinned by hand: DBOS's own default changes with any edit and strands work in
flight (shared notes, *Durable engine*, pitfalls 2 and 12).
"""

import os
import socket
import sqlite3
import uuid
from collections.abc import Callable, Coroutine, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID

from bot.core.ports import Store

FLOW_VERSION = "2"
"""Bumped only when a running workflow's order of steps changes; drain the worker first."""

QUEUE_POLL_SECONDS = 0.2
"""DBOS polls each queue once a second by default; people wait for the first sign of life."""

THREADS = 32
"""Threads for blocking steps. Our workflows are coroutines and need none; the default pool has no bound at all."""

LEASE_SECONDS = 20.0
"""A worker on another host that has not beaten for so long is dead. Far above the longest stall of an event loop."""

Flow = Callable[..., Coroutine[Any, Any, str]]


@dataclass(frozen=True, slots=True)
class Lane:
    """A queue: its name and how many workflows one worker takes from it at once."""

    name: str
    at_once: int


RUNS = Lane("runs", 64)
"""Segments mostly wait for their children, so many may be open."""

AGENTS = Lane("agents", 16)
"""Agents in flight in one worker: each holds a checkout and now and then a sandbox."""

SETTLING = Lane("settling", 16)
"""Apart from runs, so that stopping never queues behind work."""


def worker_id() -> str:
    """A name for this process, new for each boot; two boots must never share one (notes, pitfall 3)."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


class Engine:
    """One launched DBOS in this process. Use `start` once and `stop` at the end."""

    def __init__(self, database_url: str, worker: str) -> None:
        self.worker = worker
        self._url = database_url
        self._flows: dict[str, Flow] = {}

    def start(self, flows: Mapping[str, Flow]) -> None:
        """Register the workflows under their names, create what the database lacks, and begin to take work."""
        _use_write_ahead_log(self._url)
        config: DBOSConfig = {
            "name": "specbot",
            "system_database_url": self._url,
            "executor_id": self.worker,
            "application_version": FLOW_VERSION,
            "serializer": DBOSPortableJSONSerializer(),
            "log_level": "CRITICAL",
            "max_executor_threads": THREADS,
            "notification_listener_polling_interval_sec": QUEUE_POLL_SECONDS,
        }
        DBOS(config=config)
        self._flows = {name: DBOS.workflow(name=name)(flow) for name, flow in flows.items()}
        DBOS.launch()
        for lane in (RUNS, AGENTS, SETTLING):
            DBOS.register_queue(lane.name, worker_concurrency=lane.at_once, polling_interval_sec=QUEUE_POLL_SECONDS)

    def stop(self) -> None:
        """Take no more work and leave what is in flight to the next worker."""
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=0)

    def enqueue(self, lane: Lane, flow: str, workflow_id: str, *arguments: str) -> None:
        """Start a workflow; one that has this id already is left as it is, in whatever state."""
        with SetWorkflowID(workflow_id):
            DBOS.enqueue_workflow(lane.name, self._flows[flow], *arguments)

    async def start_child(self, lane: Lane, flow: str, workflow_id: str, *arguments: str) -> None:
        """From inside a workflow: start a child; one that has this id already is left as it is. It is cancelled with its parent."""
        with SetWorkflowID(workflow_id):
            await DBOS.enqueue_workflow_async(lane.name, self._flows[flow], *arguments)

    def cancel(self, workflow_id: str) -> None:
        """End a workflow and its children: queued ones never run, cancellable steps see CancelledError within a second."""
        DBOS.cancel_workflows([workflow_id], cancel_children=True)

    def known(self, workflow_id: str) -> bool:
        """Whether a workflow of this id was ever started."""
        return bool(DBOS.list_workflows(workflow_ids=[workflow_id], load_input=False, load_output=False))

    def unfinished(self, workflow_id: str) -> bool:
        found = DBOS.list_workflows(workflow_ids=[workflow_id], load_input=False, load_output=False)
        return any(w.status in ("ENQUEUED", "PENDING", "DELAYED") for w in found)

    def adopt_orphans(self, store: Store) -> int:
        """Take over the workflows of workers that died; how many. Called at start and every few seconds.

        A worker of this host is dead when its process is gone, one of another host when its beat is older than the lease.
        DBOS itself never moves work between workers; its recovery call is private, hence the pinned version.
        """
        pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        owners = {w.executor_id for w in pending if w.executor_id and w.executor_id != self.worker}
        beating = set(store.workers(LEASE_SECONDS)) if owners else set()
        dead = sorted(owner for owner in owners if process_gone(owner) or owner not in beating)
        return len(DBOS._recover_pending_workflows(dead)) if dead else 0


async def durable_step(name: str, work: Callable[[], Coroutine[Any, Any, str]]) -> str:
    """Run `work` once and remember its result; after a crash a finished step is not repeated, an unfinished one is.

    A cancelled workflow cancels the step's coroutine within about a second.
    """

    async def once() -> str:
        return await work()

    return await DBOS.run_step_async({"name": name, "preemptible": True}, once)


async def durable_sleep(seconds: float) -> None:
    """Sleep that survives a restart and holds no thread."""
    await DBOS.sleep_async(seconds)


def _use_write_ahead_log(url: str) -> None:
    """Readers and one writer side by side; a property of the file that DBOS does not set."""
    if url.startswith("sqlite:///"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
            database.execute("pragma journal_mode=wal")


def process_gone(worker: str) -> bool:
    """Whether a worker of this host has certainly ended; False for one of another host, of which nobody here can know.

    Our own number under another name was an earlier boot: in a container every worker is process 1.
    """
    host, pid, _ = worker.rsplit(":", 2)
    if host != socket.gethostname():
        return False
    if int(pid) == os.getpid():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
