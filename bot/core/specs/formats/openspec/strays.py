"""Lines that look like a requirement or a scenario and are none to OpenSpec. It passes over them in silence; here each is told. Pure."""

import re
from collections.abc import Collection, Iterator

from bot.core.specs.formats.openspec.requirements import Requirement
from bot.core.specs.formats.openspec.sheet import Sheet
from bot.core.specs.model import Finding
from bot.core.specs.rules import foreign, reading

_DECORATION = " \t>#*-+_`0123456789."
_LABELS = ("scenario:", "requirement:")
_NEARLY = re.compile(r" {0,3}#{1,6}\s*(requirement|scenario)\b", re.IGNORECASE)
_DIVIDER = re.compile(r"(?:#|###)\s+\S")

_HOW = {
    "scenario": "A scenario is a heading of four `#` at the start of the line, below its requirement: `#### Scenario: NAME`.",
    "requirement": "A requirement is a heading of three `#` at the start of the line, {where}: `### Requirement: NAME`.",
}


def lines_of(requirement: Requirement) -> set[int]:
    """The lines of the headings that were read."""
    return {requirement.line, *(scenario.line for scenario in requirement.scenarios)}


def strays(sheet: Sheet, known: Collection[int], where: str) -> Iterator[Finding]:
    """Of all lines but the `known` ones. `where` says in which section requirements stand."""
    for number, line in enumerate(sheet.lines, 1):
        kind = "" if number in known else looks_like(line)
        if kind:
            message = f"This looks like a {kind} and is not read as one."
            hint = _HOW[kind].format(where=where)
            yield reading.STRAY_CRITERION.finding(sheet.place(number), message, hint)


def dividers(sheet: Sheet, known: Collection[int], first: int, last: int) -> Iterator[Finding]:
    """Headings of the first and third level among requirements that are none; what stands below them belongs to nothing."""
    for number in range(first, last + 1):
        line = sheet.lines[number - 1]
        if number not in known and _DIVIDER.match(line) is not None and not looks_like(line):
            message = "This heading is no requirement, and what stands below it up to the next heading is not read."
            hint = "Write `### Requirement: NAME` if it is one."
            yield foreign.NOT_UNDERSTOOD.finding(sheet.place(number), message, hint)


def looks_like(line: str) -> str:
    """`scenario` or `requirement` for a line that people would take for the heading of one, else ""."""
    words = line.lstrip(_DECORATION)[:12].lower()
    if words.startswith(_LABELS):
        return words.partition(":")[0]
    near = _NEARLY.match(line)
    return near[1].lower() if near is not None else ""
