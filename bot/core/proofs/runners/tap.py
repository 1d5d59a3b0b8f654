"""TAP on stdout (Test Anything Protocol, 13 and 14): read wherever a command prints a version line and nothing better reported.

The command writes it itself, and no canary can be planted in a runner that nobody knows. So it makes a result at most more exact, never
better than the exit status: a command that is red in both trees is not called kept for its names (`colours.own_word`).
"""

import re
from dataclasses import dataclass, field

from bot.core.proofs.model import TestOutcome
from bot.core.proofs.runners.told import MESSAGE_LINES, Teller, Told, lines_of, number, told

NAME = "TAP"

DEPTH = 20
"""Nesting looked at; deeper subtests count as those of this depth."""

_VERSION = re.compile(r"TAP version 1[34]")
_POINT = re.compile(
    r"( {0,80})(not )?ok\b(?: (\d{1,9}))?(?: ?- ?| )?([^#]{0,500}?)(?:\s*# ?(skip\w*|todo)\b.*)?", re.IGNORECASE
)
_SUBTEST = re.compile(r"( {0,80})# Subtest: (.{1,500})")
_PLAN = re.compile(r"1\.\.(\d{1,9})(?:\s*#.*)?")
_BAIL = re.compile(r"Bail out!.*")


@dataclass(slots=True)
class _Stream:
    """One stream: the headings above the present line by depth, and how many points of the outermost level came and were promised."""

    teller: Teller
    headings: dict[int, str] = field(default_factory=dict)
    points: int = 0
    promised: int | None = None
    bailed: bool = False
    block: int | None = None
    failing: str = ""
    words: list[str] = field(default_factory=list)


def read(output: str) -> Told | None:
    """The named points of every TAP stream in the output; None when there is no version line. Never raises. A stream that broke its plan
    or bailed out has no exit status: nothing follows from it."""
    streams: list[_Stream] = []
    for line in lines_of(output):
        if _VERSION.fullmatch(line):
            streams.append(_Stream(Teller(NAME)))
        elif streams:
            _take(streams[-1], line)
    for stream in streams:
        _failed(stream)
        whole = stream.promised == stream.points and not stream.bailed
        stream.teller.exit_status = (1 if stream.teller.red else 0) if whole else None
    return told(stream.teller for stream in streams)


def _take(stream: _Stream, line: str) -> None:
    indent = len(line) - len(line.lstrip(" "))
    if stream.block is not None:
        if line.strip() == "..." and indent == stream.block:
            stream.block = None
        elif stream.failing and len(stream.words) < MESSAGE_LINES:
            stream.words.append(line.strip())
    elif line.strip() == "---":
        stream.block = indent
    elif subtest := _SUBTEST.fullmatch(line):
        stream.headings[min(len(subtest[1]) // 4, DEPTH)] = subtest[2].strip()
    elif point := _POINT.fullmatch(line):
        _failed(stream)
        _point(stream, point)
    elif plan := _PLAN.fullmatch(line):
        stream.promised = number(plan[1])
    elif _BAIL.fullmatch(line):
        stream.bailed = True


def _point(stream: _Stream, point: re.Match[str]) -> None:
    depth = min(len(point[1]) // 4, DEPTH)
    stream.points += depth == 0
    above = [stream.headings[level] for level in range(depth) if level in stream.headings]
    name = "::".join([*above, point[4].strip() or f"point {point[3] or stream.points}"])
    if point[5]:
        stream.teller.add(name, TestOutcome.SKIPPED)
    elif point[2]:
        # Its words follow in a block.
        stream.failing = name
    else:
        stream.teller.add(name, TestOutcome.PASSED)


def _failed(stream: _Stream) -> None:
    if stream.failing:
        stream.teller.add(stream.failing, TestOutcome.FAILED, "\n".join(stream.words))
    stream.failing, stream.words = "", []
