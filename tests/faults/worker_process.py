"""The worker in a process of its own, which dies without a last word at one chosen write to a database.

The points are not a list that somebody has to keep up to date: whatever this process writes, to the bot's own tables or to the durable
engine's, is seen where SQLAlchemy executes it, and each transaction is two points: just before it is committed, and just after.
"""

import ctypes
import os
import re
import signal
import threading
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import ConnectionPoolEntry, Pool

from bot.app import run_worker
from bot.settings import WORKER_NEEDS, load_settings

WRITES = re.compile(r'\s*(INSERT INTO|UPDATE|DELETE FROM)\s+(?:"?main"?\.)?"?(\w+)"?', re.IGNORECASE)

BY_THE_CLOCK = ("workers", "queues", "application_versions")
"""Tables that are written when a second has passed or at each start, not when the run gets on."""

DEADLINE_SWEEP = "workflow_deadline_epoch_ms <"
"""In the engine's look for workflows that have run out of time, once a second; ours have no deadline."""

PACE = "pace/"
"""Posts under this begin count writes in slots of ten seconds: whether one is inserted or updated is a matter of the clock too."""

TELLING = {
    "run_events": ("kind", "data"),
    "notes": ("kind", "kind_1"),
    "operation_outputs": ("function_name",),
    "workflow_status": ("status",),
}
"""Columns whose values say which write of a table it is; `_1` is how SQLAlchemy names them in a condition."""

POSTS = "posts"
"""Its keys are paths; the first part says what is remembered, the others are numbers and commits."""

PR_SET_PDEATHSIG = 1
"""No worker outlives the tests, however those end."""

LONGEST_WORD = 40
"""Of a value in a point's name; longer ones (JSON) say nothing there."""

COMMIT = re.compile(r"[0-9a-f]{12}")
"""Commits have other ids in each telling, so a value that holds one names no point."""


def run(environ: Mapping[str, str], output: str, noted: str, fatal: Collection[str], through: bool) -> None:
    """Be a worker with that environment. `noted` gets a line for each point as it passes; at a point in `fatal` it dies. `through`: points are
    numbered on from those that earlier workers noted."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    log = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.clear()
    os.environ.update(environ)
    Watcher(Path(noted), fatal, passed=passed_by(Path(noted)) if through else None).watch()
    run_worker(load_settings(os.environ, needs=WORKER_NEEDS))


def passed_by(noted: Path) -> Counter[str]:
    """How often earlier workers passed each point. Where the last one died before a commit, that write is still to come."""
    lines = noted.read_text().splitlines() if noted.exists() else []
    counted = lines[:-1] if lines and lines[-1].startswith("before ") else lines
    return Counter(line.rpartition(" #")[0] for line in counted)


class Watcher:
    """Names the points as they pass: `before insert notes facts #1`."""

    def __init__(
        self, noted: Path, fatal: Collection[str], *, once: Path | None = None, passed: Counter[str] | None = None
    ) -> None:
        """`once` is a file that the first death makes; while it is there, nobody dies any more."""
        self._once = once
        self._noted = noted.open("a", buffering=1)
        self._fatal = frozenset(fatal)
        self._lock = threading.Lock()
        self._passed: Counter[str] = passed or Counter()

    def watch(self) -> None:
        event.listen(Engine, "after_cursor_execute", self._executed)
        event.listen(Engine, "rollback", self._rolled_back)
        event.listen(Engine, "commit", self._committing)
        event.listen(Pool, "checkin", self._returned)

    def _executed(
        self, connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
    ) -> None:
        found = WRITES.match(statement)
        # SQLite counts the rows of a RETURNING only once they are fetched, so such a statement is always taken for a write.
        nothing = cursor.rowcount == 0 and "RETURNING" not in statement
        if found is None or nothing or found[2] in BY_THE_CLOCK or DEADLINE_SWEEP in statement:
            return
        given = (context.compiled_parameters or [{}])[0] if context is not None and context.compiled else {}
        if any(isinstance(value, str) and value.startswith(PACE) for value in given.values()):
            return
        words = [str(given.get(column, "")) for column in TELLING.get(found[2], ())]
        if found[2] == POSTS:
            words = [str(given.get("key", "")).split("/")[0]]
        said = (word for word in words if 0 < len(word) <= LONGEST_WORD and not COMMIT.search(word))
        name = " ".join([found[1].split()[0].lower(), found[2], *said])
        connection.info.setdefault("writes", []).append(name)

    def _rolled_back(self, connection: Connection) -> None:
        connection.info.pop("writes", None)

    def _committing(self, connection: Connection) -> None:
        writes = connection.info.pop("writes", None)
        if writes:
            name = ", ".join(dict.fromkeys(writes))
            connection.info["committed"] = name
            self._pass(f"before {name}")

    def _returned(self, connection: Any, record: ConnectionPoolEntry) -> None:
        name = record.info.pop("committed", None)
        if name:
            self._pass(f"after {name}")

    def _pass(self, name: str) -> None:
        with self._lock:
            self._passed[name] += 1
            point = f"{name} #{self._passed[name]}"
            self._noted.write(f"{point}\n")
            if point in self._fatal and not (self._once and self._once.exists()):
                if self._once:
                    self._once.touch()
                os.kill(os.getpid(), signal.SIGKILL)
