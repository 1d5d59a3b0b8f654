"""The gate before every write to GitHub: it lets through what there is room for, the most important first."""

import threading
import time
from collections.abc import Callable
from typing import Protocol

from bot.core.pace import Importance, Line
from bot.core.ports import Clock
from bot.errors import GitHubLimited
from bot.ids import InstallationId

WAITS_HERE = 3.0
"""Seconds that a write waits in its thread. Who has to wait longer is told how long, and waits where a restart does not lose it."""


class Rooms(Protocol):
    """Who counts; see `Pace.take_room` of the store."""

    def take_room(self, installation: InstallationId, importance: Importance, ahead: int) -> float: ...


class Gate:
    """Shared by all threads of a process. A write that was let through is counted, also when GitHub then refuses it.

    After GitHub itself has said that it is too much, nothing goes to that installation before its time has come: an App that goes on while it is
    limited may be banned.
    """

    def __init__(self, rooms: Rooms, clock: Clock, sleep: Callable[[float], object] = time.sleep) -> None:
        self._rooms = rooms
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._lines: dict[InstallationId, Line] = {}
        self._shut: dict[InstallationId, float] = {}

    def enter(self, installation: InstallationId, ticket: str, importance: Importance) -> None:
        """Return when the write may go. `ticket` is the same when the same write is tried again. Raises `GitHubLimited` with the seconds to
        wait when that is longer than `WAITS_HERE`, and `Transient` when nobody can count."""
        waited = 0.0
        while (seconds := self._ask(installation, ticket, importance)) > 0.0:
            if waited + seconds > WAITS_HERE:
                raise GitHubLimited(
                    "we write to GitHub no faster than it allows",
                    hint=f"goes on in {seconds:.0f} s",
                    retry_after=seconds,
                )
            self._sleep(seconds)
            waited += seconds

    def not_shut(self, installation: InstallationId) -> None:
        """Raises `GitHubLimited` while GitHub wants to be left alone by that installation."""
        with self._lock:
            seconds = self._shut.get(installation, 0.0) - self._clock.now().timestamp()
        if seconds > 0.0:
            hint = f"goes on in {seconds:.0f} s"
            raise GitHubLimited("GitHub has asked us to wait", hint=hint, retry_after=seconds)

    def told_to_wait(self, installation: InstallationId, seconds: float) -> None:
        """GitHub has said so."""
        with self._lock:
            until = self._clock.now().timestamp() + seconds
            self._shut[installation] = max(until, self._shut.get(installation, 0.0))

    def _ask(self, installation: InstallationId, ticket: str, importance: Importance) -> float:
        with self._lock:
            now = self._clock.now().timestamp()
            line = self._lines.setdefault(installation, Line())
            seconds = self._shut.get(installation, 0.0) - now
            if seconds <= 0.0:
                ahead = line.ahead(ticket, importance, now)
                seconds = self._rooms.take_room(installation, importance, ahead)
            if seconds <= 0.0:
                line.leave(ticket)
                return 0.0
            line.wait(ticket, importance, now, seconds)
            return seconds
