"""The log of a CI job, cut down to what says why it failed. Pure; the log is a stranger's, and may hold anything."""

import re

from bot.core.visible import visible_bytes

MOST_CHARACTERS = 8_000
"""Of a log that are kept: about a hundred lines, in which the failing step's last words stand."""

LINE_CHARACTERS = 500
"""Of one line: longer ones are data, not words."""

AFTER_ERROR = 3
"""Lines that are kept behind the last error: what follows is the tidying up of a job that has failed already."""

ERROR = "##[error]"
"""How a runner of GitHub Actions begins a line that reports an error; after it come the steps that only clean up."""

_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z ?")
"""Each line of a job's log begins with its time."""


def failing_part(log: bytes, most: int = MOST_CHARACTERS) -> str:
    """The end of the log up to its last error, in whole lines of at most `most` characters together, without times, escapes and characters that
    people do not see. That something was cut is said."""
    lines = [_STAMP.sub("", line, count=1)[:LINE_CHARACTERS].rstrip() for line in visible_bytes(log).split("\n")]
    errors = [number for number, line in enumerate(lines) if line.startswith(ERROR)]
    if errors:
        lines = lines[: errors[-1] + 1 + AFTER_ERROR]
    while lines and not lines[-1]:
        lines.pop()
    kept = _from_the_end(lines, most)
    left_out = len(lines) - len(kept)
    return "\n".join([f"[{left_out} lines before this]", *kept] if left_out else kept)


def _from_the_end(lines: list[str], most: int) -> list[str]:
    room, kept = most, 0
    for line in reversed(lines):
        room -= len(line) + 1
        if room < 0:
            break
        kept += 1
    return lines[len(lines) - kept :]
