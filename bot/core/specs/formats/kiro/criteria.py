"""Criteria of a requirements or bugfix file: the numbered items under each requirement, and a bugfix's expected and unchanged behavior.

All numbered items count, also those without SHALL: text in other languages has none. Pure.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.core.specs.blocks import Block, BlockKind
from bot.core.specs.formats.commands import command_kind, commands_in, doubtful_commands
from bot.core.specs.formats.foreign import Found, Page
from bot.core.specs.formats.kiro.headings import BEHAVIOR_NUMBERS, Role
from bot.core.specs.formats.kiro.items import NumberedItem, bullets, is_quoted, numbered_items
from bot.core.specs.formats.kiro.sections import Part, Parts
from bot.core.specs.model import Finding
from bot.core.specs.rules import foreign, reading
from bot.ids import CriterionId

_OBLIGATION = re.compile(r"(?<![A-Za-z0-9_])(?:shall|must)(?![A-Za-z0-9_])", re.IGNORECASE)
_NUMBERED = re.compile(r"[\s>]{0,40}(?:[-*+]\s+)?\d{1,6}(?:\.\d{1,6}){0,3}[.):]?\s+\S")
_APART = {BlockKind.HTML: "HTML", BlockKind.CODE: "indented code", BlockKind.TEXT: "a paragraph"}
_BOX = re.compile(r"\[[ xX]\]\s+")
_ACCEPT = re.compile(r"\(\s*accept\s*\)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PlacedItem:
    """A numbered item, the part it stands in and the id it gets there. `by_place`: it has no number and is counted."""

    item: NumberedItem
    part: Part
    item_id: str
    by_place: bool = False


@dataclass(frozen=True, slots=True)
class CriteriaReading:
    """`requirements` are the numbers of all requirements in order; `known` the ids of what is described and not demanded (a bug's current
    behavior), which tasks may name too."""

    criteria: tuple[Found, ...]
    findings: tuple[Finding, ...]
    requirements: tuple[str, ...] = ()
    known: frozenset[str] = frozenset()


def read_criteria(page: Page, parts: Parts) -> CriteriaReading:
    """The criteria in the order of the file, and a finding for all that looks like one and is none."""
    reader = _Reader(page, parts)
    placed = reader.placed()
    demands = [one for one in placed if one.part.role is not Role.CURRENT]
    found = [reader.found(one) for one in demands]
    findings = [finding for one in demands for finding in reader.doubtful_commands(one.item)]
    findings += _without_text(found)
    findings += _numbering(page, placed)
    findings += _without_obligation(found)
    findings += reader.strays(placed)
    findings += _empty_requirements(page, parts, placed)
    owners = dict.fromkeys(part.number for part in parts.parts if part.role is Role.REQUIREMENT)
    known = (one.item_id for one in placed if one.part.role is Role.CURRENT)
    return CriteriaReading(tuple(found), tuple(findings), tuple(owners), frozenset(known))


class _Reader:
    """One file: its numbered items with their final ends, and the blocks in them."""

    def __init__(self, page: Page, parts: Parts) -> None:
        self._page = page
        self._parts = parts
        self._blocks = page.outline.blocks
        self._block_lines = [block.line for block in self._blocks]
        self._split: tuple[Block | None, list[str]] = (None, [])
        self._accepting = {part.owner for part in parts.parts if part.accepting}
        roles = {part.role for part in parts.parts}
        self._one_list = roles.isdisjoint({Role.REQUIREMENT, Role.ACCEPTANCE, *BEHAVIOR_NUMBERS})
        self._numbered = self._ended(numbered_items(page))

    def _ended(self, items: list[NumberedItem]) -> list[NumberedItem]:
        """The items cut at the next item and at the next heading."""
        starts = [item.line for item in items[1:]] + [len(self._page.source.lines) + 1]
        ended = []
        for item, following in zip(items, starts, strict=False):
            end = min(item.end, following - 1, self._parts.at(item.line).end)
            ended.append(replace(item, end=max(item.line, end)))
        return ended

    def placed(self) -> list[PlacedItem]:
        """The items that count, each with its id. Where nothing is numbered the bullets count by their place; in a bugfix's section that has dotted
        numbers, others belong to the prose."""
        counting = [(item, part) for item in self._numbered if self._holds_criteria(part := self._parts.at(item.line))]
        dotted = {part.owner for item, part in counting if "." in item.number and _is_behavior(part)}
        counting = [(item, part) for item, part in counting if "." in item.number or part.owner not in dotted]
        plain = {part.owner for item, part in counting if "." not in item.number}
        placed = [
            PlacedItem(item, part, _item_id(part, item.number, below_plain=part.owner in plain))
            for item, part in counting
        ]
        by_place = self._by_place({part.owner for _, part in counting})
        return sorted([*placed, *by_place], key=lambda one: one.item.line)

    def _by_place(self, counted: set[int]) -> Iterator[PlacedItem]:
        numbers: dict[int, int] = {}
        for item in self._ended(bullets(self._page)):
            part = self._parts.at(item.line)
            if part.owner not in counted and self._holds_criteria(part) and (part.accepting or _is_behavior(part)):
                number = numbers[part.owner] = numbers.get(part.owner, 0) + 1
                yield PlacedItem(item, part, _item_id(part, str(number), below_plain=True), by_place=True)

    def _holds_criteria(self, part: Part) -> bool:
        """Below a heading for acceptance criteria; anywhere in a requirement that has none, and in a bugfix's sections. In a file that is one list,
        below the heading for all requirements."""
        if part.role is Role.REQUIREMENT:
            return part.accepting or part.owner not in self._accepting
        if part.role is Role.REQUIREMENTS:
            return self._one_list
        return part.role is Role.ACCEPTANCE or _is_behavior(part)

    def blocks(self, item: NumberedItem) -> Iterator[Block]:
        """The leaf blocks that have a line of the item."""
        index = max(0, bisect_right(self._block_lines, item.line) - 1)
        while index < len(self._blocks) and self._blocks[index].line <= item.end:
            if self._blocks[index].end_line >= item.line:
                yield self._blocks[index]
            index += 1

    def found(self, placed: PlacedItem) -> Found:
        item, source = placed.item, self._page.source
        text, last = self._text(item)
        own = [block for block in self.blocks(item) if block.line >= item.line]
        commands = commands_in(source, own)
        last = max([last, *(command.position.end_line for _, command in commands)])
        text = text[box.end() :] if (box := _BOX.match(text)) is not None else text
        accepted = _ACCEPT.match(text)
        return Found(
            criterion_id=CriterionId(placed.item_id),
            text=text[accepted.end() :] if accepted is not None else text,
            position=source.position(item.line, source.indent(item.line) + 1, source.last_line(item.line, last)),
            commands=tuple(commands),
            homes=frozenset(block.line for block in own),
            keep=placed.part.role is Role.UNCHANGED,
            accept=accepted is not None,
        )

    def _text(self, item: NumberedItem) -> tuple[str, int]:
        """What the item says besides its commands, and its last line. Outside of a list the next paragraph is no longer the item's."""
        pieces: list[str] = []
        last = item.line
        for block in self.blocks(item):
            if block.kind is BlockKind.TEXT and not block.depth and not item.in_list and block.line > item.line:
                break
            last = min(block.end_line, item.end)
            if block.kind is BlockKind.TEXT:
                pieces.append(self._clipped(block, item))
            elif command_kind(block) is None:
                pieces.append(block.content.strip("\n"))
        return "\n".join(filter(None, pieces)), last

    def _clipped(self, block: Block, item: NumberedItem) -> str:
        """The lines of a paragraph that lie in the item, folded, without its number."""
        if self._split[0] is not block:
            self._split = (block, block.content.split("\n"))
        inside = self._split[1][max(0, item.line - block.line) : item.end - block.line + 1]
        if block.line <= item.line and inside:
            inside[0] = inside[0][item.label :]
        return " ".join(" ".join(inside).split())

    def doubtful_commands(self, item: NumberedItem) -> Iterator[Finding]:
        yield from doubtful_commands(self._page.source, [b for b in self.blocks(item) if b.line >= item.line])

    def strays(self, placed: list[PlacedItem]) -> Iterator[Finding]:
        """Text that demands something and is in no criterion."""
        covered = [(one.item.line, self._text(one.item)[1]) for one in placed]
        starts = [*(start for start, _ in covered), len(self._page.source.lines) + 1]
        numbered = {item.line for item in self._numbered}
        for block in self._blocks:
            following = bisect_right(starts, block.line)
            inside = following > 0 and block.line <= covered[following - 1][1]
            if block.kind is not BlockKind.TEXT or inside or is_quoted(self._page, block.line):
                continue
            part, first = self._parts.at(block.line), block.line in numbered
            text = block.content
            if block.end_line >= starts[following]:
                text = "\n".join(text.split("\n")[: starts[following] - block.line])
            looks = part.accepting or _is_behavior(part) or first
            if looks and (_OBLIGATION.search(text) is not None or (part.accepting and first)):
                message = "This looks like a criterion and is not read as one."
                hint = "Give it a number below the acceptance criteria of a requirement."
                last = min(block.end_line, starts[following] - 1)
                place = self._page.source.position(block.line, 1, last)
                yield foreign.NOT_UNDERSTOOD.finding(place, message, hint)
                covered.append((block.line, last))
        yield from self._apart(covered)

    def _apart(self, covered: list[tuple[int, int]]) -> Iterator[Finding]:
        """Numbered demands in a quote, a paragraph, HTML or indented as code, where people see an item and Markdown has none."""
        taken = {number for start, end in covered for number in range(start, end + 1)}
        for block in self._blocks:
            what = _APART.get(block.kind, "")
            for number in range(block.line, min(block.end_line, len(self._page.lines)) + 1) if what else ():
                text = self._page.lines[number - 1]
                if number not in taken and _NUMBERED.match(text) is not None and _OBLIGATION.search(text) is not None:
                    message = f"This looks like a criterion, stands in {what} and is not read."
                    hint = "Let it start at the left margin, with a blank line above."
                    yield foreign.NOT_UNDERSTOOD.finding(self._page.source.position(number), message, hint)


