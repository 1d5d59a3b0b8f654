"""A `spec.md` cut at its headings: what each stretch is for. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.core.specs.blocks import Heading
from bot.core.specs.formats.foreign import Page
from bot.core.specs.formats.speckit.criterion_ids import read_label
from bot.core.specs.formats.speckit.references import Kind, references


class Chapter(StrEnum):
    """HEAD is what stands before the first section, FORM the template's own check lists; OTHER is a heading that the template does not know."""

    HEAD = "head"
    INTENT = "intent"
    STORIES = "stories"
    SCENARIOS = "scenarios"
    CRITERIA = "criteria"
    CONTEXT = "context"
    CONSTRAINTS = "constraints"
    OUT_OF_SCOPE = "out of scope"
    FORM = "form"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Stretch:
    """The lines between one heading and the next, the heading itself left out. `story` is the number of the story they belong to, "" for none.

    `opens`: the heading is the story's own. `start` is the first line, `end` the last one; empty when `end` < `start`.
    """

    chapter: Chapter
    story: str
    heading: Heading | None
    start: int
    end: int
    opens: bool = False


_ORDER: tuple[tuple[Chapter, tuple[str, ...]], ...] = (
    (Chapter.FORM, ("review & acceptance checklist", "execution status", "execution flow", "quick guidelines")),
    (Chapter.SCENARIOS, ("acceptance scenario", "acceptance criteria", "acceptance test")),
    (Chapter.OUT_OF_SCOPE, ("out of scope", "out-of-scope", "non-goal", "not in scope", "exclusion")),
    (Chapter.CRITERIA, ("requirement", "success criteria", "success metric", "measurable outcome")),
    (Chapter.STORIES, ("user scenario", "user stor")),
    (Chapter.CONSTRAINTS, ("constraint",)),
    (Chapter.CONTEXT, ("edge case", "key entit", "assumption", "clarification", "open question", "glossary", "risk")),
    (Chapter.CONTEXT, ("dependencies", "references", "related", "data model", "terminology", "definitions")),
    (Chapter.INTENT, ("overview", "summary", "introduction", "purpose", "goals", "problem", "vision", "objective")),
)
"""Words of headings, looked for in this order: *Requirements and assumptions* holds requirements, *Requirements out of scope* none."""

_TITLE = re.compile(r"\W*(?:feature\s+)?spec(?:ification)?\b(?:\s+#?[0-9]+)?\s*[:–—-]\s*(?P<name>.*)", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\[[^\]]*\]\Z")
_STORY = re.compile(r"\W*(?:(?:user\s+)?story\s+|US[-\s]?)(?=[0-9])", re.IGNORECASE)


def chapters(page: Page) -> tuple[Stretch, ...]:
    """The stretches in the order of the file, none overlapping. A heading without a meaning of its own belongs to the section above it;
    scenarios under a heading beside a story's belong to that story.
    """
    headings = page.outline.headings
    ends = [*(heading.line - 1 for heading in headings), len(page.lines)]
    found = [Stretch(Chapter.HEAD, "", None, 1, ends[0])]
    title = next((heading for heading in headings if heading.level == 1), None)
    above: list[tuple[int, Chapter, str]] = []
    beside: tuple[int, str] = (0, "")
    for heading, end in zip(headings, ends[1:], strict=True):
        while above and above[-1][0] >= heading.level:
            above.pop()
        if heading is title:
            found.append(Stretch(Chapter.HEAD, "", heading, heading.end_line + 1, end))
            continue
        chapter, story = _meaning(heading, *(above[-1][1:] if above else (Chapter.OTHER, "")))
        if chapter is Chapter.SCENARIOS and not story and heading.level >= beside[0]:
            story = beside[1]
        above.append((heading.level, chapter, story))
        opens = bool(story) and story == story_number(heading.text)
        if opens or (heading.level <= beside[0] and not story):
            beside = (heading.level, story)
        found.append(Stretch(chapter, story, heading, heading.end_line + 1, end, opens))
    return tuple(found)


def _meaning(heading: Heading, above: Chapter, story: str) -> tuple[Chapter, str]:
    if above is Chapter.FORM:
        return above, ""
    number = story_number(heading.text)
    if number:
        return Chapter.STORIES, number
    if above is Chapter.CRITERIA and read_label(heading.text) is not None:
        return above, ""
    own = _named(heading.text)
    if own is None:
        return above, story
    return own, story if own is Chapter.SCENARIOS else ""


def _named(heading: str) -> Chapter | None:
    words = " ".join(heading.replace("*", "").lower().split())
    return next((chapter for chapter, names in _ORDER if any(name in words for name in names)), None)


def story_number(heading: str) -> str:
    """The number of the story that a heading opens: `User Story 3 — title`, `US-3: title`; "" for another heading."""
    if _STORY.match(heading) is None:
        return ""
    first = next((one for one in references(heading) if one.kind is Kind.STORY), None)
    return first.text.removeprefix("US") if first is not None else ""


def title_of(page: Page) -> str:
    """The first heading without `Feature Specification:`; "" when it is missing or still the template's."""
    first = next((heading.text for heading in page.outline.headings if heading.level == 1), "")
    found = _TITLE.match(first)
    name = " ".join((found["name"] if found is not None else first).split())
    return "" if _PLACEHOLDER.match(name) else name
