"""The mark `(accept)` behind a criterion's id, and what is nearly that. Pure."""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from bot.core.specs.blocks import Item
from bot.core.specs.formats.labels import Label
from bot.core.specs.model import Edit, Finding, Fix
from bot.core.specs.rules import reading
from bot.core.specs.source import Source

ACCEPT = re.compile(r"\(\s*accept\s*\)\s*", re.IGNORECASE)
"""The mark itself, right behind the id."""

_NEARLY = re.compile(
    r"(?:[-–—]\s*)?[*_`]{0,2}(?:[(\[{（]\s*(?P<word>[A-Za-z]{5,12})\s*[)\]}）][*_`]{0,2}(?![A-Za-z])|(?P<plain>accept(?:ed|ance)?)\s*:(?!\S))",
    re.IGNORECASE,
)
_MAY_BE = re.compile(r"\A[-–—*_`]*\s*(?:[(\[{（]|accept)|\)[\s.]*\Z", re.IGNORECASE)
"""Cheap test before the careful ones."""

_LAST = re.compile(r"\(\s*accept(?:ed|ance)?\s*\)[\s.]*\Z", re.IGNORECASE)
_BY_A_PERSON = ("manual", "manually", "human", "person")


def nearly_accepted(source: Source, item: Item, label: Label) -> Iterator[Finding]:
    """What is said of a criterion without the mark whose text opens or ends with something like it."""
    text = label.rest
    if _MAY_BE.search(text) is None:
        return
    opening = _NEARLY.match(text)
    word = (opening["word"] or opening["plain"]).lower() if opening is not None else ""
    likely = word in _BY_A_PERSON or bool(get_close_matches(word, ("accept",), n=1, cutoff=0.7))
    if opening is not None and likely:
        yield _finding(source, item, opening.group().strip(), mended=word not in _BY_A_PERSON)
    elif (last := _LAST.search(text, max(0, len(text) - 40))) is not None:
        yield _finding(source, item, last.group().strip(), mended=False)


def _finding(source: Source, item: Item, written: str, *, mended: bool) -> Finding:
    first = item.first_text
    line, column = item.line, source.indent(item.line) + 1
    for number in range(item.line, first.end_line + 1 if first is not None else item.line):
        at = source.lines[number - 1].find(written)
        if at >= 0:
            line, column = number, at + 1
            break
    found = source.lines[line - 1].startswith(written, column - 1)
    fix = Fix((Edit(line, column, written, "(accept)"),)) if mended and found else None
    message = f"`{written[:30]}` is no mark here, so this criterion is not left to a person."
    hint = "Write `(accept)` right behind the bold id."
    return reading.NEARLY_ACCEPT.finding(source.position(line, column), message, hint, fix)
