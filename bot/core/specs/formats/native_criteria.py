"""Acceptance criteria of a native spec.

A criterion is an item of the list under *Acceptance criteria* that opens with a bold id. Its commands are the code blocks inside the item
whose info string says `verify` or `keep`, alone or after a language word. `(accept)` right after the id leaves it to a person:

    - **AC-1** Text no longer than the limit comes back unchanged.
      ```sh verify
      python -c "…"
      ```
    - **AC-2** (accept) The page looks calm.

A backslash keeps a text that begins like markup, or with `(accept)`, from being read as that (`native_escapes.py`). Pure.
"""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from bot.core.specs.blocks import BlockKind, Item, Outline
from bot.core.specs.clauses import split_clause
from bot.core.specs.digests import criterion_digest
from bot.core.specs.formats.accepting import ACCEPT, nearly_accepted
from bot.core.specs.formats.commands import (
    command_kind,
    commands_in,
    doubtful_commands,
    kind_word,
    stray_commands,
    unmarked_commands,
)
from bot.core.specs.formats.fixes import bold_id
from bot.core.specs.formats.labels import Label, misshapen_id, nearly_labelled, read_label
from bot.core.specs.formats.native_escapes import escape, looks_escaped, without_escape
from bot.core.specs.formats.native_lost import CLASSIC_CRITERION, lost_criteria
from bot.core.specs.formats.sections import Section, Sections
from bot.core.specs.model import Criterion, Finding, Position, ProofKind
from bot.core.specs.rules import reading
from bot.core.specs.source import Source
from bot.ids import CriterionId


@dataclass(frozen=True, slots=True)
class CriteriaReading:
    criteria: tuple[Criterion, ...]
    findings: tuple[Finding, ...]


def read_criteria(source: Source, outline: Outline, sections: Sections) -> CriteriaReading:
    """The criteria in the order of the file, and everything that looks like one and is none."""
    criteria: list[Criterion] = []
    findings: list[Finding] = []
    items = [item for item in outline.items if item.depth == 1 and sections.at(item.line) is Section.CRITERIA]
    labels = [_label(item) for item in items]
    prefixes = {CLASSIC_CRITERION, *(label.prefix for label in labels if label is not None)}
    free = _free_ids(labels)
    parents = _parents(outline)
    for item, label in zip(items, labels, strict=True):
        if label is None:
            findings.append(_without_id(source, item, item.line in parents, prefixes, free))
            continue
        criterion, found = _criterion(source, item, label)
        findings.extend(found)
        criteria.append(criterion)
    homes = {block.line for item in items for block in item.blocks}
    findings.extend(_twice(source, criteria))
    findings.extend(stray_commands(source, outline, homes, items))
    findings.extend(lost_criteria(source, outline, sections, criteria))
    return CriteriaReading(tuple(criteria), tuple(findings))


def _parents(outline: Outline) -> frozenset[int]:
    """The lines of outer items in which an item with an id is nested."""
    parents, outer = set[int](), 0
    for item in outline.items:
        if item.depth == 1:
            outer = item.line
        elif _label(item) is not None:
            parents.add(outer)
    return frozenset(parents)


def _label(item: Item) -> Label | None:
    first = item.first_text
    return read_label(first.content) if first is not None else None


def _without_id(source: Source, item: Item, inner: bool, prefixes: Container[str], free: Iterator[str]) -> Finding:
    """`inner`: items with ids are nested in this one. `free` are ids that nothing has yet."""
    first = item.first_text
    text = first.content if first is not None else ""
    plain = nearly_labelled(text) or misshapen_id(text, prefixes)
    if inner:
        hint = "Make it a heading, and the items below it items of the list: what is nested is not read."
    elif plain:
        hint = f"Write the id first, with a hyphen, and nothing else between the asterisks: `**{plain}** …`."
    else:
        hint = f"Start it with a bold id, for example `**{next(free)}**`."
    message = "This item has no id, so it is not read as a criterion."
    return reading.NO_ID.finding(_start(source, item), message, hint, bold_id(source, item, prefixes))


def _start(source: Source, item: Item) -> Position:
    return source.position(item.line, source.indent(item.line) + 1)


def _free_ids(labels: Sequence[Label | None]) -> Iterator[str]:
    """Ids behind the highest number of the first prefix that is used, one after the other."""
    used = [label for label in labels if label is not None]
    prefix = used[0].prefix if used else CLASSIC_CRITERION
    own = (label.item_id.partition("-")[2].partition(".")[0] for label in used if label.prefix == prefix)
    yield from (f"{prefix}-{number}" for number in count(max(map(int, own), default=0) + 1))


def _criterion(source: Source, item: Item, label: Label) -> tuple[Criterion, list[Finding]]:
    position = source.position(item.line, source.indent(item.line) + 1, source.last_line(item.line, item.end_line))
    accepted = ACCEPT.match(label.rest)
    first_text = label.rest[accepted.end() :] if accepted is not None else label.rest
    commands = commands_in(source, item.blocks)
    text = "\n".join(filter(None, [_paragraph(first_text), *_further_text(item)]))
    kinds = {kind for kind, _ in commands} | ({ProofKind.ACCEPT} if accepted is not None else set())
    kind = next((k for k in (ProofKind.CHANGE, ProofKind.KEEP, ProofKind.ACCEPT) if k in kinds), ProofKind.NONE)
    found: list[Finding] = []
    if len(kinds) > 1:
        names = " and ".join(f"`{name}`" for name in sorted(kind_word(k) for k in kinds))
        found.append(
            reading.MIXED_PROOF.finding(position, f"{label.item_id} has both {names}.", "Make it two criteria.")
        )
    if not text:
        found.append(reading.NO_TEXT.finding(position, f"{label.item_id} says nothing.", "Say what must be true."))
    if accepted is None:
        found.extend(nearly_accepted(source, item, label))
    found.extend(doubtful_commands(source, item.blocks))
    if not kinds:
        found.extend(unmarked_commands(source, item.blocks))
    of_kind = tuple(command for k, command in commands if k is kind)
    criterion = Criterion(
        criterion_id=CriterionId(label.item_id),
        spec_path=source.path,
        text=text,
        kind=kind,
        commands=of_kind,
        position=position,
        digest=criterion_digest(text, kind, [command.script for command in of_kind]),
        clause=split_clause(text),
    )
    return criterion, found


def _further_text(item: Item) -> Iterator[str]:
    """What the item says besides its first paragraph and its commands."""
    for block in item.blocks[1:]:
        if command_kind(block) is not None:
            continue
        yield _paragraph(block.content) if block.kind is BlockKind.TEXT else block.content.strip("\n")


def _paragraph(text: str) -> str:
    return without_escape(" ".join(text.split()))


def escaped_opening(text: str) -> str:
    """`text`, one line, as it is written after a criterion's id."""
    return escape(text) if looks_escaped(text) or ACCEPT.match(text) else text


def _twice(source: Source, criteria: Sequence[Criterion]) -> Iterator[Finding]:
    first: dict[CriterionId, int] = {}
    for criterion in criteria:
        known = first.setdefault(criterion.criterion_id, criterion.position.line)
        if known != criterion.position.line:
            message = f"{criterion.criterion_id} stands on line {known} already."
            yield reading.DUPLICATE_ID.finding(criterion.position, message, "Give one of them another number.")
