"""Workers as processes: when one dies, the next takes its place at once, as systemd would have it."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import connection
from pathlib import Path
from typing import Any

from tests.faults import worker_process
from tests.support.forks import FORKS

GONE = 30.0
"""Seconds in which a process that was told to end has ended."""


@dataclass(frozen=True)
class Death:
    """What stood when a worker had died and the next had not begun."""

    point: str
    asked: tuple[str, ...]
    answered: int


class Workers:
    """`with Workers(…) as workers:`. The n-th worker dies at the n-th of the fatal points; the others live until they are killed. All but the
    first have the environment `later`, if there is one.

    `through`: the points are numbered through all workers, and each dies at whichever of the fatal ones that are left comes first.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        folder: Path,
        fatal: Sequence[str] = (),
        look: Callable[[str], Death] = lambda point: Death(point, (), 0),
        later: Mapping[str, str] | None = None,
        *,
        through: bool = False,
    ) -> None:
        self._environ = dict(environ)
        self._later = dict(environ if later is None else later)
        self._folder = folder
        self._fatal = list(fatal)
        self._look = look
        self._process: Any = None
        self._guard = threading.RLock()
        self._stopping = threading.Event()
        self._wake, self._woken = connection.Pipe()
        self._keeper = threading.Thread(target=self._keep)
        self._next_point = ""
        self._through = through
        self.deaths: list[Death] = []
        self.broken: list[int] = []

    def __enter__(self) -> "Workers":
        folder = self._folder
        folder.mkdir(parents=True, exist_ok=True)
        self._start()
        self._keeper.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._wake.send("stop")
        self._keeper.join()
        self._process.terminate()
        self._process.join(GONE)
        if self._process.exitcode is None:
            self._process.kill()
            self._process.join(GONE)
            self.broken.append(-1)
        self._process.close()
        self._wake.close()
        self._woken.close()

    def kill(self, point: str) -> None:
        """SIGKILL; the process is gone when this returns, and another is on its way."""
        with self._guard:
            self._next_point = point
            self._process.kill()
            self._process.join(GONE)

    @property
    def pid(self) -> int:
        return int(self._process.pid)

    @property
    def noted(self) -> list[str]:
        """The points that the workers passed, in order."""
        path = self._folder / "points"
        return path.read_text().splitlines() if path.exists() else []

    @property
    def log(self) -> str:
        path = self._folder / "log"
        return path.read_text() if path.exists() else ""

    def _start(self) -> None:
        fatal = self._fatal if self._through else [self._fatal.pop(0)] if self._fatal else []
        self._next_point = fatal[0] if fatal else ""
        files = (str(self._folder / "log"), str(self._folder / "points"))
        arguments = (self._environ, *files, tuple(fatal), self._through)
        self._process = FORKS.Process(target=worker_process.run, args=arguments)
        self._process.start()

    def _find_point(self) -> None:
        """Of several fatal points, the one at which the worker died."""
        last = self.noted[-1:]
        if self._through and last and last[0] in self._fatal:
            self._next_point = last[0]
            self._fatal.remove(last[0])

    def _keep(self) -> None:
        while True:
            connection.wait([self._process.sentinel, self._woken])
            if self._stopping.is_set():
                return
            with self._guard:
                self._process.join()
                self._find_point()
                self.deaths.append(self._look(self._next_point))
                if self._process.exitcode != -9:
                    self.broken.append(self._process.exitcode)
                self._process.close()
                self._environ = self._later
                self._start()
