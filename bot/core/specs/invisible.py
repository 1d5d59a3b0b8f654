"""Characters that people do not see: found, counted and removed before anything reads the text. Pure.

What honest writing needs stays: one variation selector after a symbol, joiners inside emoji and inside scripts that use them, direction
marks beside right-to-left letters.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Set
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    BIDI = "bidi"
    INVISIBLE = "invisible"
    CONTROL = "control"


@dataclass(frozen=True, slots=True)
class Removed:
    """What was removed from one line: how many characters of which kind, and the first one's code point."""

    line: int
    column: int
    kind: Kind
    count: int
    first: str


_BIDI = "\u202a-\u202e\u2066-\u2069"
_CONTROL = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029"
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u2065\u206a-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff\ue000-\uf8ff\U000f0000-\U0010ffff"
)
_SUSPECT = re.compile(f"[{_BIDI}{_CONTROL}{_INVISIBLE}]")
_BIDI_CHARS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SEPARATORS = frozenset("\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
"""Controls that stand between words; a blank takes their place, so that two words never become one."""

_SELECTORS = frozenset("\ufe0e\ufe0f")
_JOINERS = frozenset("\u200c\u200d")
_DIRECTION_MARKS = frozenset("\u200e\u200f\u061c")


ALL_KINDS: Set[Kind] = frozenset(Kind)


def remove_invisible(text: str, kinds: Set[Kind] = ALL_KINDS) -> tuple[str, tuple[Removed, ...]]:
    """The text as people see it, and what was taken out, by line. Line ends (`\\n`) stay where they are."""
    if _SUSPECT.search(text) is None:
        return text, ()
    lines: list[str] = []
    removed: list[Removed] = []
    for number, line in enumerate(text.split("\n"), 1):
        clean, found = _clean_line(line, number, kinds)
        lines.append(clean)
        removed.extend(found)
    return "\n".join(lines), tuple(removed)


def _clean_line(line: str, number: int, kinds: Set[Kind]) -> tuple[str, list[Removed]]:
    counts: Counter[Kind] = Counter()
    firsts: dict[Kind, tuple[int, str]] = {}
    parts: list[str] = []
    done = 0
    left = ""
    for match in _SUSPECT.finditer(line):
        at = match.start()
        char = match.group()
        kind = _kind(char)
        before = line[at - 1] if at > done else left
        if kind not in kinds or _honest(char, before, line[at + 1 : at + 2]):
            continue
        parts.append(line[done:at])
        left = before
        if char in _SEPARATORS:
            parts.append(" ")
            left = " "
        done = at + 1
        counts[kind] += 1
        firsts.setdefault(kind, (at + 1, f"U+{ord(char):04X}"))
    parts.append(line[done:])
    found = [Removed(number, firsts[kind][0], kind, counts[kind], firsts[kind][1]) for kind in Kind if counts[kind]]
    return "".join(parts), found


def _kind(char: str) -> Kind:
    if char in _BIDI_CHARS:
        return Kind.BIDI
    return Kind.CONTROL if char < "\xa0" or char in _SEPARATORS else Kind.INVISIBLE


def _honest(char: str, before: str, after: str) -> bool:
    """True where the character does a visible job between its neighbours: what is left before it, and what stands behind it."""
    if char in _SELECTORS:
        return _symbol(before) or (before.isascii() and before in "#*0123456789" and after == "\u20e3" and bool(before))
    if char in _JOINERS:
        if _symbol(after):
            return char == "\u200d" and (_symbol(before) or before == "\ufe0f")
        return _joined_script(before) and _joined_script(after)
    if char in _DIRECTION_MARKS:
        return _right_to_left(before) or _right_to_left(after)
    return False


def _symbol(char: str) -> bool:
    seen = bool(char) and not char.isascii() and _SUSPECT.match(char) is None
    return seen and unicodedata.category(char) in ("So", "Sk", "Sm", "Po")


def _joined_script(char: str) -> bool:
    """Letters and marks of scripts without case (Arabic, Devanagari, …), where joiners change the shape."""
    return bool(char) and unicodedata.category(char) in ("Lo", "Mn", "Mc") and _SUSPECT.match(char) is None


def _right_to_left(char: str) -> bool:
    return bool(char) and unicodedata.bidirectional(char) in ("R", "AL") and _SUSPECT.match(char) is None
