"""When the progress of runs is shown: not more often than people read, and never in the way of what matters more.

Only the names of runs wait here. What is shown is made at its time from what the store says then, so a run that ended meanwhile, also in another
process, shows no progress any more; and a crash loses nothing that the run's next step or its last words do not say again.
"""

from collections.abc import Iterable
from threading import Lock

from bot.core.pace import Board, Rhythm
from bot.core.ports import Clock
from bot.ids import RunId

AGAIN_SECONDS = 30.0
"""After trouble that names no time. Progress is the first thing that can wait."""


class Showing:
    """The board of one process, for any number of threads."""

    def __init__(self, rhythm: Rhythm | None = None) -> None:
        self._board = Board(rhythm or Rhythm())
        self._lock = Lock()

    def want(self, run: RunId, clock: Clock) -> bool:
        """True: whoever asks shows it now. False: it is shown in its turn."""
        with self._lock:
            return self._board.want(run, clock.now().timestamp())

    def shown(self, run: RunId, clock: Clock) -> None:
        """It was shown without asking: a first sign of life."""
        with self._lock:
            self._board.shown(run, clock.now().timestamp())

    def put_off(self, run: RunId, clock: Clock, seconds: float | None) -> None:
        """It could not be shown now."""
        with self._lock:
            self._board.put_off(run, clock.now().timestamp() + (seconds or AGAIN_SECONDS))

    def forget(self, run: RunId) -> None:
        """It has ended."""
        with self._lock:
            self._board.forget(run)

    def turn(self, clock: Clock) -> Iterable[RunId]:
        """Whose turn it is; each is given out once."""
        with self._lock:
            return [RunId(name) for name in self._board.take_due(clock.now().timestamp())]
