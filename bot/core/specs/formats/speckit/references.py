"""What the prose of a task list refers to: tasks, phases and stories, by number, in lists and in ranges. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """NAMED is a phase by its usual name, STORIES every story phase, EVERYTHING every phase."""

    TASK = "task"
    PHASE = "phase"
    STORY = "story"
    NAMED = "named"
    STORIES = "stories"
    EVERYTHING = "everything"


Key = tuple[int, int, str]
"""A number as it is written: `12`, `3.1`, `5a` are (12, 0, ""), (3, 1, ""), (5, 0, "a")."""

OPEN = (10**9, 0, "")
"""The end of `Phase 3+`; higher than any number read."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One thing named, or a range of them. `name` is the lower-case word of a NAMED one, `text` is what was written."""

    kind: Kind
    low: Key = (0, 0, "")
    high: Key = (0, 0, "")
    name: str = ""
    text: str = ""


_TASK = r"\b(?-i:T)(?P<task>[0-9]{3,6}[a-z]?)(?:(?:\s?[–—-]\s?|\s(?:to|through)\s|\.{2,3})(?-i:T)(?P<task_to>[0-9]{3,6}[a-z]?)|[–—-](?P<to>[0-9]{3,6}))?\b"
_PHASE_NUMBER = r"[0-9]{1,4}(?:\.[0-9]{1,3})?\b"
_PHASE = (
    rf"\bphases?\s+(?P<phases>{_PHASE_NUMBER}(?:(?:\s*[,&+/]\s*(?:and\s+)?|[–—-]|\s+(?:and|to|through)\s+)(?:phases?\s+)?"
    rf"{_PHASE_NUMBER})*\+?)"
)
_STORY_NUMBER = r"[0-9]{1,4}[a-z]?\b"
_STORY_WORD = r"(?:(?-i:US)[-\s]?|(?:user\s+)?stor(?:y|ies)\s+)"
_JOINED = rf"(?:\s*[&+/]\s*|[–—-])(?:{_STORY_WORD})?{_STORY_NUMBER}"
_AND = r"(?:\s*,\s*(?:and\s+)?|\s+(?:and|to|through)\s+)"
_STORY = (
    rf"\b(?:user\s+)?stories\s+(?P<several>{_STORY_NUMBER}(?:{_JOINED}|{_AND}(?:{_STORY_WORD})?{_STORY_NUMBER})*)"
    rf"|\b{_STORY_WORD}(?P<story>{_STORY_NUMBER}(?:{_JOINED}|{_AND}{_STORY_WORD}{_STORY_NUMBER})*)"
)
_NAMED = r"\b(?P<named>(?-i:Setup|Foundation(?:al)?|Polish))\b"
_SOME = r"\s+(?:(?!setup|foundation|polish|phase)[\w-]{1,30}\s+){0,3}?"
_STORIES = rf"(?P<every_story>\b(?:all|every|any|both|the|these|those){_SOME}stor(?:y|ies)\b|\buser\s+stories\b)"
_EVERYTHING = rf"(?P<everything>\b(?:all|every|any){_SOME}(?:phases?(?!\s+[0-9])|tasks|work)\b|\beverything\b)"

_REFERENCE = re.compile(
    "|".join(f"(?:{one})" for one in (_TASK, _PHASE, _STORY, _STORIES, _EVERYTHING, _NAMED)), re.IGNORECASE
)
_WORDS = re.compile(r"(?:US|(?:user\s+)?stor(?:y|ies)|phases?)[-\s]*", re.IGNORECASE)
_PART = re.compile(
    r"(?P<number>[0-9]+)(?:\.(?P<part>[0-9]+))?(?P<suffix>[A-Za-z]?)|(?P<range>[–—-]|\bto\b|\bthrough\b)"
)


def references(text: str) -> tuple[Reference, ...]:
    """What `text` names, in order, each once. Takes time linear in the text."""
    return tuple(dict.fromkeys(one for found in _REFERENCE.finditer(text) for one in _read(found)))


def placed_references(text: str) -> Iterator[tuple[int, int, tuple[Reference, ...]]]:
    """The same, with where each name or list of names starts and ends."""
    for found in _REFERENCE.finditer(text):
        yield found.start(), found.end(), tuple(_read(found))


def key_of(number: str) -> Key:
    """The key of a number as `Reference` has it; of `12`, `3.1` and `5a`."""
    found = _PART.match(number)
    return _key(found) if found is not None and found["number"] else (0, 0, "")


def _key(part: re.Match[str]) -> Key:
    return int(part["number"]), int(part["part"] or 0), part["suffix"].lower()


def _read(found: re.Match[str]) -> Iterator[Reference]:
    if found["task"]:
        low = key_of(found["task"])
        high = key_of(found["task_to"] or found["to"] or found["task"])
        yield Reference(Kind.TASK, min(low, high), max(low, high), text=found.group())
    elif found["phases"]:
        yield from _listed(Kind.PHASE, "Phase ", found["phases"])
    elif found["several"] or found["story"]:
        yield from _listed(Kind.STORY, "US", found["several"] or found["story"])
    elif found["named"]:
        yield Reference(Kind.NAMED, name=found["named"].lower().removesuffix("al"), text=found["named"])
    else:
        yield Reference(Kind.STORIES if found["every_story"] else Kind.EVERYTHING, text=found.group())


def _listed(kind: Kind, word: str, numbers: str) -> Iterator[Reference]:
    """The elements of `3, 5–7 and 9`, `3+`."""
    last: Key | None = None
    ranged = False
    for part in _PART.finditer(_WORDS.sub("", numbers)):
        if part["range"]:
            ranged = last is not None
            continue
        key = _key(part)
        if ranged and last is not None:
            yield Reference(kind, min(last, key), max(last, key), text=f"{word}{_written(last)}–{_written(key)}")
            last = None
        else:
            if last is not None:
                yield _single(kind, word, last)
            last = key
        ranged = False
    if last is not None:
        open_end = numbers.endswith("+")
        yield Reference(kind, last, OPEN, text=f"{word}{_written(last)}+") if open_end else _single(kind, word, last)


def _single(kind: Kind, word: str, key: Key) -> Reference:
    return Reference(kind, key, key, text=f"{word}{_written(key)}")


def _written(key: Key) -> str:
    number, part, suffix = key
    return f"{number}.{part}{suffix}" if part else f"{number}{suffix}"
