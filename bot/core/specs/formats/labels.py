"""The bold id that opens a criterion or a task (`**AC-1** …`). Pure."""

import re
from collections.abc import Container
from dataclasses import dataclass

_ID = r"[A-Za-z]{1,12}-[0-9]{1,6}(?:\.[0-9]{1,4})?"
_LABEL = re.compile(
    rf"(?P<box>\[[ xX]\]\s+)?(?P<bold>\*\*|__)\s?(?P<id>{_ID})\s?:?(?P=bold):?(?:\s+|$)(?P<rest>.*)", re.DOTALL
)
_PLAIN = re.compile(rf"(?:\[[ xX]\]\s+)?[*_`]{{0,2}}(?P<id>{_ID})\b")
_BARE = re.compile(
    rf"(?:\[[ xX]\]\s+)?(?P<written>(?P<mark>[*_`]?)(?P<id>{_ID})(?P=mark)(?:[.)]|[ ]+[-–—](?=[ ]))?)(?=:?(?:\s|$))"
)
_REFERENCE = re.compile(rf"{_ID}\Z")


@dataclass(frozen=True, slots=True)
class Label:
    """An item's id (upper case), whether its box is ticked (None without a box), and the text after the id."""

    item_id: str
    ticked: bool | None
    rest: str

    @property
    def prefix(self) -> str:
        return self.item_id.partition("-")[0]


def read_label(text: str) -> Label | None:
    """The label that opens an item's first paragraph, None when there is none."""
    found = _LABEL.match(text)
    if found is None:
        return None
    box = found["box"]
    return Label(found["id"].upper(), None if box is None else "x" in box.lower(), found["rest"])


def nearly_labelled(text: str) -> str:
    """The id that an item opens with although it is not bold, "" for none."""
    found = _PLAIN.match(text)
    return found["id"].upper() if found is not None else ""


@dataclass(frozen=True, slots=True)
class PlainLabel:
    """An id that opens an item, not bold but plain, slanted or as code. `written` is all of it, with the full stop, bracket or dash that parts
    it from the text."""

    item_id: str
    written: str

    @property
    def prefix(self) -> str:
        return self.item_id.partition("-")[0].upper()


def plain_label(text: str) -> PlainLabel | None:
    """The plain id that an item opens with as a word of its own, None when it opens otherwise."""
    found = _BARE.match(text)
    return PlainLabel(found["id"], found["written"]) if found is not None else None


def is_id(text: str) -> bool:
    return _REFERENCE.match(text) is not None


_OPENS = re.compile(
    rf"(?:[ \t\u00a0|>#]|[-+\u2022\u00b7\u25e6\u25aa\u2013\u2014]|\*[ \t\u00a0]|[0-9]{{1,9}}[.)][ \t]|<[^<>]{{1,80}}>|\[[ xX]\]){{0,20}}(?P<bold>\*\*|__|(?<=<b>)|(?<=<strong>))?"
    rf"(?P<id>{_ID})(?P<after>(?(bold)(?:[*_<:.)\s]|$)|\s*(?:[:|)<]|\.(?:\s|$)|[-–—]\s|$)))"
)


@dataclass(frozen=True, slots=True)
class OpeningId:
    """An id that opens a line, behind whatever makes a heading, a row, a quote or an item of it. `written` is the id as it stands there."""

    written: str
    bold: bool

    @property
    def item_id(self) -> str:
        return self.written.upper()


def opening_id(line: str) -> OpeningId | None:
    """The id that names what follows on a line: a bold one, or a plain one with `:`, a full stop, a dash or a bar behind it."""
    found = _OPENS.match(line)
    return OpeningId(found["id"], found["bold"] is not None) if found is not None else None


_MISSHAPEN = re.compile(
    r"(?:\[[^\]]{0,2}\])?\W{0,8}(?P<prefix>[A-Za-z]{1,12})[ _\u2010-\u2015]?(?P<number>[0-9]{1,6})(?![0-9A-Za-z])"
)
_NEAR_START = re.compile(rf"(?<![\w-])(?P<id>{_ID})(?![\w-])")

MAX_BEFORE = 24
"""Characters before an id that may be a mark, a box or a tag in front of it."""


def misshapen_id(text: str, prefixes: Container[str]) -> str:
    """The id that an item plainly was to open with: `AC1`, `AC 1`, `[AC-1]`, `:star: **AC-1**`; "" for none. Only known prefixes count."""
    found = _MISSHAPEN.match(text)
    if found is not None and found["prefix"].upper() in prefixes:
        return f"{found['prefix'].upper()}-{found['number']}"
    near = _NEAR_START.search(text, 0, MAX_BEFORE + 20)
    known = near is not None and near.start() <= MAX_BEFORE and near["id"].partition("-")[0].upper() in prefixes
    return near["id"].upper() if near is not None and known else ""
