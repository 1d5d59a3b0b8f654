"""Where a text almost stands in a file: what an edit that matched nothing probably meant."""

import difflib
from dataclasses import dataclass

_CANDIDATES = 3
"""Shown at most: one is usually meant, more than three are noise."""

_COMPARED_LINES = 5_000
"""Lines searched for similar text; comparing is quadratic in a line's length, and a thread must not be held for long."""

_COMPARED_CHARACTERS = 300
"""Of each line: differences that matter come early."""

_SHOWN_LINES = 12
"""Of each candidate."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Lines of the file from `line` (counted from 1). `only_space`: they differ from what was wanted in white space alone."""

    line: int
    lines: tuple[str, ...]
    only_space: bool


def nearest(text: str, wanted: str) -> tuple[Candidate, ...]:
    """The places of `text` that look most like `wanted`, best first; () when nothing does."""
    lines = text.split("\n")
    pattern = wanted.strip("\n").split("\n")
    places = _by_equal_lines(lines, pattern) or _by_similar_line(lines, pattern)
    return tuple(_candidate(lines, pattern, place) for place in places[:_CANDIDATES])


def _by_equal_lines(lines: list[str], pattern: list[str]) -> list[int]:
    """Places at which at least one telling line is equal but for white space, most equal lines first."""
    where: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        if len(line.strip()) > 3:
            where.setdefault(line.strip(), []).append(number)
    scores: dict[int, int] = {}
    for offset, line in enumerate(pattern):
        for number in where.get(line.strip(), [])[:50]:
            place = max(number - offset, 0)
            scores[place] = scores.get(place, 0) + 1
    return sorted(scores, key=lambda place: (-scores[place], place))


def _by_similar_line(lines: list[str], pattern: list[str]) -> list[int]:
    """Places at which the longest wanted line is similar to one of the file's."""
    offset = max(range(len(pattern)), key=lambda i: len(pattern[i].strip()))
    key = pattern[offset].strip()[:_COMPARED_CHARACTERS]
    if not key:
        return []
    stripped = [line.strip()[:_COMPARED_CHARACTERS] for line in lines[:_COMPARED_LINES]]
    similar = difflib.get_close_matches(key, stripped, n=_CANDIDATES, cutoff=0.6)
    return [max(stripped.index(line) - offset, 0) for line in dict.fromkeys(similar)]


def _candidate(lines: list[str], pattern: list[str], place: int) -> Candidate:
    found = lines[place : place + len(pattern)]
    only_space = [line.split() for line in found] == [line.split() for line in pattern]
    return Candidate(place + 1, tuple(found[:_SHOWN_LINES]), only_space)
