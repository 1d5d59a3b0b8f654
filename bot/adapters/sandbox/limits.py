"""Limits that the kernel keeps for each process of a box (prlimit), and the ones that our watchdog keeps for all of them."""

from dataclasses import dataclass
from pathlib import Path

from bot.core.ports import BoxLimits

OPEN_FILES = 1024
"""The usual soft limit of distributions: test suites are written under it."""

LOCKED_BYTES = 65_536
"""Some cryptography libraries lock a page or two of keys; nobody in a box needs more."""

DATA_FACTOR = 4
"""A process may reserve this many times the box's memory: it bounds what one process can seize between two looks of the watchdog,
and leaves room for runtimes that reserve more than they use."""

OUTPUT_KILL_BYTES = 64 << 20
"""Output beyond this is an attack or a runaway loop; the command is killed."""

MACHINE_FLOOR_BYTES = 192 << 20
"""With less memory than this available on the whole machine the box is killed: kernel memory (socket buffers) that no process's size
shows must not take the machine."""


SET_UP_BYTES = 4 << 30
"""What one set-up may leave: a large dependency tree with native parts has 1 to 2 GiB, and as much again in the tools' caches."""

SET_UP_INODES = 300_000
"""A large monorepo's `node_modules` has some 150,000 files, and a package manager's store as many again."""


@dataclass(frozen=True, slots=True)
class DiskLimits:
    """How much one command may leave on the checkout's file system, and what must stay free there for everybody else."""

    new_bytes: int = 2 << 30
    """A large build writes hundreds of MiB; 2 GiB leave room for it."""

    new_inodes: int = 40_000
    """A large dependency tree has some 30,000 files."""

    free_bytes: int = 128 << 20
    """Below this databases and logs of the machine begin to fail."""

    free_inodes: int = 1_000


def kernel_limits(limits: BoxLimits, own_uid: bool) -> list[str]:
    """Options of prlimit(1). `own_uid`: nobody else runs under the box's uid, so that its process count is the box's."""
    processes = limits.processes if own_uid else limits.processes + _tasks_on_machine()
    return [
        f"--nproc={processes}",
        f"--fsize={limits.file_bytes}",
        f"--nofile={OPEN_FILES}",
        f"--data={limits.memory_bytes * DATA_FACTOR}",
        f"--memlock={LOCKED_BYTES}",
        "--core=0",
    ]


def _tasks_on_machine() -> int:
    """All tasks of the machine: an upper bound, in one read, of those that our uid has already."""
    return int(Path("/proc/loadavg").read_text(encoding="ascii").split()[3].partition("/")[2])
