"""How much memory a box uses: its processes, and its temporary file systems, whose pages belong to no process."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from bot.adapters.sandbox.layout import TEMPORARY_FOLDERS

INODE_BYTES = 1024
"""Kernel memory for one file of a temporary file system (inode and directory entry), by which a million empty files weigh a GiB."""

STATUS_FIELDS = ("RssAnon:", "RssShmem:", "VmPTE:")
"""Of /proc/PID/status, in KiB: private pages, shared ones, and page tables, which a sparse mapping makes large. Pages of
files are left out: the kernel takes them back."""

SHARED_OUT_FIELDS = ("Pss_Anon:", "Pss_Shmem:")
"""Of /proc/PID/smaps_rollup, in KiB: each page divided by the number of its users."""


def machine_memory() -> int | None:
    """Bytes that the machine can still give (`MemAvailable`); None when that cannot be told now, which says nothing about a box."""
    return _fields(Path("/proc/meminfo"), ("MemAvailable:",)) or None


def box_processes(first_pid: int) -> tuple[int, ...]:
    """All processes of the box, in our own numbers. Orphans are children of the first process, so that the tree is complete up to
    forks that happen while we look."""
    found = [first_pid]
    for pid in found:
        with suppress(OSError):
            for task in os.listdir(f"/proc/{pid}/task"):
                children = Path(f"/proc/{pid}/task/{task}/children").read_text(encoding="ascii")
                found.extend(int(child) for child in children.split())
    return tuple(found)


def box_memory(first_pid: int, processes: Iterable[int], *, exactly: bool) -> int:
    """Bytes in use. Not `exactly`: quick, and counts pages that forked processes share once for each of them."""
    if exactly:
        used = sum(_fields(Path(f"/proc/{pid}/smaps_rollup"), SHARED_OUT_FIELDS) for pid in processes)
    else:
        used = sum(_fields(Path(f"/proc/{pid}/status"), STATUS_FIELDS) for pid in processes)
    return used + _temporary_files(first_pid)


def _temporary_files(first_pid: int) -> int:
    """Bytes of the box's temporary file systems, deleted files included. Their mount points lie in a read-only folder: the box cannot
    put links in their place.

    The first process is named before anything is mounted (bubblewrap's `child-pid`). On a busy machine it is looked at then, and sees the
    machine's own folders: what lies on our own file systems is not the box's.
    """
    used = 0
    with suppress(OSError):
        ours = _our_file_systems()
        for folder in TEMPORARY_FOLDERS:
            place = f"/proc/{first_pid}/root{folder}"
            if os.stat(place).st_dev in ours:
                continue
            status = os.statvfs(place)
            used += (status.f_blocks - status.f_bfree) * status.f_frsize
            used += (status.f_files - status.f_ffree) * INODE_BYTES
    return used


def _our_file_systems() -> set[int]:
    """The devices below our own root and those of the folders that a box has of its own."""
    return {os.stat(folder).st_dev for folder in ("/", *TEMPORARY_FOLDERS) if os.path.exists(folder)}


def _fields(file: Path, names: tuple[str, ...]) -> int:
    """The sum of the named KiB fields, in bytes; 0 when the process is gone."""
    try:
        text = file.read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    return sum(int(line.split()[1]) << 10 for line in text.splitlines() if line.startswith(names))
