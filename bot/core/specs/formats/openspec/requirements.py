"""Requirements and their scenarios, as they stand in a living spec and in a delta. Pure.

    ### Requirement: Login lifetime
    The service MUST end idle logins after 30 minutes.

    #### Scenario: Idle user
    - **WHEN** no request arrives for 30 minutes
    - **THEN** the next call answers 401

The grammar is OpenSpec's own (1.10): both headings start at the line's first column, any heading of the fourth level is a scenario.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, takewhile

from bot.core.specs.clauses import split_clause
from bot.core.specs.digests import normal_text
from bot.core.specs.formats.commands import commands_in, doubtful_commands
from bot.core.specs.formats.foreign import Found
from bot.core.specs.formats.openspec.names import Names
from bot.core.specs.formats.openspec.sheet import ACCEPT, Sheet, first_words
from bot.core.specs.model import Command, Finding, ProofKind
from bot.core.specs.rules import foreign, reading
from bot.ids import CriterionId

REQUIREMENT = re.compile(r"###\s*Requirement:\s*(?P<name>\S.*)", re.IGNORECASE)
_SCENARIO = re.compile(r"####\s+(?P<title>.*)")
_HEADING = re.compile(r"#{1,6}\s")
_UPPER_HEADING = re.compile(r"#{1,3}\s")
_CLOSING_MARKS = re.compile(r"[ \t]#+\Z")
_LABEL = re.compile(r"\AScenario:\s*", re.IGNORECASE)
_METADATA = re.compile(r"\*\*[^*]+\*\*:")
_OBLIGATION = re.compile(r"\b(?:SHALL|MUST)\b", re.ASCII)
_QUIET_OBLIGATION = re.compile(r"\b(?:shall|must)\b", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario. `title` is how OpenSpec names it, `name` the same without our mark; `steps` are its words, a step on a line."""

    title: str
    name: str
    accept: bool
    line: int
    end_line: int
    steps: str
    commands: tuple[tuple[ProofKind, Command], ...]
    homes: frozenset[int]


@dataclass(frozen=True)
class Requirement:
    """A requirement's whole block. `statement` is what a reader sees above the scenarios, `demand` the part of it that must oblige."""

    name: str
    sheet: Sheet
    line: int
    end_line: int
    statement: str
    demand: str
    scenarios: tuple[Scenario, ...]

    @cached_property
    def words(self) -> str:
        """All that the block says, code included; two blocks with the same words are one requirement."""
        return normal_text("\n".join(self.sheet.source.lines[self.line - 1 : self.end_line]))


def requirements_in(sheet: Sheet, first: int, last: int) -> tuple[Requirement, ...]:
    """The requirements between two lines, in order; each reaches to the next one's heading."""
    heads = [(n, m["name"].strip()) for n in range(first, last + 1) if (m := REQUIREMENT.match(sheet.lines[n - 1]))]
    borders = pairwise([*(line for line, _ in heads), last + 1])
    return tuple(
        _requirement(sheet, name, line, end - 1) for (_, name), (line, end) in zip(heads, borders, strict=True)
    )


def _requirement(sheet: Sheet, name: str, line: int, end: int) -> Requirement:
    upper = [n for n in range(line + 1, end + 1) if _UPPER_HEADING.match(sheet.lines[n - 1])]
    heads = [(n, m["title"]) for n in range(line + 1, end + 1) if (m := _SCENARIO.match(sheet.lines[n - 1]))]
    body_end = min([*upper[:1], *(n for n, _ in heads[:1]), end + 1]) - 1
    borders = iter(sorted([*upper, *(n for n, _ in heads[1:]), end + 1]))
    scenarios = []
    for start, heading in heads:
        border = next(b for b in borders if b > start)
        scenarios.append(_scenario(sheet, heading, start, border - 1))
    return Requirement(
        name=name,
        sheet=sheet,
        line=line,
        end_line=sheet.source.last_line(line, end),
        statement=sheet.told(line + 1, body_end) or name,
        demand=_demand(sheet, line + 1, body_end),
        scenarios=tuple(scenarios),
    )


