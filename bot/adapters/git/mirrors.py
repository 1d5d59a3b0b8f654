"""One bare mirror for each repository, at `mirrors/ID.git`.

Objects are only ever added, so that readers and the checkouts that borrow from it need no lock; what moves refs holds the lock.
The lock's descriptor is inherited by the git that runs under it: it stays held until that git is dead too, also when the worker
was killed. Whoever holds it may therefore throw away the lock files of git's own that a crash left behind.
"""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.adapters.git.commandline import Access, Ended, GitProgram
from bot.adapters.git.faults import is_stale_lock, local_fault
from bot.errors import Transient
from bot.ids import RepoId

LOCK_SECONDS = 1200.0
"""Longer than the longest command that is run under the lock (`FETCH_SECONDS`), so that a second one can follow a first."""

LEFTOVER_SECONDS = 86_400.0
"""A temporary index is used for seconds; a day old, nobody uses it."""

_POLL_SECONDS = 0.01


class Mirrors:
    """The mirrors below `root`, made when first asked for."""

    def __init__(self, root: Path, program: GitProgram) -> None:
        self._root = root
        self._program = program

    def directory(self, repo_id: RepoId) -> Path:
        """The mirror's git directory; it exists afterwards."""
        directory = self._path(repo_id)
        if not (directory / "HEAD").exists():
            with self.locked(repo_id):
                if not (directory / "HEAD").exists():
                    self._make(directory)
        return directory

    @contextmanager
    def locked(self, repo_id: RepoId) -> Iterator[int]:
        """Alone on that mirror, among threads and processes. Yields the descriptor that git must inherit. Raises `Transient`."""
        self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(self._root / f"{int(repo_id)}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            _wait_for(lock, f"the mirror of repository {repo_id}")
            yield lock
        finally:
            os.close(lock)

    def run_locked(self, repo_id: RepoId, arguments: Sequence[str], access: Access, seconds: float) -> Ended:
        """A command that moves refs; `access.fds` must hold the lock's descriptor. Lock files left by a crash are removed once."""
        directory = self._path(repo_id)
        ended = self._program.run(directory, arguments, access=access, seconds=seconds)
        if ended.code and is_stale_lock(ended.err):
            _remove_lock_files(directory)
            ended = self._program.run(directory, arguments, access=access, seconds=seconds)
        return ended

    def keep(self, repo_id: RepoId, kind: str, object_id: str) -> None:
        """The object is kept alive by `refs/bot/KIND/ID` (kinds: `commits`, `trees`)."""
        ref = f"refs/bot/{kind}/{object_id}"
        directory = self.directory(repo_id)
        if (directory / ref).exists():
            return
        with self.locked(repo_id) as lock:
            ended = self.run_locked(repo_id, ["update-ref", ref, object_id], Access(fds=(lock,)), LOCK_SECONDS)
        if ended.code:
            raise local_fault("update-ref", ended.err)

    def kept(self, repo_id: RepoId, kind: str, object_ids: Sequence[str]) -> set[str]:
        """Which of the objects are kept alive under that kind."""
        directory = self.directory(repo_id)
        if all((directory / f"refs/bot/{kind}/{one}").exists() for one in object_ids):
            return set(object_ids)
        names = "".join(f"refs/bot/{kind}/{one}\n" for one in object_ids)
        lines = self._program.check(directory, ["cat-file", "--batch-check=%(objectname)"], stdin=names.encode())
        return {one for one in lines.decode().split("\n") if one in object_ids}

    def sweep(self) -> None:
        """Remove the temporary indexes that killed processes left in the mirrors."""
        oldest = time.time() - LEFTOVER_SECONDS
        for folder in self._root.glob("*.git/index-*"):
            if folder.stat().st_mtime < oldest:
                shutil.rmtree(folder, ignore_errors=True)

    def _path(self, repo_id: RepoId) -> Path:
        return self._root / f"{int(repo_id)}.git"

    def _make(self, directory: Path) -> None:
        draft = directory.with_suffix(".new")
        shutil.rmtree(draft, ignore_errors=True)
        self._program.check(draft, ["init", "--quiet", "--bare", "--template=", "--object-format=sha1", str(draft)])
        # For people who run their own git in here: our commands say it anew each time.
        with (draft / "config").open("a") as config:
            config.write("[gc]\n\tauto = 0\n")
        draft.replace(directory)


def _wait_for(lock: int, what: str) -> None:
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise Transient(
                    f"{what} is in use", hint="try again; look for a hanging git when it persists"
                ) from None
            time.sleep(_POLL_SECONDS)


def _remove_lock_files(directory: Path) -> None:
    for lock_file in (*directory.glob("*.lock"), *(directory / "refs").rglob("*.lock")):
        lock_file.unlink(missing_ok=True)
