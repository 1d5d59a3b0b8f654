"""The database cannot be written for a while in the middle of a run: the run waits, and pays for nothing twice."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

from bot.adapters.store.database import BUSY_SECONDS
from tests.faults.scene import ENGINE, OURS, Scene
from tests.faults.tales import as_if_nothing_happened, tell, undisturbed

pytestmark = pytest.mark.soak

LOCKED_SECONDS = BUSY_SECONDS + 2.0
"""Longer than a writer waits for its turn, so that every writer of that time is told no."""

AWAY_SECONDS = 1.0


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)) as database:
        database.execute("begin immediate")
        yield
        database.execute("rollback")


@contextmanager
def away(path: Path) -> Iterator[None]:
    """Not there: what an unmounted disk looks like. (A file without write permission stays writable for root.)"""
    hidden = path.with_suffix(".away")
    path.rename(hidden)
    yield
    hidden.rename(path)


class Once:
    """Spoils the database at one point, for a while, and lets the worker go on meanwhile."""

    def __init__(
        self, point: str, file: str, spoil: Callable[[Path], AbstractContextManager[None]], seconds: float
    ) -> None:
        self._point, self._file, self._spoil, self._seconds = point, file, spoil, seconds
        self.thread: threading.Thread | None = None

    def __call__(self, scene: Scene, point: str) -> None:
        if point != self._point or self.thread is not None:
            return
        spoilt = threading.Event()
        self.thread = threading.Thread(target=self._hold, args=(scene.root / self._file, spoilt))
        self.thread.start()
        assert spoilt.wait(30)

    def _hold(self, path: Path, spoilt: threading.Event) -> None:
        with self._spoil(path):
            spoilt.set()
            threading.Event().wait(self._seconds)


QUICK = ("asked implementer/T-1/1",)
SLOW = ("asked reviewer/candidate/1", "before POST issues/comments #1", "before push topic #1")


@pytest.mark.parametrize("point", [*QUICK, *(pytest.param(point, marks=pytest.mark.soak) for point in SLOW)])
def test_a_locked_database_is_waited_for(point: str) -> None:
    once = Once(point, OURS, locked, LOCKED_SECONDS)
    told = tell("published", meddle=once)
    assert once.thread is not None
    once.thread.join()
    as_if_nothing_happened(told, undisturbed("published"))


@pytest.mark.soak
@pytest.mark.parametrize("point", [*QUICK, *SLOW])
def test_a_database_that_is_away_for_a_moment_is_waited_for(point: str) -> None:
    once = Once(point, OURS, away, AWAY_SECONDS)
    told = tell("published", meddle=once)
    assert once.thread is not None
    once.thread.join()
    as_if_nothing_happened(told, undisturbed("published"))


@pytest.mark.soak
@pytest.mark.parametrize("point", ["asked implementer/T-1/1", "before push topic #1"])
def test_the_engines_locked_database_is_waited_for(point: str) -> None:
    once = Once(point, ENGINE, locked, LOCKED_SECONDS)
    told = tell("published", meddle=once)
    assert once.thread is not None
    once.thread.join()
    as_if_nothing_happened(told, undisturbed("published"))
