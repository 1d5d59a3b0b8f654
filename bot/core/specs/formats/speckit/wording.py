"""The words that put things in an order, and the clauses they stand in. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.specs.formats.speckit.references import Kind, Reference, references

Names = tuple[Reference, ...]


_STRONG_AFTER = (
    r"depends?\s+(?:up)?on\b:?|depends:|dependenc(?:y|ies):|blocked\s+(?:by|on)\b|waits?\s+for\b|prerequisites?:"
)
_STRONG_BEFORE = r"block(?:s|ing)\b|block(?=\s(?:T[0-9]|US|phase|all\b))|prerequisites?\s+(?:for|of|to)\b"
_WEAK_AFTER = r"dependent\s+(?:up)?on\b|dependenc(?:y|ies)\s+on\b|requires?\b|needs?\b|after\b|once\b|until\b|follows\b"
_WEAK_BEFORE = r"before\b|precedes?\b"
RELATION = re.compile(
    rf"\b(?:(?P<strong_after>{_STRONG_AFTER})|(?P<strong_before>{_STRONG_BEFORE})"
    rf"|(?P<weak_after>{_WEAK_AFTER})|(?P<weak_before>{_WEAK_BEFORE}))",
    re.IGNORECASE,
)
_DENIED = re.compile(r"(?:\b(?:no|not|never|without|zero)|n't)(?:\s+[\w-]{1,20}){0,2}\s+\Z", re.IGNORECASE)
_STOP = re.compile(
    r"\b(?:in\s+parallel|parallel\w*|independent\w*|so|since|because|but|if|unless|while|not|can|may|could|should|must|without|which|that|then"
    r"|however|though|benefits?)\b",
    re.IGNORECASE,
)
ARROW = re.compile(r"\s*(?:→|⟶|➜|[-=]{1,2}>)\s*")
ANY_ARROW = re.compile(r"[→⟶➜←⟵]|[-=]>|<[-=]")
DRAWN = frozenset("▼▲►◄↓↑└├")
_LABEL = re.compile(r"(?P<label>[^:]{1,150}):(?:\s+(?P<body>.*))?\Z")
_BULLET = re.compile(r"(?:[-*+]|[0-9]{1,6}[.)])\s+")
MARKS = re.compile(r"\*\*|__|`")
_NUMBER_FOLLOWS = re.compile(r"\s*(?:tasks?\s+|completing\s+|completion\s+of\s+)?(?:T[0-9]{3}|[Pp]hases?\s+[0-9])")
_NONE = frozenset({"", "none", "no", "nothing", "n/a", "na"})

MAX_NONE = 40
"""Characters of a text that may mean nothing at all, punctuation included."""

DENIAL_REACH = 60
"""Characters before a word such as `depends` in which a `no` denies it."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text twice: what stands outside of its parentheses and what stands inside, each with every character at its place."""

    outside: str
    inside: str

    def __getitem__(self, part: slice) -> "Text":
        return Text(self.outside[part], self.inside[part])

    @property
    def names(self) -> Names:
        """What is named outside of parentheses; inside them when nothing in particular is named outside."""
        outside = references(self.outside)
        if any(one.kind not in (Kind.STORIES, Kind.EVERYTHING) for one in outside):
            return outside
        return references(self.inside) or outside

    @property
    def objects(self) -> Names:
        """What is named up to the first word that ends a list of objects."""
        stop = _STOP.search(self.outside)
        return self.names if stop is None else self[: stop.start()].names


def parsed(text: str) -> Text:
    """The text with its parentheses taken apart, nested and unclosed ones too."""
    outside: list[str] = []
    depth = 0
    for char in text:
        depth += char == "("
        outside.append(" " if depth else char)
        depth -= char == ")" and depth > 0
    inside = (" " if plain == char else char for plain, char in zip(outside, text, strict=True))
    return Text("".join(outside), "".join(inside))


def clauses(text: str) -> Iterator[str]:
    """The text cut at full stops, semicolons and dashes between words, none of them inside parentheses."""
    depth = start = 0
    for index, char in enumerate(text):
        if char == "(":
            depth += 1
        elif char == ")":
            depth = max(0, depth - 1)
        elif not depth and char in ".!?;–—-" and _ends_clause(text, index):
            yield text[start:index]
            start = index + 1
    yield text[start:]


def _ends_clause(text: str, at: int) -> bool:
    char, after = text[at], text[at + 1 : at + 2]
    if char in "–—-":
        return after == " " and text[at - 1 : at] == " "
    return char == ";" or after in ("", " ")


def plain(line: str) -> str:
    """The line without its bullet, bold letters and backticks."""
    text = " ".join(line.split())
    found = _BULLET.match(text)
    return MARKS.sub("", text[found.end() :] if found is not None else text)


def labelled(text: str) -> tuple[str, str]:
    """What stands before the first colon, and the rest; the label is empty where there is none."""
    found = _LABEL.match(text)
    return (found["label"], found["body"] or "") if found is not None else ("", text)


def relations(text: str) -> list[re.Match[str]]:
    return [one for one in RELATION.finditer(text) if not denied(text, one.start())]


def names_number(found: re.Match[str]) -> bool:
    return _NUMBER_FOLLOWS.match(found.string, found.end()) is not None


def denied(text: str, at: int) -> bool:
    return _DENIED.search(text[max(0, at - DENIAL_REACH) : at]) is not None


def says_none(text: str) -> bool:
    """True for what stands where nothing is waited for: `None`, `-`, `n/a`."""
    return len(text) <= MAX_NONE and text.strip(" :.,;!?-–—()[]*_").lower() in _NONE
