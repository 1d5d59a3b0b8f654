"""The ids of requirements and success criteria: `FR-001`, `SC-02`, `NFR-PERF-3a`. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.core.specs.formats.speckit.numbered import Numbered, bits, union
from bot.core.specs.formats.speckit.references import Key, Reference, key_of
from bot.ids import CriterionId

_PREFIX = r"[A-Za-z][A-Za-z0-9]{0,11}(?:-[A-Za-z][A-Za-z0-9]{0,11}){0,2}"
_NUMBER = r"[0-9]{1,6}(?:\.[0-9]{1,4})?[A-Za-z]{0,2}"
_ID = re.compile(rf"(?P<prefix>{_PREFIX})-(?P<number>{_NUMBER})(?![A-Za-z0-9-])")
_BOX = re.compile(r"\[[ xX]\]\s+")
_BOLD_END = re.compile(r"[^*\n]{0,200}?\*\*|[^_\n]{0,200}?__")
_SEPARATOR = re.compile(r"\s*(?:[:–—]|[-.)](?=\s))\s*")
_ACCEPT = re.compile(r"\s*\(\s*accept\s*\)\s*", re.IGNORECASE)
_PRIORITY = re.compile(r"\s*[(\[]\s*(?:priority:?\s*)?P[0-9]\s*[)\]]\s*\Z", re.IGNORECASE)
_MENTION = re.compile(
    rf"\b(?P<prefix>(?-i:[A-Z][A-Z0-9]{{0,11}}(?:-[A-Z][A-Z0-9]{{0,11}}){{0,2}}))-(?P<low>{_NUMBER})\b"
    rf"(?:(?:\s?[–—-]\s?|\s(?:to|through)\s|\.{{2,3}})(?P=prefix)-(?P<high>{_NUMBER})\b|[–—-](?P<last>[0-9]{{2,6}})\b)?"
)

USUAL_PREFIXES = frozenset({"FR", "NFR", "SC"})
"""The template's own, and the commonest third: one of these in a task's text is meant as a reference even when the spec has none like it."""


@dataclass(frozen=True, slots=True)
class Label:
    """The id that opens a text, and what follows it. `accept`: the mark `(accept)` stands right behind it."""

    criterion_id: CriterionId
    rest: str
    accept: bool
    bold: bool

    @property
    def prefix(self) -> str:
        return self.criterion_id.rpartition("-")[0]


def written(prefix: str, number: str) -> CriterionId:
    """An id as it is kept: the letters before the number in capitals, those behind it small."""
    return CriterionId(f"{prefix.upper()}-{number.lower()}")


def full_id(text: str) -> CriterionId | None:
    """The id that a text consists of, its marks (`**`, backticks) aside."""
    found = _ID.fullmatch(text.strip().strip("*_`~").strip())
    return written(found["prefix"], found["number"]) if found is not None else None


def read_label(text: str) -> Label | None:
    """The label of an item: `**FR-001**: text`, `**FR-001: Title** text`, and without bold letters `FR-001: text`."""
    box = _BOX.match(text)
    start = box.end() if box is not None else 0
    bold = text.startswith(("**", "__"), start)
    found = _ID.match(text, start + 2 * bold)
    if found is None:
        return None
    inside, rest = "", text[found.end() :]
    if bold:
        end = _BOLD_END.match(text, found.end())
        if end is None:
            return None
        inside, rest = text[found.end() : end.end() - 2], text[end.end() :]
    elif _SEPARATOR.match(rest) is None:
        return None
    accept, title = _accepted(_PRIORITY.sub("", inside))
    marked, rest = _accepted(rest)
    folded = f"{title}: {rest}" if title and rest else title or rest
    return Label(written(found["prefix"], found["number"]), folded, accept or marked, bold)


def _accepted(text: str) -> tuple[bool, str]:
    """Whether the mark stands at the start, before or behind the colon, and the text without both."""
    accept, rest = without_accept(_without_separator(text))
    return accept, _without_separator(rest).strip()


def _without_separator(text: str) -> str:
    found = _SEPARATOR.match(text)
    return text[found.end() :] if found is not None else text


def without_accept(text: str) -> tuple[bool, str]:
    """Whether a text opens with the mark `(accept)`, and the text without it."""
    found = _ACCEPT.match(text)
    return (True, text[found.end() :]) if found is not None else (False, text)


class KnownCriteria:
    """The criteria of a spec by number, and those of each story."""

    def __init__(self, ids: Iterable[CriterionId], stories: Mapping[Key, Iterable[CriterionId]]) -> None:
        self._ids = tuple(dict.fromkeys(ids))
        index = {criterion_id: 1 << number for number, criterion_id in enumerate(self._ids)}
        by_prefix: dict[str, dict[Key, int]] = defaultdict(lambda: defaultdict(int))
        for criterion_id in self._ids:
            prefix, _, number = criterion_id.rpartition("-")
            if prefix:
                by_prefix[prefix][key_of(number)] |= index[criterion_id]
        self._by_prefix = {prefix: Numbered(entries) for prefix, entries in by_prefix.items()}
        self._stories = Numbered({key: union(index[one] for one in own) for key, own in stories.items()})

    def proven(self, stories: Iterable[Reference], text: str) -> tuple[tuple[CriterionId, ...], tuple[str, ...]]:
        """What a task with these marks and words proves, in the order of the spec, and the names in them that mean nothing here."""
        mask, unknown = 0, []
        for story in stories:
            found = self._stories.named(story.low, story.high)
            mask |= found or 0
            if found is None:
                unknown.append(story.text)
        for mention in _MENTION.finditer(text):
            found = self._mentioned(mention)
            mask |= found or 0
            if found is None:
                unknown.append(mention.group())
        return tuple(self._ids[one] for one in bits(mask)), tuple(dict.fromkeys(unknown))

    def _mentioned(self, mention: re.Match[str]) -> int | None:
        """The criteria of one mention; 0 for the number of something else, such as `UTF-8`."""
        prefix = mention["prefix"]
        if prefix not in self._by_prefix:
            return None if prefix in USUAL_PREFIXES else 0
        low = key_of(mention["low"].lower())
        high = key_of((mention["high"] or mention["last"] or mention["low"]).lower())
        return self._by_prefix[prefix].named(min(low, high), max(low, high))
