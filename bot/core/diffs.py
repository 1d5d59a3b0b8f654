"""Which lines of a pull request can carry a review comment: told from the unified diff of exactly that commit. Pure.

GitHub refuses a whole review when one comment lies on a line outside of the diff and does not say which, so every comment is checked before.
Source: GitHub REST, pull request reviews; observed refusals in `notes/github-platform.md`, *Reviews, comments, reactions*.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from unidiff.errors import UnidiffParseError
from unidiff.patch import PatchSet

from bot.core.pulls import InlineComment

_SECTION = "diff --git "
_GITLINK = re.compile(r"(?:index [0-9a-f]+\.\.[0-9a-f]+|(?:new|old) mode|new file mode) 160000\Z")
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_ESCAPED = {
    b"a": b"\a",
    b"b": b"\b",
    b"f": b"\f",
    b"n": b"\n",
    b"r": b"\r",
    b"t": b"\t",
    b"v": b"\v",
}


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines of the new side that stand in one hunk, context lines included; both ends belong to it."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class FileHunks:
    """A file of the new side by its path there, with its hunks in order."""

    path: str
    hunks: tuple[Hunk, ...]


@dataclass(frozen=True, slots=True)
class CommentableLines:
    """All (path, line) pairs on the RIGHT side of a diff."""

    files: tuple[FileHunks, ...]

    def hunk(self, path: str, line: int) -> Hunk | None:
        """The hunk that shows `line` of the file at `path` on the new side."""
        for file in self.files:
            if file.path == path:
                return next((hunk for hunk in file.hunks if hunk.first <= line <= hunk.last), None)
        return None

    def can_carry(self, path: str, line: int) -> bool:
        return self.hunk(path, line) is not None

    def placeable(
        self, comments: Sequence[InlineComment]
    ) -> tuple[tuple[InlineComment, ...], tuple[InlineComment, ...]]:
        """The comments that GitHub will take, and the rest unchanged, each in the given order.

        A range that is no range, runs backwards or leaves its hunk is narrowed to its last line that can carry a comment.
        """
        kept: list[InlineComment] = []
        left_over: list[InlineComment] = []
        for comment in comments:
            placed = self._placed(comment)
            if placed is None:
                left_over.append(comment)
            else:
                kept.append(placed)
        return tuple(kept), tuple(left_over)

    def _placed(self, comment: InlineComment) -> InlineComment | None:
        if comment.start_line is None:
            return comment if self.can_carry(comment.path, comment.line) else None
        first, last = sorted((comment.start_line, comment.line))
        hunk = self.hunk(comment.path, last)
        if hunk is None:
            return replace(comment, line=first, start_line=None) if self.can_carry(comment.path, first) else None
        in_one_hunk = hunk.first <= first < last
        return replace(comment, line=last, start_line=first if in_one_hunk else None)


def commentable_lines(diff: str) -> CommentableLines:
    """Read a unified diff as git writes it. Never raises: a file whose part cannot be read carries no comments."""
    found: dict[str, list[Hunk]] = {}
    for section in _sections(diff):
        path = _new_path(section)
        if path is not None:
            found.setdefault(path, []).extend(_hunks(section))
    return CommentableLines(tuple(FileHunks(path, tuple(hunks)) for path, hunks in found.items() if hunks))


def _sections(diff: str) -> Iterator[list[str]]:
    """The lines of each file's part. Only `\\n` ends a line: names and contents may hold any other character.

    A line of a file's content always has a mark in front of it, so none can look like the head of a part.
    """
    section: list[str] = []
    for line in diff.split("\n"):
        if line.startswith(_SECTION):
            yield section
            section = []
        section.append(line)
    yield section


def _new_path(section: Sequence[str]) -> str | None:
    """The path on the new side; None when there is none, no text, a submodule, or a name that JSON cannot carry."""
    for line in section:
        if line.startswith("@@ "):
            return None
        if _GITLINK.match(line):
            return None
        if line.startswith("+++ "):
            return _unquoted(line[4:])
    return None


def _unquoted(name: str) -> str | None:
    """A name as git prints it in a diff: quoted in C style when it holds odd bytes, followed by a tab when it holds a blank."""
    text = name.removesuffix("\r").removesuffix("\t")
    if text == "/dev/null":
        return None
    if text.startswith('"'):
        if len(text) < 2 or not text.endswith('"'):
            return None
        raw = _ESCAPE.sub(_unescaped, text[1:-1].encode("utf-8", "surrogatepass"))
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            return None
    return None if "\ufffd" in text else text.removeprefix("b/") or None


def _unescaped(match: re.Match[bytes]) -> bytes:
    code: bytes = match.group(1)
    if code.isdigit():
        return bytes([int(code, 8) & 0xFF])
    return _ESCAPED.get(code, code)


def _hunks(section: Sequence[str]) -> Iterable[Hunk]:
    start = next((index for index, line in enumerate(section) if line.startswith("@@ ")), None)
    if start is None:
        return ()
    # The names are ours: unidiff would compare those of the header with those of the file lines, and trips over blanks and quotes.
    lines = ["--- a/file\n", "+++ b/file\n", *(f"{line}\n" for line in section[start:] if line)]
    try:
        patch = PatchSet(lines, metadata_only=True)
    except (UnidiffParseError, ValueError):
        return ()
    return [
        Hunk(hunk.target_start, hunk.target_start + hunk.target_length - 1)
        for file in patch
        for hunk in file
        if hunk.target_length > 0 and hunk.target_start > 0
    ]
