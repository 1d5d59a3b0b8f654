"""Numbered items of a requirements or bugfix file: `1. WHEN …` in a list, `2.1 WHEN …` at the start of a line, `- 2.1 WHEN …`. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.specs.blocks import BlockKind, Item
from bot.core.specs.formats.foreign import Page

_DOTTED = re.compile(
    r"(?:\*\*|__)?(?P<number>\d{1,6}(?:\.\d{1,6}){1,3}[a-z]?)[.):]?(?:\*\*|__)?:?[ \t]+(?=\S)", re.IGNORECASE
)
"""`3.1 …`, `3.1. …`, `**3.1** …`: how bugfixes number their items."""

_PLAIN = re.compile(r"(?P<number>\d{1,6})[.)][ \t]+(?=\S)")
"""`2. …` within a paragraph, where Markdown sees no list: it follows an item that was none either."""

_LETTERED = re.compile(r"(?P<number>\d{1,6}[a-z])[.)][ \t]+(?=\S)")
"""`4a. …`, put between two items later; Markdown takes it for another line of the item above."""

_EARS = re.compile(r"(?:WHEN|WHILE|IF|WHERE|GIVEN|THE)(?![A-Za-z])")
"""How a criterion opens: a number before it in the middle of a paragraph is an item's."""


@dataclass(frozen=True, slots=True)
class NumberedItem:
    """An item that has a number, from its first to its last possible line: the next item or heading may end it earlier.

    `label` is how many characters of its first line's text are the number. `in_list`: Markdown shows it as a list item, so all in it is its own.
    """

    line: int
    end: int
    number: str
    label: int
    in_list: bool


def numbered_items(page: Page) -> list[NumberedItem]:
    """All items with numbers, in order, none inside another one of a list."""
    found = [*_listed(page), *_at_line_starts(page)]
    return sorted(found, key=lambda item: item.line)


def bullets(page: Page) -> list[NumberedItem]:
    """The items of outermost lists without numbers, for sections in which nothing is numbered."""
    plain = [item for item in page.outline.items if item.depth == 1 and not item.number]
    return [NumberedItem(item.line, item.end_line, "", 0, True) for item in plain]


def _listed(page: Page) -> Iterator[NumberedItem]:
    """Items of numbered lists that are in no other numbered item, and bullets that open with a number of their own."""
    inside: list[tuple[Item, bool]] = []
    for item in page.outline.items:
        while inside and inside[-1][0].depth >= item.depth:
            inside.pop()
        numbered = bool(inside) and inside[-1][1]
        first = item.first_text
        own = _DOTTED.match(first.content) if first is not None and not item.number else None
        inside.append((item, numbered or bool(item.number) or own is not None))
        if numbered:
            continue
        if item.number:
            yield NumberedItem(item.line, item.end_line, item.number, 0, True)
        elif own is not None:
            yield NumberedItem(item.line, item.end_line, own["number"], own.end(), True)


def _at_line_starts(page: Page) -> Iterator[NumberedItem]:
    """Numbers at the start of a line. One that opens a paragraph counts; within a paragraph, where a number may also be part of a sentence, it
    counts before a keyword, and when it follows the number before it."""
    listed = {item.blocks[0].line: item.number for item in page.outline.items if item.number and item.blocks}
    previous = ""
    for block in page.outline.blocks:
        previous = listed.get(block.line, previous)
        if block.kind is not BlockKind.TEXT:
            continue
        for offset, text in enumerate(block.content.split("\n")):
            line = block.line + offset
            if is_quoted(page, line) or (block.depth and (offset == 0 or _is_indented(page, line))):
                continue
            label = _DOTTED.match(text) or _LETTERED.match(text) or (_PLAIN.match(text) if offset else None)
            if label is None:
                continue
            opens = offset == 0 or _EARS.match(text, label.end()) is not None
            if not opens and not _follows(previous, label["number"]):
                continue
            previous = label["number"]
            yield NumberedItem(line, len(page.source.lines), previous, label.end(), False)


def is_quoted(page: Page, line: int) -> bool:
    """True for lines of a block quote: what somebody else says."""
    return line <= len(page.source.lines) and page.source.lines[line - 1].lstrip().startswith(">")


def _is_indented(page: Page, line: int) -> bool:
    return line > len(page.source.lines) or page.source.indent(line) > 1


def _follows(previous: str, number: str) -> bool:
    """True for `2.5` after `2.4`, `3.1` after `3`, `5` after `4` or `4b`, and for `4a` after anything: that is no number of a sentence."""
    if not number[-1].isdigit():
        return True
    before, _, last = previous.rpartition(".")
    mine, _, now = number.rpartition(".")
    if mine and mine == previous:
        return int(now) == 1
    last = last.rstrip("abcdefghijklmnopqrstuvwxyz")
    return mine == before and last.isdigit() and int(now) == int(last) + 1
