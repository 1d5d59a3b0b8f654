"""The words that put things in an order, and the clauses they stand in. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.core.specs.formats.speckit.references import placed_references


class Relation(StrEnum):
    """Which side of a word waits for the other: `A depends on B`, `A blocks B`. The strong ones mean an order wherever they stand."""

    AFTER = "after"
    BEFORE = "before"
    WEAK_AFTER = "weak after"
    WEAK_BEFORE = "weak before"

    @property
    def is_strong(self) -> bool:
        return self in (Relation.AFTER, Relation.BEFORE)

    @property
    def is_forward(self) -> bool:
        """True when what stands before the word waits for what stands behind it."""
        return self in (Relation.AFTER, Relation.WEAK_AFTER)


@dataclass(frozen=True, slots=True)
class Word:
    """A relation and where its word stands."""

    relation: Relation
    start: int
    end: int


_ONLY = r"(?:\s+(?:only|solely|just|mainly|mostly))?"
_AFTER = rf"depends?{_ONLY}\s+(?:up)?on\b:?|depends:|dependenc(?:y|ies):|blocked\s+(?:by|on)\b|waits?\s+for\b|prerequisites?:"
_BEFORE = r"block(?:s|ing)\b|block(?=\s(?:T[0-9]|US|phase|all\b))|prerequisites?\s+(?:for|of|to)\b"
_WEAK_AFTER = r"dependent\s+(?:up)?on\b|dependenc(?:y|ies)\s+on\b|requires?\b|needs?\b|after\b|once\b|until\b|follows?\b|as\s+soon\s+as\b"
_WEAK_BEFORE = r"before\b|precedes?\b"
_RELATION = re.compile(
    rf"\b(?:(?P<after>{_AFTER})|(?P<before>{_BEFORE})|(?P<weak_after>{_WEAK_AFTER})|(?P<weak_before>{_WEAK_BEFORE}))",
    re.IGNORECASE,
)
_DENIED = re.compile(r"(?:\b(?:no|not|never|without|zero)|n't)(?:\s+[\w-]{1,20}){0,2}\s+\Z", re.IGNORECASE)
ARROW = re.compile(r"\s*(?:→|⟶|➜|[-=]{1,2}>)\s*")
_BOLD_LABEL = re.compile(r"\*\*(?P<label>[^*]{1,150})(?::\*\*|\*\*\s?:)\s*(?P<body>.*)")
_BULLET = re.compile(r"(?:[-*+]|[0-9]{1,6}[.)])\s+")
_MARKS = re.compile(r"\*\*|__|`")
_LETTERS = re.compile(r"[A-Za-z]+")
_NUMBER_FOLLOWS = re.compile(r"\s*(?:tasks?\s+|completing\s+|completion\s+of\s+)?(?:T[0-9]{3}|[Pp]hases?\s+[0-9])")
_NONE = frozenset({"", "none", "no", "nothing", "n/a", "na"})
_SMALL = frozenset(
    {
        *("a", "all", "also", "and", "are", "be", "been", "being", "both", "but", "could", "can", "each"),
        *("either", "every", "in", "is", "it", "its", "just", "may", "must", "only", "or", "s", "should", "that"),
        *("the", "then", "these", "they", "this", "which", "will", "work", "begin", "begins", "build"),
        *("built", "complete", "completed", "completes", "completion", "done", "executed", "exist"),
        *("exists", "finished", "implement", "implemented", "land", "lands", "proceed", "run", "runs"),
        *("start", "started", "starts", "entirely", "fully", "immediately", "mostly", "parallel", "safely"),
        *("simply", "phase", "stories", "story", "task", "tasks"),
    }
)
"""Words that name no subject of their own: `US3: can start only after US1` is about US3, `US3: its screens need US1` is about its screens."""

DENIAL_REACH = 60
"""Characters before a word such as `depends` in which a `no` denies it."""

MAX_LABEL = 150
"""Characters of what may stand before a colon as a label; more is a sentence with a colon in it."""

MAX_NONE = 40
"""Characters of a text that may mean nothing at all, punctuation included."""


def own_words(text: str) -> list[str]:
    """The words but small ones."""
    return [word for word in _LETTERS.findall(text) if word.lower() not in _SMALL]


def has_own_words(text: str) -> bool:
    return bool(own_words(text))


def without_names(text: str) -> str:
    """The text with its names blanked, every other character at its place."""
    kept, at = [], 0
    for start, end, _ in placed_references(text):
        kept += [text[at:start], " " * (end - start)]
        at = end
    return "".join([*kept, text[at:]])


def first_own_word(text: str) -> int:
    """Where the first word stands that is neither a name nor small; behind the text when there is none."""
    words = _LETTERS.finditer(without_names(text))
    return next((found.start() for found in words if found.group().lower() not in _SMALL), len(text))


def relations(text: str, start: int = 0) -> list[Word]:
    """The words that put things in an order, from `start` on, a colon included; those that a `no` before them denies are left out."""
    return [
        Word(_kind(one), one.start(), one.end() + text.startswith(":", one.end()))
        for one in _RELATION.finditer(text, start)
        if _DENIED.search(text[max(0, one.start() - DENIAL_REACH) : one.start()]) is None
    ]


def has_relation(text: str) -> bool:
    """True when any word that puts things in an order stands there, denied or not."""
    return _RELATION.search(text) is not None


def opening_relation(text: str) -> Word | None:
    """The relation that a text opens with."""
    found = _RELATION.match(text)
    return Word(_kind(found), found.start(), found.end()) if found is not None else None


def _kind(found: re.Match[str]) -> Relation:
    return Relation((found.lastgroup or "").replace("_", " "))


def number_follows(text: str, at: int) -> bool:
    """True when the number of a task or a phase stands right there."""
    return _NUMBER_FOLLOWS.match(text, at) is not None


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


def unmarked(text: str) -> str:
    """The text without bold letters and backticks."""
    return _MARKS.sub("", text)


def plain(line: str) -> str:
    """The line without its bullet, bold letters and backticks, blanks folded."""
    return unmarked(_without_bullet(line))


def _without_bullet(line: str) -> str:
    text = " ".join(line.split())
    found = _BULLET.match(text)
    return text[found.end() :] if found is not None else text


def labelled(line: str) -> tuple[str, str]:
    """A line without its bullet and marks: what stands in bold letters or otherwise before the first colon, and the rest. The label is empty
    where there is none; a colon in parentheses makes none."""
    text = _without_bullet(line)
    found = _BOLD_LABEL.match(text)
    if found is not None:
        return unmarked(found["label"]), unmarked(found["body"])
    text = unmarked(text)
    depth = 0
    for index, char in enumerate(text[:MAX_LABEL]):
        depth += (char == "(") - (char == ")")
        if char == ":" and not depth and text[index + 1 : index + 2] in ("", " "):
            return text[:index], text[index + 1 :].lstrip()
    return "", text


def says_none(text: str) -> bool:
    """True for what stands where nothing is waited for: `None`, `-`, `n/a`."""
    return len(text) <= MAX_NONE and text.strip(" :.,;!?-–—()[]*_").lower() in _NONE
