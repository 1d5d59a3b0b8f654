"""Where checkouts lie: files at `w/X`, the private git directory at `g/X`, with a meaningless X; and who owns them.

A lock on `g/X.lock` is held by the process that works with a checkout, so that what a dead process left behind can be told from
what another worker is using.
"""

import fcntl
import hashlib
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.adapters.git import folders
from bot.adapters.git.commandline import GitProgram
from bot.adapters.git.mirrors import Mirrors
from bot.core.ports import Checkout
from bot.errors import Transient
from bot.ids import RepoId

PASSABLE = 0o711
"""Folders above a checkout: the box's uid may pass through them to its own, and list none."""

NAME_DIGITS = 24
"""96 bits of a hash: names never meet, and the path says nothing to who reads it inside the box."""


class BoxUidSource(Protocol):
    """Hands out uids for boxes."""

    def lease(self) -> int | None:
        """A uid that nobody else has, or None when files need no other owner."""
        ...

    def release(self, uid: int | None) -> None: ...


@dataclass(frozen=True, slots=True)
class _Held:
    lock: int
    uid: int | None


class Checkouts:
    """Makes and removes the folders of checkouts below `state_dir`."""

    def __init__(self, state_dir: Path, program: GitProgram, mirrors: Mirrors, uids: BoxUidSource) -> None:
        self._state = state_dir
        self._work = state_dir / "w"
        self._private = state_dir / "g"
        self._program = program
        self._mirrors = mirrors
        self._uids = uids
        self._held: dict[str, _Held] = {}
        self._guard = threading.Lock()

    def make(self, repo_id: RepoId, name: str) -> Checkout:
        """An empty checkout with a private git directory that borrows the mirror's objects.

        One left over under `name` is removed first. Raises `Transient` while another process works with that name.
        """
        self._prepare()
        key = hashlib.sha256(f"{int(repo_id)}/{name}".encode("utf-8", "surrogatepass")).hexdigest()[:NAME_DIGITS]
        with self._guard:
            held = self._held.pop(key, None)
        lock = held.lock if held else self._lock(key)
        if lock is None:
            raise Transient("another worker uses a checkout of that name", hint="wait until it ends")
        try:
            self._remove(key)
            uid = held.uid if held else self._uids.lease()
        except BaseException:
            os.close(lock)
            raise
        with self._guard:
            self._held[key] = _Held(lock, uid)
        (self._work / key).mkdir(mode=0o700)
        self._make_git_dir(self._private / key, repo_id)
        return Checkout(repo_id, self._work / key, self._private / key, uid)

    def discard(self, checkout: Checkout) -> None:
        """Files, git directory and uid are given back; fine when they already were, or when another process has taken the name over."""
        key = checkout.path.name
        with self._guard:
            held = self._held.pop(key, None)
        lock = held.lock if held else self._lock(key)
        if lock is not None:
            self._wipe(key, lock)
        if held:
            self._uids.release(held.uid)

    def discard_abandoned(self) -> int:
        """Remove what dead processes left behind, and say how many checkouts that were."""
        gone = 0
        for lock_file in self._private.glob("*.lock"):
            key = lock_file.stem
            # A lock of this very process does not let itself be taken twice either: flock goes by open file.
            lock = self._lock(key)
            if lock is not None:
                gone += (self._private / key).exists() or (self._work / key).exists()
                self._wipe(key, lock)
        return gone

    def close(self) -> None:
        """Let go of all checkouts of this process without removing them."""
        with self._guard:
            held, self._held = self._held, {}
        for one in held.values():
            os.close(one.lock)
            self._uids.release(one.uid)

    def _prepare(self) -> None:
        self._state.mkdir(mode=PASSABLE, parents=True, exist_ok=True)
        self._work.mkdir(mode=PASSABLE, exist_ok=True)
        self._private.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0:
            for folder in (self._state, self._work):
                folder.chmod(folder.stat().st_mode | PASSABLE)

    def _make_git_dir(self, git_dir: Path, repo_id: RepoId) -> None:
        mirror = self._mirrors.directory(repo_id)
        self._program.check(git_dir, ["init", "--quiet", "--bare", "--template=", "--object-format=sha1", str(git_dir)])
        git_dir.chmod(0o700)
        (git_dir / "objects" / "info" / "alternates").write_text(f"{mirror.resolve()}/objects\n")

    def _remove(self, key: str) -> None:
        folders.remove(self._private / key)
        folders.remove(self._work / key)

    def _wipe(self, key: str, lock: int) -> None:
        try:
            self._remove(key)
            (self._private / f"{key}.lock").unlink(missing_ok=True)
        finally:
            os.close(lock)

    def _lock(self, key: str) -> int | None:
        path = self._private / f"{key}.lock"
        while True:
            lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(lock)
                return None
            # Somebody may have removed the file between opening and locking; then this lock says nothing.
            if path.exists() and os.path.samestat(os.fstat(lock), path.stat()):
                return lock
            os.close(lock)
