"""What looks like a criterion or a task of a native spec and stands where none is read, so that nothing is lost without a word. Pure.

Looked at are the first words of lines: headings, paragraphs, rows of tables, HTML, code by indentation. Fenced code is somebody's example.
"""

import re
from collections.abc import Collection, Container, Iterator, Sequence
from dataclasses import dataclass

from bot.core.specs.blocks import Block, BlockKind, Heading, Item, Outline
from bot.core.specs.clauses import split_clause
from bot.core.specs.formats.commands import command_kind
from bot.core.specs.formats.labels import Label, OpeningId, nearly_labelled, opening_id, read_label
from bot.core.specs.formats.sections import Section, Sections
from bot.core.specs.model import Criterion, Finding, Position, SpecTask
from bot.core.specs.rules import reading
from bot.core.specs.source import Source

CLASSIC_CRITERION = "AC"
CLASSIC_TASK = "T"

_SCENARIOS = (["gherkin"], ["cucumber"], ["feature"])

_DETAIL = re.compile(r"(?<!\\)[(\[（]\s*(?:owns|proves|after)\s*[:：]", re.IGNORECASE)
_KINDS = {
    BlockKind.TEXT: "a paragraph",
    BlockKind.CODE: "code, because it is indented by four blanks or more",
    BlockKind.HTML: "HTML",
}


@dataclass(frozen=True, slots=True)
class _Opening:
    """An id with which a line opens. `what` says what the line is part of; `inside`: it stands in a list item."""

    line: int
    column: int
    item_id: str
    bold: bool
    what: str
    inside: bool

    @property
    def prefix(self) -> str:
        return self.item_id.partition("-")[0]


def lost_criteria(source: Source, outline: Outline, sections: Sections, read: Sequence[Criterion]) -> Iterator[Finding]:
    """Whatever has a criterion's id, or a criterion's words, or its command, and is none."""
    known = {str(criterion.criterion_id) for criterion in read}
    prefixes = {CLASSIC_CRITERION, *(name.partition("-")[0] for name in known)}
    for opening in _openings(source, outline):
        section = sections.at(opening.line)
        if opening.prefix not in prefixes or opening.item_id in known or section is Section.TASKS:
            continue
        place = source.position(opening.line, opening.column)
        message = f"{opening.item_id} opens {opening.what} and is not read as a criterion."
        if section is Section.CRITERIA and not opening.inside:
            hint = f"Make it an item of the list: `- **{opening.item_id}** …`, with its command indented under it."
            yield reading.LOST_CRITERION.finding(place, message, hint)
        elif opening.bold or section is Section.CRITERIA or opening.what == "a heading":
            hint = "Make it an item of the list under *Acceptance criteria*."
            yield reading.STRAY_CRITERION.finding(place, message, hint)
    yield from _stray_items(source, outline, sections, prefixes)
    yield from _unnumbered(source, outline, sections)


def _stray_items(source: Source, outline: Outline, sections: Sections, prefixes: Container[str]) -> Iterator[Finding]:
    headings = outline.headings
    at = -1
    for item in outline.items:
        while at + 1 < len(headings) and headings[at + 1].line < item.line:
            at += 1
        section = sections.at(item.line)
        label = _label(item)
        if label is None or section is Section.TASKS or (section is Section.CRITERIA and item.depth == 1):
            continue
        if label.prefix not in prefixes and not any(command_kind(block) is not None for block in item.blocks):
            continue
        nested = section is Section.CRITERIA
        where = "nested in another item" if nested else "outside of *Acceptance criteria*"
        message = f"{label.item_id} stands {where} and is not read as a criterion."
        hint = "Move it into the list of criteria."
        if not nested and at >= 0 and section is Section.OTHER:
            hint = f"Call the heading on line {headings[at].line} `Acceptance criteria`, or move it under one that is called so."
        yield reading.STRAY_CRITERION.finding(_start(source, item), message, hint)