def _is_behavior(part: Part) -> bool:
    return part.role in BEHAVIOR_NUMBERS


def _item_id(part: Part, number: str, *, below_plain: bool) -> str:
    """`3.2` for item 2 of requirement 3. An item that is written with a dot keeps its number, with its series' letters; among plain numbers it is
    part of an item: `3.2.1`. Where there are no requirements the number is all."""
    if not part.number or ("." not in number or (below_plain and not _is_behavior(part))):
        return f"{part.number}.{number}".lstrip(".")
    prefix, _, last = number.rpartition(".")
    series = part.number.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return f"{part.number}.{last}" if prefix == series else number


def _without_text(found: list[Found]) -> Iterator[Finding]:
    for criterion in found:
        if not criterion.text:
            message = f"{criterion.criterion_id} says nothing."
            yield reading.NO_TEXT.finding(criterion.position, message, "Say what must be true.")


def _numbering(page: Page, placed: list[PlacedItem]) -> Iterator[Finding]:
    """Numbers that skip, go back or belong elsewhere; once where nothing has a number. Repeated ones are another finding."""
    last: dict[tuple[int, str], int] = {}
    seen: set[str] = set()
    for one in placed:
        position = page.source.position(one.item.line)
        prefix, _, number = one.item_id.rpartition(".")
        before = last.get((one.part.owner, prefix), 0)
        if one.by_place:
            if not before:
                message = f"The items here have no numbers, so they count by their place: the first is {one.item_id}."
                hint = "Number them; otherwise one more in between renames those below."
                yield foreign.IRREGULAR_NUMBER.finding(position, message, hint)
        elif one.part.role is Role.REQUIREMENT and not one.item_id.startswith(f"{one.part.number}."):
            message = f"{one.item_id} stands under requirement {one.part.number}. The number that is written counts."
            yield foreign.IRREGULAR_NUMBER.finding(position, message, "Correct the number or move the item.")
        elif number.isdigit() and int(number) != before + 1 and one.item_id not in seen:
            follows = f"comes after {f'{prefix}.{before}'.lstrip('.')}" if before else "is the first one here"
            message = f"{one.item_id} {follows}. The number that is written counts."
            yield foreign.IRREGULAR_NUMBER.finding(position, message, "Number the items one by one.")
        seen.add(one.item_id)
        plain = number.rstrip("abcdefghijklmnopqrstuvwxyz")
        last[one.part.owner, prefix] = int(plain) if plain.isdigit() else before


