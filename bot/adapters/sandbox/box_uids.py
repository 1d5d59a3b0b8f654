"""Uids for boxes when the service runs as root: one for each checkout, nobody else's.

A uid of its own keeps the boxes' process counts (RLIMIT_NPROC is counted by uid) and files apart.
"""

import fcntl
import os
import secrets
import threading
from pathlib import Path

from bot.errors import SandboxUnavailable

FIRST_UID = 52_000
"""Above the ranges of distributions (system users below 1000, people from 1000, dynamic users of systemd from 61184) and
below the sub-uid ranges that start at 100000."""

LAST_UID = 52_999
"""A thousand checkouts at once is far more than one machine can run."""


class BoxUids:
    """Leases of uids, shared by all processes that use one state directory.

    A lease is an exclusive lock on a slot file: when its process dies, however it dies, the kernel gives the uid back.
    """

    def __init__(self, state_dir: Path, *, first: int = FIRST_UID, last: int = LAST_UID) -> None:
        """`state_dir` is the service's; the slot files go into its folder `uids`. Nothing is created before the first lease."""
        self._slots = state_dir / "uids"
        self._first = first
        self._count = last - first + 1
        self._held: dict[int, int] = {}
        self._guard = threading.Lock()

    def lease(self) -> int | None:
        """A uid (also used as gid) that no other lease holds; None when the service is not root and needs none.

        Raises `SandboxUnavailable` when all are taken.
        """
        if os.geteuid() != 0:
            return None
        self._slots.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A random start: two services with separate state directories on one machine then hardly ever share a uid.
        start = secrets.randbelow(self._count)
        with self._guard:
            for step in range(self._count):
                uid = self._first + (start + step) % self._count
                if uid not in self._held and self._take(uid):
                    return uid
        raise SandboxUnavailable(
            f"all {self._count} uids for boxes are taken",
            hint="let running work finish, or widen the range of box uids in the settings",
        )

    def release(self, uid: int | None) -> None:
        """Give a lease back. Harmless for None and for a uid that is not held here."""
        if uid is None:
            return
        with self._guard:
            lock = self._held.pop(uid, None)
        if lock is not None:
            os.close(lock)

    def close(self) -> None:
        """Give all leases of this object back."""
        with self._guard:
            held, self._held = self._held, {}
        for lock in held.values():
            os.close(lock)

    def _take(self, uid: int) -> bool:
        lock = os.open(self._slots / str(uid), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return False
        self._held[uid] = lock
        return True
