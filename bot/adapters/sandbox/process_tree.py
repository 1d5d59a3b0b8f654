"""A started process tree: its output collected, its end awaited without threads, all of it killed when asked.

Two kinds: `Group` (a process group, for no sandbox at all) and `Box` (bubblewrap, whose first process is the init of a pid
namespace: when it dies, the kernel has already killed everything below it).
"""

import asyncio
import json
import os
import signal
import subprocess
from collections.abc import Awaitable
from contextlib import suppress
from typing import TypeVar

from bot.adapters.sandbox.output import KeptOutput

READ_BYTES = 1 << 18
"""One read of output: some pipes full, so that a flood does not starve the rest of the event loop."""

GONE_SECONDS = 20.0
"""How long a killed tree may take to vanish. Freeing gigabytes takes tenths of a second; a process in uninterruptible disk sleep
can take longer, and only then is this waited out."""

FIRST_WORD_SECONDS = 2.0
"""How long a kill waits for bubblewrap to name the box's first process. It does so within milliseconds of its start; killed before,
it could leave that process behind."""

T = TypeVar("T")


async def undisturbed(work: Awaitable[T]) -> T:
    """Await `work` to its end even if we are cancelled meanwhile; the cancellation is raised afterwards."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as stop:
            if task.cancelled():
                raise
            cancelled = stop
    if cancelled is not None:
        raise cancelled
    return task.result()


async def readable(fd: int) -> None:
    """Wait until `fd` can be read; for a pidfd: until its process has ended."""
    loop = asyncio.get_running_loop()
    ready = loop.create_future()

    def wake() -> None:
        if not ready.done():
            ready.set_result(None)

    loop.add_reader(fd, wake)
    try:
        await ready
    finally:
        loop.remove_reader(fd)


class Group:
    """A process that leads its own session and process group."""

    def __init__(self, process: subprocess.Popen[bytes], output: int, kept: KeptOutput) -> None:
        """Takes over `output`, the non-blocking reading end of the pipe that is the process's stdout and stderr.

        Made in the event loop that waits for it.
        """
        self.process = process
        self.kept = kept
        self._output: int | None = output
        self._pidfd: int | None = os.pidfd_open(process.pid)
        asyncio.get_running_loop().add_reader(output, self._drain)

    async def ended(self) -> None:
        """Wait until the process has ended by itself or was killed; its status stands in `process.returncode`."""
        if self._pidfd is not None and self.process.returncode is None:
            await readable(self._pidfd)
            # Before the process is reaped, while nobody else can have its number: what it left behind goes with it.
            self.kill()
            self.process.wait()

    def kill(self) -> None:
        """Send SIGKILL to everything that still belongs to the tree. May be repeated."""
        if self.process.returncode is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    async def end(self) -> None:
        """Nothing of the tree is left when this returns, whatever state it was in."""
        self.kill()
        with suppress(TimeoutError):
            async with asyncio.timeout(GONE_SECONDS):
                await self.ended()

    def close(self) -> None:
        """Take what output is still in the pipe, and give all descriptors back."""
        if self._output is not None:
            self._drain()
            self._close_output()
        if self._pidfd is not None:
            os.close(self._pidfd)
            self._pidfd = None

    def _drain(self) -> None:
        # Only a few pipes full at once: a writer that never stops must not keep the event loop from everybody else.
        for _ in range(4):
            if self._output is None:
                return
            try:
                data = os.read(self._output, READ_BYTES)
            except BlockingIOError:
                return
            if not data:
                self._close_output()
                return
            self.kept.add(data)

    def _close_output(self) -> None:
        if self._output is not None:
            asyncio.get_running_loop().remove_reader(self._output)
            os.close(self._output)
            self._output = None


class Box(Group):
    """bubblewrap's outer process; it also tells, by its status pipe, which process is the box's first and how the command ended."""

    def __init__(self, process: subprocess.Popen[bytes], output: int, kept: KeptOutput, status: int) -> None:
        """Takes over `output` and `status`, both non-blocking."""
        super().__init__(process, output, kept)
        self.first_pid: int | None = None
        """The box's first process, in our own pid namespace."""
        self.exit_code: int | None = None
        """The command's exit status as bubblewrap says it; None when the command was never started or never ended."""
        self._first_pidfd: int | None = None
        self._status: int | None = status
        self._words = b""
        self._named = asyncio.Event()
        asyncio.get_running_loop().add_reader(status, self._listen)

    def kill(self) -> None:
        # The first process alone: bubblewrap then sees it die, takes it away, and ends. Killed itself, it would leave a zombie to
        # the machine's init, and in a container there may be none that cares.
        if self._first_pidfd is not None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._first_pidfd, signal.SIGKILL)
        elif self.process.returncode is None:
            self.process.kill()

    async def end(self) -> None:
        self._listen()
        if self.process.returncode is None and self.first_pid is None:
            with suppress(TimeoutError):
                async with asyncio.timeout(FIRST_WORD_SECONDS):
                    await self._named.wait()
        await super().end()
        if self.process.returncode is None:
            self.process.kill()
            self.process.wait()
        if self._first_pidfd is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(GONE_SECONDS):
                    await readable(self._first_pidfd)

    def close(self) -> None:
        super().close()
        if self._status is not None:
            self._listen()
            self._close_status()
        if self._first_pidfd is not None:
            os.close(self._first_pidfd)
            self._first_pidfd = None

    def _listen(self) -> None:
        if self._status is None:
            return
        try:
            data = os.read(self._status, 65_536)
        except BlockingIOError:
            return
        self._words += data
        *lines, self._words = self._words.split(b"\n")
        for line in lines:
            self._understand(line)
        if not data:
            self._close_status()

    def _understand(self, line: bytes) -> None:
        word = json.loads(line)
        if "exit-code" in word:
            self.exit_code = int(word["exit-code"])
        if "child-pid" in word:
            self._find_first(int(word["child-pid"]), int(word["pid-namespace"]))
            self._named.set()

    def _find_first(self, pid: int, namespace: int) -> None:
        try:
            pidfd = os.pidfd_open(pid)
        except ProcessLookupError:
            return
        try:
            # The number may already belong to somebody else; the namespace cannot as long as we hold the process.
            same = os.stat(f"/proc/{pid}/ns/pid").st_ino == namespace
        except OSError:
            same = False
        if not same:
            os.close(pidfd)
            return
        self._first_pidfd, self.first_pid = pidfd, pid

    def _close_status(self) -> None:
        if self._status is not None:
            asyncio.get_running_loop().remove_reader(self._status)
            os.close(self._status)
            self._status = None
            self._named.set()
