"""Running a program on the host, outside of any box: with a time limit, an output limit and a killed process group."""

import asyncio
import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.adapters.sandbox.limits import OUTPUT_KILL_BYTES
from bot.adapters.sandbox.output import KeptOutput
from bot.adapters.sandbox.process_tree import Group, undisturbed
from bot.core.ports import BoxResult
from bot.core.proofs.model import StoppedBy

LOOK_SECONDS = 0.05
"""How often the amount of output is looked at."""

NOT_FOUND = 127
"""What a shell answers for a command that it cannot find."""


async def run_program(
    words: Sequence[str], folder: Path, variables: Mapping[str, str], *, seconds: float, output_bytes: int
) -> BoxResult:
    """Run to the end. Cancelling kills the process group before this returns. `variables` is the program's whole environment."""
    started = time.monotonic()
    kept = KeptOutput(output_bytes)
    group = _start(words, folder, variables, kept)
    code: int | None = NOT_FOUND
    stopped_by = StoppedBy.NOTHING
    if group is not None:
        try:
            stopped_by = await _until_ended(group, seconds)
        finally:
            try:
                await undisturbed(group.end())
            finally:
                group.close()
        code = group.process.returncode
    return BoxResult(
        exit_code=code if stopped_by is StoppedBy.NOTHING and code is not None and code >= 0 else None,
        stopped_by=stopped_by,
        output=kept.text(),
        output_bytes=kept.total,
        output_digest=kept.digest(),
        seconds=time.monotonic() - started,
    )


def _start(words: Sequence[str], folder: Path, variables: Mapping[str, str], kept: KeptOutput) -> Group | None:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    try:
        process = subprocess.Popen(
            words,
            cwd=folder,
            env=dict(variables),
            stdin=subprocess.DEVNULL,
            stdout=writing,
            stderr=writing,
            start_new_session=True,
            umask=0o022,
        )
    except OSError as fault:
        os.close(reading)
        kept.add(f"{words[0]}: {fault.strerror}\n".encode())
        return None
    finally:
        os.close(writing)
    return Group(process, reading, kept)


async def _until_ended(group: Group, seconds: float) -> StoppedBy:
    ended = asyncio.ensure_future(group.ended())
    deadline = time.monotonic() + seconds
    try:
        while not ended.done():
            if group.kept.total > OUTPUT_KILL_BYTES:
                return StoppedBy.OUTPUT
            if (left := deadline - time.monotonic()) <= 0:
                return StoppedBy.TIME
            await asyncio.wait((ended,), timeout=min(LOOK_SECONDS, left))
        return StoppedBy.NOTHING
    finally:
        ended.cancel()
        await asyncio.gather(ended, return_exceptions=True)