def _unnumbered(source: Source, outline: Outline, sections: Sections) -> Iterator[Finding]:
    """Paragraphs and blocks of Gherkin among the criteria that say what the system shall do, and have no id."""
    for block in outline.blocks:
        alone = block.depth == 0 and sections.at(block.line) is Section.CRITERIA
        if alone and block.kind is BlockKind.FENCE and block.info.lower().split()[:1] in _SCENARIOS:
            message = "This block of scenarios stands in no item of the list and is not read."
            hint = "Write each scenario as an item with a bold id: `- **AC-1** Given … When … Then …`."
            yield reading.LOST_CRITERION.finding(source.position(block.line), message, hint)
        if block.kind is not BlockKind.TEXT or block.depth or sections.at(block.line) is not Section.CRITERIA:
            continue
        if opening_id(block.content) is None and split_clause(block.content[:MAX_WEIGHED]) is not None:
            message = "This paragraph reads like a criterion and is not read as one."
            hint = "Make it an item of the list, with a bold id."
            yield reading.LOST_CRITERION.finding(source.position(block.line), message, hint)


MAX_WEIGHED = 2_000
"""Characters of a paragraph that are weighed; a criterion says what it wants by then."""


def lost_tasks(source: Source, outline: Outline, sections: Sections, read: Sequence[SpecTask]) -> Iterator[Finding]:
    """Whatever has a task's id or its details and is none."""
    known = {str(task.task_id) for task in read}
    prefixes = {CLASSIC_TASK, *(name.partition("-")[0] for name in known)}
    for opening in _openings(source, outline):
        among = sections.at(opening.line) is Section.TASKS
        if among and opening.prefix in prefixes and opening.item_id not in known:
            message = f"{opening.item_id} opens {opening.what} and is not read as a task."
            hint = f"Make it an item of the list: `- [ ] **{opening.item_id}** …`."
            yield reading.STRAY_TASK.finding(source.position(opening.line, opening.column), message, hint)
    for item in outline.items:
        section = sections.at(item.line)
        if section is Section.CRITERIA or (section is Section.TASKS and item.depth == 1):
            continue
        label = _label(item)
        text = item.first_text.content if item.first_text is not None else ""
        if _is_task(label, text, prefixes, known, nested=section is Section.TASKS):
            name = label.item_id if label is not None else "This item"
            where = "nested in another item" if section is Section.TASKS else "outside of *Tasks*"
            message = f"{name} stands {where} and is not read as a task."
            hint = "Make it an item of its own in the list under the heading *Tasks*."
            yield reading.STRAY_TASK.finding(_start(source, item), message, hint)


def _is_task(label: Label | None, text: str, prefixes: Container[str], known: Collection[str], *, nested: bool) -> bool:
    if _DETAIL.search(text[:MAX_WEIGHED]) is not None:
        return True
    if label is None or label.prefix not in prefixes or label.item_id in known:
        return False
    return nested or label.ticked is not None


def _label(item: Item) -> Label | None:
    first = item.first_text
    return read_label(first.content) if first is not None else None


def _start(source: Source, item: Item) -> Position:
    return source.position(item.line, source.indent(item.line) + 1)


def _openings(source: Source, outline: Outline) -> Iterator[_Opening]:
    """Every line outside of fences that opens with an id, but for the first lines of list items: those are asked elsewhere."""
    for heading in outline.headings:
        yield from _opening(source, heading.line, _in_heading(heading), "a heading")
    firsts = {item.first_text.line for item in outline.items if item.first_text is not None}
    for block in outline.blocks:
        if (
            block.kind in _KINDS
            and "-" in block.content
            and (block.line not in firsts or "\n" in block.content.strip())
        ):
            yield from _in_block(source, block, firsts)


def _in_block(source: Source, block: Block, firsts: Container[int]) -> Iterator[_Opening]:
    for number in range(block.line, min(block.end_line, len(source.lines)) + 1):
        if number in firsts:
            continue
        text = source.lines[number - 1]
        what = "a row of a table" if text.lstrip().startswith("|") else _KINDS[block.kind]
        what = "a line in an item" if block.depth and block.kind is BlockKind.TEXT else what
        yield from _opening(source, number, opening_id(text), what, inside=block.depth > 0)


def _in_heading(heading: Heading) -> OpeningId | None:
    """A heading that opens with an id is about it, whatever stands behind it."""
    if "-" not in heading.text:
        return None
    plain = nearly_labelled(heading.text)
    return opening_id(heading.text) or (OpeningId(plain, bold=False) if plain else None)


def _opening(
    source: Source, line: int, found: OpeningId | None, what: str, *, inside: bool = False
) -> Iterator[_Opening]:
    if found is not None:
        column = source.lines[line - 1].upper().find(found.item_id) + 1
        yield _Opening(line, max(column, 1), found.item_id, found.bold, what, inside)
