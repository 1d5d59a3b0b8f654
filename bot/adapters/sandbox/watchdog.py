"""The watchdog: looks at a running box every tenth of a second and says when it must be killed, and why."""

import asyncio
import time

from bot.adapters.sandbox.disk_use import DiskUse
from bot.adapters.sandbox.limits import MACHINE_FLOOR_BYTES, OUTPUT_KILL_BYTES
from bot.adapters.sandbox.memory_use import box_memory, box_processes, machine_memory
from bot.adapters.sandbox.process_tree import Box
from bot.adapters.sandbox.reports import ReportFile
from bot.core.proofs.model import StoppedBy

INTERVAL_SECONDS = 0.1
"""A process can touch about a GiB in this time on today's machines, which is the overshoot that we accept."""

REST_FACTOR = 4
"""After a long look the watchdog rests this many times as long, so that it never takes more than a fifth of a core."""


async def watch(box: Box, memory_bytes: int, disk: DiskUse, report: ReportFile | None) -> StoppedBy:
    """Returns the reason as soon as the box breaks a limit; never returns while it keeps to them."""
    while True:
        started = time.monotonic()
        if box.kept.total > OUTPUT_KILL_BYTES or (report is not None and report.size() > OUTPUT_KILL_BYTES):
            return StoppedBy.OUTPUT
        if box.first_pid is not None and (reason := await _reason(box.first_pid, memory_bytes, disk)):
            return reason
        await asyncio.sleep(max(INTERVAL_SECONDS, REST_FACTOR * (time.monotonic() - started)))


async def _reason(first_pid: int, memory_bytes: int, disk: DiskUse) -> StoppedBy:
    left = machine_memory()
    if left is not None and left < MACHINE_FLOOR_BYTES:
        return StoppedBy.MEMORY
    processes = box_processes(first_pid)
    much = box_memory(first_pid, processes, exactly=False) > memory_bytes
    # Only now the exact count, which shares out pages that forked processes have in common: it reads every page table.
    if much and await asyncio.to_thread(box_memory, first_pid, processes, exactly=True) > memory_bytes:
        return StoppedBy.MEMORY
    if disk.suspicious() and await asyncio.to_thread(disk.too_much, processes):
        return StoppedBy.DISK
    return StoppedBy.NOTHING
