"""A unified diff as git writes it, by file and hunk. The diff may be hostile or damaged: what is not understood is left out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_HUNK = re.compile(r"@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@")
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)")
_LETTERS = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}
_SECTION = "diff --git "


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of a hunk: added (`old` is 0), removed (`new` is 0), or context (both count from 1)."""

    text: str
    old: int
    new: int

    @property
    def added(self) -> bool:
        return self.old == 0

    @property
    def removed(self) -> bool:
        return self.new == 0


@dataclass(frozen=True, slots=True)
class FileDiff:
    """What a diff does to one file. `old` is "" for a new file, `new` for a deleted one; they differ for one that git sees as moved."""

    old: str
    new: str
    hunks: tuple[tuple[DiffLine, ...], ...]

    @property
    def moved(self) -> bool:
        return bool(self.old and self.new) and self.old != self.new

    @property
    def lines(self) -> Iterator[DiffLine]:
        return (line for hunk in self.hunks for line in hunk)

    @property
    def added(self) -> Iterator[DiffLine]:
        return (line for line in self.lines if line.added)

    @property
    def removed(self) -> Iterator[DiffLine]:
        return (line for line in self.lines if line.removed)


@dataclass(slots=True)
class _Reading:
    """A file while its part of the diff is read, and what is left of its present hunk."""

    old: str = ""
    new: str = ""
    hunks: list[list[DiffLine]] = field(default_factory=list)
    old_line: int = 0
    new_line: int = 0
    old_left: int = 0
    new_left: int = 0

    def head(self, text: str) -> None:
        if text.startswith("--- "):
            self.old = _path(text[4:], "a/")
        elif text.startswith("+++ "):
            self.new = _path(text[4:], "b/")
        elif text.startswith("rename from "):
            self.old = _path(text[12:], "")
        elif text.startswith("rename to "):
            self.new = _path(text[10:], "")
        elif hunk := _HUNK.match(text):
            self.old_line, self.old_left = int(hunk[1]), int(hunk[2] or 1)
            self.new_line, self.new_left = int(hunk[3]), int(hunk[4] or 1)
            self.hunks.append([])

    def line(self, text: str) -> None:
        mark = text[:1]
        if mark == "\\":
            return
        if self.hunks:
            old = 0 if mark == "+" else self.old_line
            new = 0 if mark == "-" else self.new_line
            self.hunks[-1].append(DiffLine(text[1:], old, new))
        self.old_line += mark != "+"
        self.new_line += mark != "-"
        self.old_left -= mark != "+"
        self.new_left -= mark != "-"

    @property
    def in_hunk(self) -> bool:
        return self.old_left > 0 or self.new_left > 0

    def done(self) -> FileDiff:
        return FileDiff(self.old, self.new, tuple(map(tuple, self.hunks)))


def file_diffs(diff: str) -> tuple[FileDiff, ...]:
    """Every file of the diff in its order, those without a readable name left out. Never raises; linear in the diff's length."""
    found = [reading.done() for reading in _read(diff)]
    return tuple(file for file in found if file.old or file.new)


def _read(diff: str) -> Iterator[_Reading]:
    reading = _Reading()
    for text in diff.split("\n"):
        if reading.in_hunk:
            reading.line(text)
        elif text.startswith(_SECTION):
            yield reading
            reading = _Reading()
        else:
            reading.head(text)
    yield reading


def _path(name: str, prefix: str) -> str:
    """A path as it stands in a head line, "" where there is no file. git quotes unusual names as C does (gitattributes, core.quotePath)."""
    name = name.rstrip("\t\r")
    if name == "/dev/null":
        return ""
    if name.startswith('"') and name.endswith('"'):
        raw = name[1:-1].encode("utf-8", "surrogateescape")
        name = _ESCAPE.sub(_unescaped, raw).decode("utf-8", "replace")
    return name.removeprefix(prefix)


def _unescaped(found: re.Match[bytes]) -> bytes:
    code = found[1]
    return bytes([int(code, 8) & 0xFF]) if len(code) == 3 else _LETTERS.get(code, code)
