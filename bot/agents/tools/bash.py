"""The tool `bash`: a script in the box."""

from dataclasses import replace

from pydantic import Field

from bot.agents.desk import Desk
from bot.agents.tools.tool import Arguments, Tool
from bot.core.ports import BoxResult
from bot.core.proofs.model import StoppedBy

DEFAULT_SECONDS = 120
"""Enough for targeted tests of most projects; a command that hangs costs two minutes, not ten."""

LONGEST_SECONDS = 600
"""The longest a model may ask for: a build. The run's own minutes bound the sum."""


class BashArguments(Arguments):
    script: str = Field(
        min_length=1, description="Run by /bin/bash -c in a new process in /ws; cd and variables do not carry over."
    )
    seconds: int = Field(default=DEFAULT_SECONDS, ge=1, description=f"Time-out, at most {LONGEST_SECONDS}.")


_STOPPED = {
    StoppedBy.TIME: "stopped after {seconds} seconds: time-out",
    StoppedBy.MEMORY: "stopped: it used too much memory",
    StoppedBy.OUTPUT: "stopped: it printed too much",
    StoppedBy.DISK: "stopped: it wrote too much to disk",
}


def bash(*, writable: bool) -> Tool[BashArguments]:
    """The tool, for a role that may change files or for one that only looks."""

    async def use(arguments: BashArguments, desk: Desk) -> str:
        seconds = min(arguments.seconds, LONGEST_SECONDS)
        result = await desk.sandbox.run(
            desk.checkout,
            ["/bin/bash", "-c", arguments.script],
            environment=desk.environment,
            limits=replace(desk.limits, seconds=seconds),
            writable=writable,
        )
        return _shown(result, seconds)

    effect = "" if writable else " The checkout is read-only."
    return Tool(
        "bash",
        f"Run a shell script in the checkout; returns exit status, stdout and stderr.{effect}",
        BashArguments,
        use,
        writable,
    )


def _shown(result: BoxResult, seconds: int) -> str:
    """The result without its duration, which would make equal results look different."""
    output = result.output.decode("utf-8", "replace") or "(no output)"
    lost = result.output_bytes - len(result.output)
    if lost > 0:
        output += f"\n[{lost:,} bytes of the output were not kept]"
    return f"{_status(result, seconds)}\n{output}"


def _status(result: BoxResult, seconds: int) -> str:
    if result.broken:
        return f"the sandbox failed: {result.broken}"
    if result.stopped_by is not StoppedBy.NOTHING:
        return _STOPPED[result.stopped_by].format(seconds=seconds)
    if result.exit_code is None:
        return "ended by a signal"
    return f"exit status {result.exit_code}"
