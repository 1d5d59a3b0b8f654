"""A file of requirements as OpenSpec reads it: line by line, fenced code out of sight of headings. Pure."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from bot.core.specs.blocks import Block, BlockKind
from bot.core.specs.formats.commands import command_kind
from bot.core.specs.formats.foreign import Page
from bot.core.specs.model import Finding, Position
from bot.core.specs.rules import reading
from bot.core.specs.source import Source

ACCEPT = re.compile(r"\(\s*accept\s*\)\s*", re.IGNORECASE)
"""The mark that leaves a criterion to a person."""

_SECTION = re.compile(r"##\s+(.+)")
_ITEM = re.compile(r"(?:[-*+]|[0-9]{1,9}[.)])[ \t]+")
_STEP = re.compile(r"(?P<mark>\*\*|__|\*|_)(?P<word>GIVEN|WHEN|THEN|AND|BUT):?(?P=mark):?\s*", re.IGNORECASE)
_LOUD_STEP = re.compile(r"(?:GIVEN|WHEN|THEN|AND|BUT)\b")
_OWN_LINE = re.compile(r"[|#>]")
"""A table's row, a heading of the fifth or sixth level, a quote: none goes on in the line above."""


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under a heading of the second level. `line` is the heading's; `last` < `first` when nothing does."""

    title: str
    line: int
    first: int
    last: int


@dataclass(frozen=True)
class Sheet:
    """A page with its sections and its code blocks. Lines count from 1."""

    page: Page

    @property
    def source(self) -> Source:
        return self.page.source

    @property
    def lines(self) -> tuple[str, ...]:
        """Without front matter and fenced code; index 0 is line 1."""
        return self.page.lines

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        heads = [(number, m[1].strip()) for number, line in enumerate(self.lines, 1) if (m := _SECTION.match(line))]
        borders = pairwise([*(line for line, _ in heads), len(self.lines) + 1])
        return tuple(
            Section(title, line, line + 1, end - 1) for (_, title), (line, end) in zip(heads, borders, strict=True)
        )

    @cached_property
    def _fences(self) -> tuple[Block, ...]:
        fences = (block for block in self.page.outline.blocks if block.kind is BlockKind.FENCE)
        return tuple(sorted(fences, key=lambda block: block.line))

    @cached_property
    def _fence_lines(self) -> list[int]:
        return [block.line for block in self._fences]

    def fences(self, first: int, last: int) -> tuple[Block, ...]:
        """The code blocks that start between two lines."""
        return self._fences[bisect_left(self._fence_lines, first) : bisect_right(self._fence_lines, last)]

    def place(self, line: int) -> Position:
        """Where a line's words start; line 1 of an empty file as well."""
        return self.source.position(line, self.source.indent(line) + 1 if line <= len(self.lines) else 1)

    def unclosed(self) -> list[Finding]:
        """Code blocks without an end: they hide all requirements below them, from OpenSpec as well."""
        hint = "Close it with a fence as long as the opening one, indented like it."
        return [
            reading.UNCLOSED_FENCE.finding(
                self.place(block.line), f"This code block is never closed and hides {_lines(block)} from reading.", hint
            )
            for block in self._fences
            if not block.closed
        ]

    def told(self, first: int, last: int, marked: int = 0) -> str:
        """What the lines say to a reader: paragraphs, list items and steps on a line each, commands left out, no bold around GIVEN, WHEN, THEN.

        On the line `marked` the mark `(accept)` is left out. However the words are wrapped, the result is the same.
        """
        pieces: list[list[str]] = []
        fences = {block.line: block for block in self.fences(first, last)}
        goes_on = False
        number = first
        while number <= last:
            fence = fences.get(number)
            if fence is not None:
                if command_kind(fence) is None:
                    pieces.append([f"```{fence.info}\n{fence.content}```"])
                number, goes_on = max(fence.end_line, number) + 1, False
                continue
            piece, opens = _piece(self.lines[number - 1].strip(), number == marked)
            if piece and goes_on and not opens:
                pieces[-1].append(piece)
            elif piece:
                pieces.append([piece])
            number, goes_on = number + 1, bool(piece)
        return "\n".join(" ".join(words) for words in pieces)


def _lines(block: Block) -> str:
    count = block.end_line - block.line
    return "1 line" if count == 1 else f"{count:,} lines"


def _piece(line: str, marked: bool) -> tuple[str, bool]:
    """A line as it is told, and whether it opens something of its own."""
    item = _ITEM.match(line)
    words = line[item.end() :] if item is not None else line
    mark = ACCEPT.match(words) if marked else None
    if mark is not None:
        words = words[mark.end() :]
    step = _STEP.match(words)
    if step is not None:
        return f"{step['word'].upper()} {words[step.end() :]}".rstrip(), True
    if _LOUD_STEP.match(words) is not None:
        return words, True
    if item is None:
        return words, _OWN_LINE.match(line) is not None
    bullet = item.group().strip()
    return f"{bullet if bullet[0].isdigit() else '-'} {words}".rstrip(), True


def first_words(sheet: Sheet, first: int, last: int) -> tuple[int, str]:
    """The first line with words between two and these words, without a bullet; (0, "") when there is none."""
    for number in range(first, last + 1):
        line = sheet.lines[number - 1].strip()
        if line:
            item = _ITEM.match(line)
            return number, line[item.end() :] if item is not None else line
    return 0, ""
