"""Fixes for what the reader nearly understood. None where it is not plain what the author meant. Pure."""

import re
from collections.abc import Container
from itertools import islice

from bot.core.specs.blocks import Block, Heading, Item
from bot.core.specs.formats.labels import plain_label
from bot.core.specs.model import Edit, Fix
from bot.core.specs.source import Source

MAX_INDENTED_LINES = 200
"""Lines of a command that are indented for its author. A longer one is a program, and was hardly meant for a list item."""

MARKED_BY = 80
"""Characters at a line's start by which an indentation makes sure that it is the same line."""

_MARKER = re.compile(r"\s*(?:[-*+]|[0-9]{1,9}[.)])[ ]{1,4}(?=\S)")


def bold_id(source: Source, item: Item, prefixes: Container[str]) -> Fix | None:
    """Make the plain id that opens an item bold, where its prefix is one that this spec's ids have: `UTF-8` looks like an id too."""
    first = item.first_text
    label = plain_label(first.content) if first is not None else None
    if first is None or label is None or label.prefix not in prefixes:
        return None
    return _replaced(source, first.line, label.written, f"**{label.item_id}**")


def other_word(source: Source, block: Block, word: str, meant: str) -> Fix | None:
    """Another word at the end of the line that opens a code block."""
    line = source.lines[block.line - 1].rstrip()
    if not line.endswith(word):
        return None
    return Fix((Edit(block.line, len(line) - len(word) + 1, word, meant),))


def other_heading(source: Source, heading: Heading, meant: str) -> Fix | None:
    """Another text for a heading."""
    return _replaced(source, heading.line, heading.text.strip(" :*_"), meant)


def whole_line(source: Source, number: int, meant: str) -> Fix | None:
    """Another line, where nothing stands before it."""
    line = source.lines[number - 1]
    return Fix((Edit(number, 1, line, meant),)) if line and not line[:1].isspace() else None


def other_key(source: Source, item: Item, key: str, meant: str) -> Fix | None:
    """Another key in the parentheses of a task, where no second place looks the same."""
    last = item.first_text.end_line if item.first_text is not None else item.line
    spelled = re.compile(rf"(?<=[(;\s]){re.escape(key)}(?=\s*:)")
    places = (
        Edit(number, match.start() + 1, key, meant)
        for number in range(item.line, min(last, len(source.lines)) + 1)
        for match in spelled.finditer(source.lines[number - 1])
    )
    found = tuple(islice(places, 2))
    return Fix(found) if len(found) == 1 else None


def indented_under(source: Source, block: Block, item: Item) -> Fix | None:
    """Indent a code block so that it belongs to the item above it. Its lines keep their indentation against each other."""
    marker = _MARKER.match(source.lines[item.line - 1])
    numbers = [n for n in range(block.line, block.end_line + 1) if source.lines[n - 1].strip()]
    lines = [source.lines[number - 1] for number in numbers]
    tabs = any("\t" in line[: len(line) - len(line.lstrip())] for line in lines)
    alone = block.closed and block.depth == 0 and lines[0].lstrip().startswith(("```", "~~~"))
    if marker is None or not alone or tabs or len(lines) > MAX_INDENTED_LINES:
        return None
    lacking = marker.end() - min(source.indent(number) for number in numbers)
    if lacking <= 0:
        return None
    pairs = zip(numbers, (line[:MARKED_BY] for line in lines), strict=True)
    return Fix(tuple(Edit(number, 1, start, " " * lacking + start) for number, start in pairs))


def _replaced(source: Source, number: int, old: str, new: str) -> Fix | None:
    """The first place of a text on a line."""
    at = source.lines[number - 1].find(old) if old else -1
    return Fix((Edit(number, at + 1, old, new),)) if at >= 0 else None
