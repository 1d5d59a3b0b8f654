"""What a `spec.md` and a `plan.md` say besides criteria: intent, context, constraints, what is left out, and what is still open. Pure."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from bot.core.specs.blocks import BlockKind
from bot.core.specs.formats.foreign import Page
from bot.core.specs.formats.speckit.chapters import Chapter, Stretch
from bot.core.specs.formats.speckit.pieces import Piece, Pieces, folded
from bot.core.specs.formats.speckit.wording import says_none
from bot.core.specs.model import Finding
from bot.core.specs.rules import foreign

_INPUT = re.compile(r"\s*\*\*Input:?\*\*:?\s*(?:user description\s*:)?\s*", re.IGNORECASE)
_METADATA = re.compile(r"\s*\*\*[\w /-]{1,40}(?::\*\*|\*\*\s?:)")
_PLAN_LINE = re.compile(r"\s*(?:[-*+]\s+)?\*\*Constraints:?\*\*:?\s*(?P<value>.*)", re.IGNORECASE)
_UNFILLED = re.compile(r"\[[^\]]*\]\.?\Z|NEEDS CLARIFICATION\b")
_MARK = re.compile(r"\[\s*NEEDS[ _-]CLARIFICATION\b(?P<question>[^\]]*)(?P<end>\]?)", re.IGNORECASE)
_ABOUT_MARKS = re.compile(r"\s*(?:markers?|marks?|tags?)\b", re.IGNORECASE)
_PLAN_CONTEXT = ("summary", "technical context")


def intent_of(page: Page, stretches: Sequence[Stretch], stories: Sequence[Piece]) -> str:
    """The words that the spec was asked for with, its overview, and the prose of its stories under their titles."""
    parts = [_asked(page, max((one.end for one in stretches if one.chapter is Chapter.HEAD), default=0))]
    parts += [_lines(page, one.start, one.end) for one in stretches if one.chapter is Chapter.INTENT]
    titles = [one.heading for one in stretches if one.opens and one.heading is not None]
    told = [(one.line, folded(one.text)) for one in stories if _METADATA.match(one.text) is None]
    told += [(heading.line, folded(heading.text)) for heading in titles]
    return "\n\n".join(filter(None, [*parts, *(text for _, text in sorted(told))]))


def _asked(page: Page, end: int) -> str:
    """The text behind `**Input**:` above the first section, up to a blank line or the next such line."""
    for line in range(1, end + 1):
        found = _INPUT.match(page.lines[line - 1])
        if found is not None:
            more = takewhile(lambda text: text.strip() and _METADATA.match(text) is None, page.lines[line:end])
            text = folded(" ".join([page.lines[line - 1][found.end() :], *more])).strip('"“” ')
            return "" if text == "$ARGUMENTS" else text
    return ""


def context_of(page: Page, stretches: Sequence[Stretch], plan: Page | None) -> str:
    """Edge cases, entities, assumptions and whatever else stands in the spec, then the plan's summary and technical context."""
    wanted = (Chapter.CONTEXT, Chapter.OTHER)
    parts = [_section(page, one) for one in stretches if one.chapter in wanted]
    if plan is not None:
        headings = plan.outline.headings
        ends = (*(heading.line - 1 for heading in headings[1:]), len(plan.lines))
        for heading, end in zip(headings, ends, strict=False):
            if any(heading.text.lower().startswith(name) for name in _PLAN_CONTEXT):
                parts.append(_lines(plan, heading.line, end))
    return "\n\n".join(filter(None, parts))


def out_of_scope_of(page: Page, stretches: Sequence[Stretch]) -> str:
    parts = (_lines(page, one.start, one.end) for one in stretches if one.chapter is Chapter.OUT_OF_SCOPE)
    return "\n\n".join(filter(None, parts))


def _section(page: Page, stretch: Stretch) -> str:
    text = _lines(page, stretch.start, stretch.end)
    return f"{page.source.lines[stretch.heading.line - 1]}\n{text}" if text and stretch.heading is not None else text


def _lines(page: Page, start: int, end: int) -> str:
    """The lines without blank ones around them and without the rule that closes a section."""
    lines = list(page.source.lines[max(start - 1, page.source.front) : end])
    while lines and lines[-1].strip() in ("", "---"):
        lines.pop()
    return "\n".join(lines).strip("\n")


def constraints_of(page: Page, stretches: Sequence[Stretch], plan: Page | None) -> tuple[str, ...]:
    """One for each item and each paragraph of a section on constraints, and what the plan says behind `**Constraints**:`."""
    pieces = Pieces(page)
    found: list[str] = []
    for stretch in stretches:
        if stretch.chapter is Chapter.CONSTRAINTS:
            found += [_words(piece) for piece in pieces.between(stretch.start, stretch.end)]
    if plan is not None:
        found += _plan_constraints(plan)
    return tuple(dict.fromkeys(filter(None, found)))


def _words(piece: Piece) -> str:
    return folded(" ".join(block.content for block in piece.blocks if block.kind is not BlockKind.HTML))


def _plan_constraints(plan: Page) -> Iterator[str]:
    for line in plan.lines:
        found = _PLAN_LINE.match(line)
        value = folded(found["value"]) if found is not None else ""
        if not says_none(value) and _UNFILLED.match(value) is None:
            yield value


def open_questions(page: Page) -> Iterator[Finding]:
    """One finding for each `[NEEDS CLARIFICATION: …]` that people see and that is no code. Lines that speak about such marks hold none."""
    code = {
        line
        for block in page.outline.blocks
        if block.kind is BlockKind.CODE
        for line in range(block.line, block.end_line + 1)
    }
    for number, line in enumerate(page.lines, 1):
        if number in code:
            continue
        at = 0
        for index, piece in enumerate(line.split("`")):
            if index % 2 == 0:
                yield from _marks(page, number, at, piece)
            at += len(piece) + 1


def _marks(page: Page, number: int, at: int, text: str) -> Iterator[Finding]:
    for found in _MARK.finditer(text):
        if found["end"] and _ABOUT_MARKS.match(text, found.end()) is not None:
            continue
        question = folded(found["question"].strip(" :"))
        message = f"This is left open: {question[:200]}" if question else "This is left open, and nothing says what."
        hint = "Answer it here, and delete the mark. Nothing runs before."
        yield foreign.OPEN_CLARIFICATION.finding(page.source.position(number, at + found.start() + 1), message, hint)
