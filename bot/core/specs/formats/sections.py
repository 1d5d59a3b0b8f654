"""The sections of a native spec: which lines belong under which heading. Pure."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import lru_cache

from bot.core.specs.blocks import Outline


class Section(StrEnum):
    """The headings with a meaning; OTHER is context."""

    INTENT = "intent"
    CONTEXT = "context"
    CONSTRAINTS = "constraints"
    CRITERIA = "acceptance criteria"
    TASKS = "tasks"
    OUT_OF_SCOPE = "out of scope"
    OTHER = ""


HEADINGS = 1_024
"""Headings remembered with what they mean: the specs of a repository have the same few, and comparing words takes longer than parsing one."""

_NAMED = {section.value: section for section in Section if section is not Section.OTHER}


@lru_cache(maxsize=HEADINGS)
def section_of(heading: str) -> Section:
    """The section that a heading opens, whatever its case; OTHER for unknown ones."""
    return _NAMED.get(" ".join(heading.strip(" :*_").lower().split()), Section.OTHER)


def nearly_section(heading: str) -> str:
    """The name that a heading with another name is a misspelling of, "" for none."""
    words = " ".join(heading.strip(" :*_").lower().split())[:60]
    if section_of(heading) is not Section.OTHER:
        return ""
    return _nearly(words) or _inner(words)


@lru_cache(maxsize=HEADINGS)
def _nearly(words: str) -> str:
    near = get_close_matches(words, _NAMED, n=1, cutoff=0.85)
    return near[0] if near else ""


@lru_cache(maxsize=HEADINGS)
def _inner(words: str) -> str:
    """The name that is left of a heading without its number, its pictures and what stands in brackets, "" for none."""
    found = _INNER.fullmatch(words)
    name = " ".join(found["name"].replace("-", " ").split()) if found is not None else ""
    return name if name in _NAMED else ""


_INNER = re.compile(r"[\W\d_]*(?P<name>[a-z][a-z -]*[a-z])[\W\d_]*(?:\([^()]*\)|\[[^\[\]]*\])?[\W\d_]*")
_LIKE_HEADING = re.compile(
    r"(?P<marks>#{1,6})?(?P<bold>\*\*|__)?(?P<name>[A-Za-z][A-Za-z ]{3,30}[a-z])\s*:?\s*(?:\*\*|__)?\s*:?"
)


def heading_words(paragraph: str) -> str:
    """The heading as which a paragraph of one line was plainly meant: `##Tasks`, `**Tasks**`, `Tasks:`. "" for none, and for
    bold words that lose nothing: many write `**Context**` in front of a paragraph."""
    found = _LIKE_HEADING.fullmatch(paragraph.strip()) if len(paragraph) < MAX_HEADING else None
    section = section_of(found["name"]) if found is not None else Section.OTHER
    if found is None or section is Section.OTHER:
        return ""
    listed = section in (Section.CRITERIA, Section.TASKS) and (found["bold"] or paragraph.rstrip().endswith(":"))
    return f"{found['marks'] or '##'} {found['name'].strip()}" if found["marks"] or listed else ""


MAX_HEADING = 80
"""Characters of a line that may be meant as one of our headings."""


@dataclass(frozen=True, slots=True)
class Part:
    """A section's lines. `start` is the line after the heading, `end` the last line, both from 1; empty when `end` < `start`."""

    section: Section
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sections:
    """A document cut into parts, none overlapping, in order."""

    parts: tuple[Part, ...]
    _by_line: tuple[Section, ...]

    def at(self, line: int) -> Section:
        """The section a line belongs to; headings belong to the section above them."""
        return self._by_line[line - 1] if 0 < line <= len(self._by_line) else Section.OTHER

    def of(self, *wanted: Section) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.section in wanted)


def cut(outline: Outline, lines: int) -> Sections:
    """The document cut at the headings that open or close a section, the text before the first one included.

    A heading with a known name opens its section at any level; any other heading closes the section above it unless it stands below it.
    """
    starts: list[tuple[Section, int]] = [(Section.OTHER, 1)]
    ends: list[int] = []
    level = 0
    for heading in outline.headings:
        section = section_of(heading.text)
        if section is Section.OTHER and level and heading.level > level:
            continue
        ends.append(heading.line - 1)
        starts.append((section, heading.end_line + 1))
        level = heading.level if section is not Section.OTHER else 0
    ends.append(lines)
    parts = tuple(Part(section, start, end) for (section, start), end in zip(starts, ends, strict=True))
    by_line = [Section.OTHER] * lines
    for part in parts:
        for line in range(part.start, part.end + 1):
            by_line[line - 1] = part.section
    return Sections(parts, tuple(by_line))
