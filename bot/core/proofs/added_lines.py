"""The lines that a unified diff adds, by file. The diff may be hostile or damaged: what is not understood is left out."""

import re
from dataclasses import dataclass

_HUNK = re.compile(r"@@ -\d{1,9}(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@")
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)")
_LETTERS = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}


@dataclass(frozen=True, slots=True)
class AddedLine:
    """A line of the new side; `line` counts from 1."""

    path: str
    line: int
    text: str


def added_lines(diff: str) -> tuple[AddedLine, ...]:
    """Every added line in the diff's order. Never raises; linear in the diff's length."""
    added: list[AddedLine] = []
    path, line, old_left, new_left = "", 0, 0, 0
    for text in diff.split("\n"):
        if old_left > 0 or new_left > 0:
            mark = text[:1]
            if mark == "+" and path:
                added.append(AddedLine(path, line, text[1:]))
            if mark != "\\":
                line += mark != "-"
                new_left -= mark != "-"
                old_left -= mark != "+"
        elif text.startswith("+++ "):
            path = _path(text[4:])
        elif hunk := _HUNK.match(text):
            line, old_left, new_left = int(hunk[2]), int(hunk[1] or 1), int(hunk[3] or 1)
    return tuple(added)


def _path(name: str) -> str:
    """The path of a `+++` line, "" for a deleted file. git quotes unusual names as C does (gitattributes, core.quotePath)."""
    name = name.rstrip("\t\r")
    if name == "/dev/null":
        return ""
    if name.startswith('"') and name.endswith('"'):
        raw = name[1:-1].encode("utf-8", "surrogateescape")
        name = _ESCAPE.sub(_unescaped, raw).decode("utf-8", "replace")
    return name.removeprefix("b/")


def _unescaped(found: re.Match[bytes]) -> bytes:
    code = found[1]
    return bytes([int(code, 8) & 0xFF]) if len(code) == 3 else _LETTERS.get(code, code)