def _without_obligation(found: list[Found]) -> Iterator[Finding]:
    """Criteria that demand nothing in a file where most do: in other languages, and where nobody writes SHALL, nothing is said."""
    silent = [criterion for criterion in found if _OBLIGATION.search(criterion.text) is None]
    if 2 * len(silent) >= len(found):
        return
    for criterion in silent:
        message = f"{criterion.criterion_id} says neither SHALL nor MUST, as the others here do. It counts as a criterion all the same."
        hint = "Say what the system SHALL do, or take the number away if it demands nothing."
        yield foreign.NO_OBLIGATION.finding(criterion.position, message, hint)


def _empty_requirements(page: Page, parts: Parts, placed: list[PlacedItem]) -> Iterator[Finding]:
    """Requirements that nothing would be proven of."""
    filled = {one.part.owner for one in placed}
    numbers = {part.number for part in parts.parts if part.role is Role.REQUIREMENT}
    divided = {number.rpartition(".")[0] for number in numbers}
    for part in parts.parts:
        if part.role is not Role.REQUIREMENT or part.start != part.owner or not part.sure or part.owner in filled:
            continue
        if part.number not in divided:
            message = (
                f"Requirement {part.number} has no numbered acceptance criteria, so nothing of it would be proven."
            )
            hint = "Add a list `1. WHEN … THE system SHALL …` below it, or remove the requirement."
            yield foreign.NO_SCENARIO.finding(page.source.position(part.start), message, hint)
