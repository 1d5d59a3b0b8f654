"""Path patterns in gitignore's language, matched in time linear in the path whatever the pattern. Pure.

Specs and configuration bring the patterns and pull requests bring the paths, so both are hostile: a translation to one
backtracking expression could be made to run for hours. Here each path segment is matched alone with atomic groups, and `**` by a set of positions.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

MAX_PATTERN = 1_024
"""Longest pattern read, in characters: a path that git hosts accept has at most 4,096 bytes, and patterns are shorter than paths."""


class BadPattern(ValueError):
    """A pattern that cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class PathPattern:
    """One line of gitignore's language. `segments` holds None for `**`; `names` are the same parts as they were written."""

    text: str
    negated: bool
    folders_only: bool
    segments: tuple[re.Pattern[str] | None, ...]
    names: tuple[str, ...]

    def matches(self, path: str) -> bool:
        """True when the file at `path`, or a folder around it, is named by this pattern (whatever `negated` says)."""
        parts = path.split("/")
        count = len(parts)
        reached = {0}
        for index, segment in enumerate(self.segments):
            if segment is None:
                nearest = min(reached)
                if index == len(self.segments) - 1:
                    return count - nearest >= (2 if self.folders_only else 1)
                reached = set(range(nearest, count + 1))
            else:
                reached = {at + 1 for at in reached if at < count and segment.match(parts[at]) is not None}
            if not reached:
                return False
        return any(at < count or not self.folders_only for at in reached)


@dataclass(frozen=True, slots=True)
class PathPatterns:
    """Patterns in order; the last one that matches decides, `!` takes back."""

    patterns: tuple[PathPattern, ...]

    def matches(self, path: str) -> bool:
        return self.deciding(path) is not None

    def deciding(self, path: str) -> str | None:
        """The pattern that includes `path`, as it was written; None when none does."""
        for pattern in reversed(self.patterns):
            if pattern.matches(path):
                return None if pattern.negated else pattern.text
        return None


def path_patterns(lines: Iterable[str]) -> PathPatterns:
    """Read patterns. Blank ones and comments match nothing. Raises `BadPattern` for the first unreadable one."""
    return PathPatterns(tuple(p for p in (_pattern(line) for line in lines) if p is not None))


def readable_patterns(lines: Iterable[str]) -> PathPatterns:
    """Like `path_patterns`, but unreadable ones match nothing. For grants only (scope, owns), never for prohibitions."""
    return path_patterns(line for line in lines if pattern_fault(line) == "")


def pattern_fault(line: str) -> str:
    """Why a pattern cannot be read, "" when it can."""
    try:
        _pattern(line)
    except BadPattern as error:
        return str(error)
    return ""


@lru_cache(maxsize=512)
def _pattern(line: str) -> PathPattern | None:
    if len(line) > MAX_PATTERN:
        raise BadPattern(f"longer than {MAX_PATTERN} characters")
    if "\n" in line or "\0" in line:
        raise BadPattern("holds a line end or a NUL")
    text = _without_trailing_blanks(line)
    if not text or text.startswith("#"):
        return None
    negated = text.startswith("!")
    body = text[1:] if negated else text
    folders_only = body.endswith("/")
    if folders_only:
        body = body[:-1]
    anchored = "/" in body
    body = body.removeprefix("/")
    if not body:
        raise BadPattern("names no path")
    names = body.split("/")
    if not anchored:
        names = ["**", *names] if names != ["**"] else names
    names = _collapsed(names)
    segments = tuple(None if name == "**" else _segment(name) for name in names)
    return PathPattern(line, negated, folders_only, segments, tuple(names))


def _without_trailing_blanks(line: str) -> str:
    text = line.rstrip(" \t\r")
    escapes = len(text) - len(text.rstrip("\\"))
    return text + " " if escapes % 2 and len(text) < len(line) else text


def _collapsed(names: list[str]) -> list[str]:
    return [name for index, name in enumerate(names) if not (name == "**" and index and names[index - 1] == "**")]


def _segment(name: str) -> re.Pattern[str]:
    """One path segment as an expression without backtracking between its stars.

    The leftmost place for each piece between two stars is always good enough, so it may be taken for good (an atomic group); only
    the last piece is tied to the end.
    """
    if not name:
        raise BadPattern("holds an empty segment (`//`)")
    pieces = _pieces(name)
    if len(pieces) == 1:
        return re.compile(pieces[0] + r"\Z", re.DOTALL)
    middle = "".join(f"(?>.*?{piece})" for piece in pieces[1:-1] if piece)
    last = pieces[-1]
    return re.compile(pieces[0] + middle + (f".*{last}" if last else ".*") + r"\Z", re.DOTALL)


def _pieces(name: str) -> list[str]:
    pieces = [""]
    at = 0
    while at < len(name):
        char = name[at]
        if char == "*":
            pieces.append("")
        elif char == "?":
            pieces[-1] += "."
        elif char == "[":
            expression, at = _char_class(name, at)
            pieces[-1] += expression
        elif char == "\\":
            at += 1
            if at == len(name):
                raise BadPattern("ends with a backslash")
            pieces[-1] += re.escape(name[at])
        else:
            pieces[-1] += re.escape(char)
        at += 1
    return pieces


def _char_class(name: str, start: int) -> tuple[str, int]:
    """The class that opens at `start` as an expression, and the index of its `]`."""
    at = start + 1
    inverted = name[at : at + 1] in ("!", "^")
    at += inverted
    end = name.find("]", at + 1)
    if end == -1:
        raise BadPattern("opens a `[` that is never closed")
    body = name[at:end]
    if body.startswith("[:") or "\\" in body:
        raise BadPattern("uses a named class or a backslash inside `[…]`")
    chars = "".join(c if c == "-" else re.escape(c) for c in body)
    expression = f"[{'^' if inverted else ''}{chars}]"
    try:
        re.compile(expression)
    except re.error as error:
        raise BadPattern("holds a range that runs backwards") from error
    return expression, end
