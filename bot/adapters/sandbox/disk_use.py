"""How much a command leaves on the checkout's file system: bytes and inodes, also of files that it deleted and holds open."""

import errno
import os
import stat
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from bot.adapters.sandbox.limits import DiskLimits

SUSPICION = 2
"""The files are only counted when the file system lost more than this part (half) of what is allowed: counting a large checkout costs."""

RECOUNT = 20
"""A count that found nothing wrong stands until the file system lost a further part (a twentieth) of what is allowed: on a disk that others
fill, the box's files are not counted over and over."""

COUNT_SECONDS = 3.0
"""Counted at least this often whatever the file system says: others may have freed what this box took. Short commands are never counted."""

COUNT_SHARE = 20
"""Such counting takes at most a twentieth of the time."""

BLOCK_BYTES = 512
"""The unit of st_blocks."""

CLOCK_SLACK_SECONDS = 1.0
"""File times come from a coarser clock than ours."""


class DiskUse:
    """What changed below `root` (and `also`, folders on the same file system) since this was made."""

    def __init__(self, root: Path, limits: DiskLimits, also: tuple[Path, ...] = ()) -> None:
        self._root = root
        self._also = also
        self._limits = limits
        self._began = time.time() - CLOCK_SLACK_SECONDS
        self._found_well = (0.0, 0.0)
        self._count_due = time.monotonic() + COUNT_SECONDS
        self._before = os.statvfs(root)

    def nearly_full(self) -> bool:
        """There is too little room to begin with."""
        return self._below_floor(self._before)

    def suspicious(self) -> bool:
        """Cheap: the file system as a whole lost so much (by whomever), or so much time has passed, that a count is due."""
        now = os.statvfs(self._root)
        if self._below_floor(now) or time.monotonic() > self._count_due:
            return True
        return any(
            lost * SUSPICION > 1 and (lost - before) * RECOUNT > 1
            for lost, before in zip(self._lost(now), self._found_well, strict=True)
        )

    def too_much(self, processes: Iterable[int]) -> bool:
        """Count: the box's own files exceed the limits, or the file system is nearly full, whoever filled it."""
        started, now = time.monotonic(), os.statvfs(self._root)
        if self._below_floor(now):
            return True
        used = inodes = 0
        try:
            for status in self._changed(processes):
                used += status.st_blocks * BLOCK_BYTES
                inodes += 1
                if used > self._limits.new_bytes or inodes > self._limits.new_inodes:
                    return True
        except TooDeep:
            return True
        self._found_well = self._lost(now)
        ended = time.monotonic()
        self._count_due = ended + max(COUNT_SECONDS, COUNT_SHARE * (ended - started))
        return False

    def _lost(self, now: os.statvfs_result) -> tuple[float, float]:
        """What the file system has less than in the beginning, bytes and inodes, as parts of what is allowed."""
        lost_bytes = (self._before.f_bfree - now.f_bfree) * now.f_frsize
        lost_inodes = self._before.f_ffree - now.f_ffree
        return lost_bytes / self._limits.new_bytes, lost_inodes / self._limits.new_inodes

    def _below_floor(self, now: os.statvfs_result) -> bool:
        if now.f_bavail * now.f_frsize < self._limits.free_bytes:
            return True
        # Some file systems have no fixed number of inodes and say 0.
        return now.f_files > 0 and now.f_favail < self._limits.free_inodes

    def _changed(self, processes: Iterable[int]) -> Iterator[os.stat_result]:
        """Files that changed since the beginning; the change time cannot be set back from within the box."""
        for root in (self._root, *self._also):
            for status in _files_below(root):
                if status.st_ctime >= self._began:
                    yield status
        yield from _deleted_but_open(processes, os.stat(self._root).st_dev)


class TooDeep(Exception):
    """Folders nested beyond what a path can name; no honest command makes them."""


def _files_below(top: Path) -> Iterator[os.stat_result]:
    waiting = [os.fspath(top)]
    while waiting:
        path = waiting.pop()
        try:
            folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError as fault:
            if fault.errno == errno.ENAMETOOLONG:
                raise TooDeep from fault
            continue
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    with suppress(OSError):
                        status = entry.stat(follow_symlinks=False)
                        if stat.S_ISDIR(status.st_mode):
                            waiting.append(f"{path}/{entry.name}")
                        yield status
        finally:
            os.close(folder)


def _deleted_but_open(processes: Iterable[int], device: int) -> Iterator[os.stat_result]:
    """Files without a name that some process of the box still holds; each once."""
    seen: set[int] = set()
    for pid in processes:
        with suppress(OSError):
            for number in os.listdir(f"/proc/{pid}/fd"):
                with suppress(OSError):
                    status = os.stat(f"/proc/{pid}/fd/{number}")
                    nameless = stat.S_ISREG(status.st_mode) and status.st_nlink == 0 and status.st_dev == device
                    if nameless and status.st_ino not in seen:
                        seen.add(status.st_ino)
                        yield status
