"""Whoever waits for an agent of its run hears at once when it has ended in this process; one in another process is seen by looking now and then."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Lock

from bot.ids import RunId


@dataclass(frozen=True, slots=True)
class Bell:
    """One listener's bell, on its event loop."""

    loop: asyncio.AbstractEventLoop
    rung: asyncio.Event

    async def heard(self, seconds: float) -> None:
        """Returns when it was rung since the last time, or after so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.rung.wait()
        self.rung.clear()


class Bells:
    """The bells of this process. A ring is remembered until it is heard, so whoever looks first and then listens misses nothing."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._listening: dict[RunId, list[Bell]] = {}

    @contextmanager
    def listening(self, run: RunId) -> Iterator[Bell]:
        """A bell that rings for this run, for as long as it is listened to. Call it on the loop that listens."""
        bell = Bell(asyncio.get_running_loop(), asyncio.Event())
        with self._guard:
            self._listening.setdefault(run, []).append(bell)
        try:
            yield bell
        finally:
            with self._guard:
                self._listening[run].remove(bell)
                if not self._listening[run]:
                    del self._listening[run]

    def ring(self, run: RunId) -> None:
        """From any thread. Nobody listening is no fault."""
        with self._guard:
            for bell in self._listening.get(run, ()):
                bell.loop.call_soon_threadsafe(bell.rung.set)
