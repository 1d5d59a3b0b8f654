"""Marks in the details of a task: `_Requirements: 1.1, 2.3_`, `**Validates: Requirements 1.2**`, `_Depends: 1.2_`, `_Boundary: Name_`. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice


class MarkKind(StrEnum):
    PROVES = "requirements"
    AFTER = "depends"
    BOUNDARY = "boundary"


_KEY = (
    r"(?P<key>requirements?|要件|validates|depends(?:[ \t]on)?|dependenc(?:y|ies)|boundar(?:y|ies))"
    r"(?P<closed>[_*]{0,3})[ \t]*[:：](?P<after>[_*]{0,3})[ \t]*"
)
_AT_START = re.compile(rf"(?:[-*+][ \t]+)?(?P<opened>[_*]{{0,3}}){_KEY}", re.IGNORECASE)
_INSIDE = re.compile(rf"(?<![^\s(（「])(?P<opened>[_*]{{1,3}}){_KEY}", re.IGNORECASE)

_KINDS = {
    "re": MarkKind.PROVES,
    "要件": MarkKind.PROVES,
    "va": MarkKind.PROVES,
    "de": MarkKind.AFTER,
    "bo": MarkKind.BOUNDARY,
}

_SAID = re.compile(r"\(depends[ \t]on[ \t]([^()]{1,400})\)", re.IGNORECASE)

MAX_MARKS = 20
"""Marks of one line that are looked at; honest lines have one, a few have two."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a mark says, and on which line it stands."""

    kind: MarkKind
    value: str
    line: int


def marks_in(text: str, line: int) -> Iterator[Mark]:
    """The marks of one line. At its start a mark needs no emphasis; within a sentence only emphasis tells it from prose."""
    plain = text.strip()
    first = _AT_START.match(plain)
    found = [first] if first is not None else []
    found += islice(_INSIDE.finditer(plain, first.end() if first is not None else 0), MAX_MARKS)
    yield from _marks(plain, found, line)


def marks_in_title(title: str, line: int) -> Iterator[Mark]:
    """The marks that stand behind a title, and `(depends on 1.2)`."""
    yield from _marks(title, list(islice(_INSIDE.finditer(title), MAX_MARKS)), line)
    for said in islice(_SAID.finditer(title), MAX_MARKS):
        yield Mark(MarkKind.AFTER, said[1].strip(), line)


def _marks(plain: str, found: list[re.Match[str]], line: int) -> Iterator[Mark]:
    ends = [match.start() for match in found[1:]] + [len(plain)]
    for match, end in zip(found, ends, strict=False):
        value = _value(match, plain[match.end() : end])
        yield Mark(_KINDS[match["key"][:2].lower()], value, line)


def _value(match: re.Match[str], text: str) -> str:
    """The text up to the emphasis that was opened before the key, unless that is closed there already."""
    opened = match["opened"]
    if opened and not match["closed"] and not match["after"]:
        closing = re.compile(rf"{re.escape(opened)}(?=$|[\s.,;:)）」、。])").search(text)
        text = text[: closing.start()] if closing is not None else text
    return text.strip().rstrip("_").strip() if opened == "_" else text.strip()
