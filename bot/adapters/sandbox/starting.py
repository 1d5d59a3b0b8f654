"""Starting a box: descriptors, command line, process."""

import os
import subprocess
from collections.abc import Sequence
from contextlib import ExitStack

from bot.adapters.sandbox.launcher import SYSTEM_TOOLS, Launcher
from bot.adapters.sandbox.layout import Plan, bubblewrap_options
from bot.adapters.sandbox.limits import kernel_limits
from bot.adapters.sandbox.output import KeptOutput
from bot.adapters.sandbox.process_tree import Box
from bot.adapters.sandbox.seccomp import compiled_filter
from bot.core.ports import BoxLimits
from bot.errors import SandboxUnavailable, Unsafe


def start_box(launcher: Launcher, plan: Plan, argv: Sequence[str], limits: BoxLimits, uid: int | None) -> Box:
    """The box is running when this returns. Must be called in the event loop that waits for it.

    Options travel through a memory file, so that they do not show in the command line; bubblewrap's own environment is minimal,
    because it can be read inside the box as that of process 1.
    """
    if not argv or any("\0" in word for word in argv):
        raise Unsafe("a command needs words without NUL characters")
    with ExitStack() as handed_over, ExitStack() as kept:
        output, output_end = _pipe(kept, handed_over)
        status, status_end = _pipe(kept, handed_over)
        data = [(_memory_file(handed_over, file.content), file) for file in plan.files]
        seccomp = _memory_file(handed_over, compiled_filter())
        words = bubblewrap_options(plan, data, seccomp, status_end)
        options = _memory_file(handed_over, b"".join(os.fsencode(word) + b"\0" for word in words))
        try:
            process = subprocess.Popen(
                launcher.command(kernel_limits(limits, uid is not None), uid, options, argv),
                cwd=launcher.folder,
                env={"PATH": SYSTEM_TOOLS},
                stdin=subprocess.DEVNULL,
                stdout=output_end,
                stderr=output_end,
                pass_fds=[options, seccomp, status_end, *(descriptor for descriptor, _ in data)],
                start_new_session=True,
            )
        except OSError as fault:
            raise SandboxUnavailable(
                f"the box could not be started: {fault.strerror}", hint="run `specbot doctor`"
            ) from fault
        box = Box(process, output, KeptOutput(limits.output_bytes), status)
        kept.pop_all()
    return box


def _pipe(ours: ExitStack, theirs: ExitStack) -> tuple[int, int]:
    reading, writing = os.pipe()
    ours.callback(os.close, reading)
    theirs.callback(os.close, writing)
    os.set_blocking(reading, False)
    return reading, writing


def _memory_file(stack: ExitStack, content: bytes) -> int:
    descriptor = os.memfd_create("box", os.MFD_CLOEXEC)
    stack.callback(os.close, descriptor)
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor
