"""The bold id that opens a criterion or a task (`**AC-1** …`). Pure."""

import re
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