def _scenario(sheet: Sheet, heading: str, line: int, end: int) -> Scenario:
    title = _LABEL.sub("", _CLOSING_MARKS.sub("", heading.rstrip())).strip()
    named = ACCEPT.match(title)
    marked, words = first_words(sheet, line + 1, end)
    opens = ACCEPT.match(words) is not None
    fences = sheet.fences(line, end)
    return Scenario(
        title=title,
        name=title[named.end() :].strip() if named is not None else title,
        accept=named is not None or opens,
        line=line,
        end_line=sheet.source.last_line(line, end),
        steps=sheet.told(line + 1, end, marked if opens else 0),
        commands=tuple(commands_in(sheet.source, fences)),
        homes=frozenset(block.line for block in fences),
    )


def _demand(sheet: Sheet, first: int, last: int) -> str:
    """The text in which OpenSpec looks for SHALL and MUST: up to any heading, no code, and no `**Key**: value` line unless there are no others."""
    body = takewhile(lambda line: _HEADING.match(line) is None, sheet.lines[first - 1 : last])
    lines = [words for line in body if (words := line.strip())]
    plain = [line for line in lines if _METADATA.match(line) is None]
    return "\n".join(plain or lines)


def criteria_of(requirement: Requirement, prefix: str, names: Names) -> Iterator[Found]:
    """Each scenario as a criterion with the id `<prefix>/<scenario>`. It says the requirement's statement as well: the scenario is an instance of
    it. Where a scenario stands has no part in its text, so that it is the same in a change and in the living spec."""
    source = requirement.sheet.source
    for scenario in requirement.scenarios:
        name = f"{scenario.name}:" if scenario.name else ""
        yield Found(
            criterion_id=CriterionId(f"{prefix}/{names.slug(scenario.name)}"),
            text="\n".join(filter(None, (requirement.statement, name, scenario.steps))),
            position=source.position(scenario.line, 1, scenario.end_line),
            commands=scenario.commands,
            homes=scenario.homes,
            accept=scenario.accept,
            clause=split_clause(scenario.steps),
        )


def faults_of(requirement: Requirement) -> Iterator[Finding]:
    """What is wrong with a requirement by itself."""
    place = requirement.sheet.place
    name = short(requirement.name)
    if not requirement.scenarios:
        message = f"“{name}” has no scenario, so nothing of it would be proven."
        hint = "Add `#### Scenario: NAME` with `- **WHEN** …` and `- **THEN** …` below it."
        yield foreign.NO_SCENARIO.finding(place(requirement.line), message, hint)
    if _OBLIGATION.search(requirement.demand) is None:
        yield foreign.NO_OBLIGATION.finding(place(requirement.line), f"“{name}” {_quiet(requirement)}.", _LOUDER)
    for scenario in requirement.scenarios:
        if not scenario.steps:
            message = f"The scenario “{short(scenario.name)}” says nothing."
            yield reading.NO_TEXT.finding(place(scenario.line), message, "Say what happens: WHEN … THEN …")
        fences = requirement.sheet.fences(scenario.line, scenario.end_line)
        yield from doubtful_commands(requirement.sheet.source, fences)


_LOUDER = "Write SHALL or MUST, in capitals, in the text below the requirement's heading."


def _quiet(requirement: Requirement) -> str:
    if not requirement.demand:
        return "has no text below its heading"
    if _QUIET_OBLIGATION.search(requirement.demand) is not None:
        return "says its “shall” or “must” in small letters"
    if _OBLIGATION.search(requirement.name) is not None:
        return "has SHALL or MUST only in its heading"
    return "says neither SHALL nor MUST"


def twice_named(requirements: Iterable[Requirement]) -> Iterator[Finding]:
    """Requirements with a name that one before them has."""
    first: dict[str, int] = {}
    for requirement in requirements:
        known = first.setdefault(requirement.name, requirement.line)
        if known != requirement.line:
            message = f"The requirement “{short(requirement.name)}” stands on line {known} already."
            place = requirement.sheet.place(requirement.line)
            yield reading.DUPLICATE_ID.finding(place, message, "Give one of them another name, or join them.")


def short(name: str) -> str:
    """A name for a message."""
    return name if len(name) <= 80 else f"{name[:79]}…"
