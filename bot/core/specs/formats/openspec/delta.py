"""A delta: what a change does to the requirements of one capability. Pure.

    ## MODIFIED Requirements
    ### Requirement: Login lifetime
    …
    ## RENAMED Requirements
    - FROM: `### Requirement: Log-in`
    - TO: `### Requirement: Login`

The four headings are told whatever their case; names are compared as they stand, without blanks around them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from bot.core.specs.findings import MAX_FINDINGS
from bot.core.specs.formats.openspec.requirements import REQUIREMENT, Requirement, faults_of, requirements_in, short
from bot.core.specs.formats.openspec.sheet import Section, Sheet
from bot.core.specs.formats.openspec.strays import dividers, lines_of, looks_like, strays
from bot.core.specs.model import Finding
from bot.core.specs.rules import foreign, reading


class DeltaKind(StrEnum):
    ADDED = "ADDED"
    MODIFIED = "MODIFIED"
    REMOVED = "REMOVED"
    RENAMED = "RENAMED"

    @property
    def heading(self) -> str:
        return f"{self.value} Requirements"


_KINDS = {kind.heading.lower(): kind for kind in DeltaKind}
_HEADING = re.compile(r" {0,3}#{1,3}(?!#)\s*(?P<title>\S.*)")
_BULLET = re.compile(r"-\s*`?###\s*Requirement:\s*(?P<name>\S.*)")
_RENAMING = re.compile(r"-?\s*(?P<end>FROM|TO):\s*`?###\s*Requirement:\s*(?P<name>\S.*)")
_NEARLY_RENAMING = re.compile(r"[-*+>\s]{0,8}[*_`]{0,3}(?:from|to)\b[*_`]{0,3}\s{0,3}:", re.IGNORECASE)
_REASON = re.compile(r"\b(?P<what>reason|migration)\b[^:*\n]{0,40}[:*]", re.IGNORECASE)

LONGEST_HEADING = 40
"""Characters of a heading that may be a misspelt `## MODIFIED Requirements`, which has 21."""


@dataclass(frozen=True, slots=True)
class Removal:
    """A requirement that is to go."""

    name: str
    line: int


@dataclass(frozen=True, slots=True)
class Renaming:
    """A requirement that gets another name. `line` is where the new one stands."""

    old: str
    new: str
    line: int


@dataclass(frozen=True, slots=True)
class Delta:
    """One delta file. `sections` are the lines of its headings; `findings` what is wrong with it by itself."""

    capability: str
    sheet: Sheet
    sections: tuple[tuple[DeltaKind, int], ...]
    added: tuple[Requirement, ...]
    modified: tuple[Requirement, ...]
    removed: tuple[Removal, ...]
    renamed: tuple[Renaming, ...]
    findings: tuple[Finding, ...]

    @property
    def touched(self) -> dict[str, int]:
        """The line on which each requirement is first named that is added, modified, removed or renamed, old names and new ones."""
        named = [(one.name, one.line) for one in (*self.added, *self.modified)]
        named += [(one.name, one.line) for one in self.removed]
        named += [(name, one.line) for one in self.renamed for name in (one.old, one.new)]
        return dict(sorted(named, key=lambda pair: pair[1], reverse=True))


def kind_of(title: str) -> DeltaKind | None:
    """The kind that a heading of the second level opens."""
    return _KINDS.get(title.lower())


def read_delta(capability: str, sheet: Sheet) -> Delta:
    """The delta, and everything in it that looks like a part of one and is not read."""
    parts = [(kind, part) for part in sheet.sections if (kind := kind_of(part.title)) is not None]
    added = _blocks(sheet, parts, DeltaKind.ADDED)
    modified = _blocks(sheet, parts, DeltaKind.MODIFIED)
    removals = _Removals(sheet)
    renamings = _Renamings(sheet)
    for kind, part in parts:
        if kind is DeltaKind.REMOVED:
            removals.read(part)
        elif kind is DeltaKind.RENAMED:
            renamings.read(part)
    known = {line for requirement in (*added, *modified) for line in lines_of(requirement)}
    findings = [
        *sheet.unclosed(),
        *_sections_said(sheet, parts),
        *strays(sheet, known | removals.known | renamings.known, "in a section such as `## ADDED Requirements`"),
        *(fault for requirement in (*added, *modified) for fault in faults_of(requirement)),
        *removals.findings,
        *renamings.findings,
    ]
    for kind, part in parts:
        if kind in (DeltaKind.ADDED, DeltaKind.MODIFIED):
            findings += dividers(sheet, known, part.first, part.last)
    if not (added or modified or removals.found or renamings.found):
        findings.append(_empty(sheet, parts))
    return Delta(
        capability=capability,
        sheet=sheet,
        sections=tuple((kind, part.line) for kind, part in parts),
        added=added,
        modified=modified,
        removed=tuple(removals.found),
        renamed=tuple(renamings.found),
        findings=tuple(findings),
    )


def _blocks(sheet: Sheet, parts: list[tuple[DeltaKind, Section]], wanted: DeltaKind) -> tuple[Requirement, ...]:
    return tuple(
        requirement
        for kind, part in parts
        if kind is wanted
        for requirement in requirements_in(sheet, part.first, part.last)
    )


def _sections_said(sheet: Sheet, parts: list[tuple[DeltaKind, Section]]) -> Iterator[Finding]:
    """Sections that stand twice, of which OpenSpec reads one, and headings that nearly open one."""
    first: dict[DeltaKind, int] = {}
    for kind, part in parts:
        known = first.setdefault(kind, part.line)
        if known != part.line:
            message = (
                f"The section `## {kind.heading}` stands on line {known} already, and OpenSpec reads only one of them."
            )
            yield reading.DUPLICATE_ID.finding(sheet.place(part.line), message, "Join them.")
    opening = {part.line for _, part in parts}
    asked = 0
    for number, line in enumerate(sheet.lines, 1):
        found = _HEADING.match(line) if number not in opening else None
        if found is None or len(found["title"]) > LONGEST_HEADING or REQUIREMENT.match(line) is not None:
            continue
        asked += 1
        near = _nearly(found["title"]) if asked <= MAX_FINDINGS else ""
        if near:
            message = "This heading opens no section that is read."
            yield reading.NEARLY_SECTION.finding(sheet.place(number), message, f"Did you mean `## {near}`?")


def _nearly(title: str) -> str:
    """The section that a heading nearly names, "" for none."""
    words = " ".join(title.strip(" \t#:*_`").lower().split())
    alone = next((kind.heading for kind in DeltaKind if words == kind.value.lower()), "")
    near = get_close_matches(words, _KINDS, n=1, cutoff=0.85)
    return alone or (_KINDS[near[0]].heading if near else "")


def _empty(sheet: Sheet, parts: list[tuple[DeltaKind, Section]]) -> Finding:
    what = "Its sections hold no requirement" if parts else "It has none of the sections of a delta"
    hint = "Write `## ADDED Requirements` (or MODIFIED, REMOVED, RENAMED) and `### Requirement: NAME` below it."
    line = parts[0][1].line if parts else 1
    return foreign.DELTA_MISFIT.finding(sheet.place(line), f"This file changes nothing. {what}.", hint)


class _Removals:
    """Requirements named in REMOVED sections, by heading or by bullet. Scenarios that still stand below them are to go as well."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self.found: list[Removal] = []
        self.known: set[int] = set()
        self.findings: list[Finding] = []

    def read(self, part: Section) -> None:
        missing: set[str] = set()
        last: Removal | None = None
        for number in range(part.first, part.last + 1):
            line = self._sheet.lines[number - 1]
            name = _removed_name(line)
            if name:
                self._close(last, missing)
                last, missing = Removal(name, number), {"Reason", "Migration"}
                self.found.append(last)
            if name or looks_like(line) == "scenario":
                self.known.add(number)
            missing -= {said["what"].capitalize() for said in _REASON.finditer(line)}
        self._close(last, missing)

    def _close(self, removal: Removal | None, missing: set[str]) -> None:
        if removal is None:
            return
        for what in sorted(missing, reverse=True):
            place = self._sheet.place(removal.line)
            message = f"“{short(removal.name)}” is removed without its {what.lower()}."
            self.findings.append(
                foreign.REASON_MISSING.finding(place, message, f"Add a line `**{what}**: …` below it.")
            )


class _Renamings:
    """The pairs FROM and TO in RENAMED sections."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self.found: list[Renaming] = []
        self.known: set[int] = set()
        self.findings: list[Finding] = []

    def read(self, part: Section) -> None:
        old: Removal | None = None
        for number in range(part.first, part.last + 1):
            line = self._sheet.lines[number - 1]
            found = _RENAMING.match(line.strip())
            if found is None:
                if _NEARLY_RENAMING.match(line) is not None:
                    self._lost(number, "This line of a renaming is not read")
                continue
            self.known.add(number)
            name = _bare(found["name"])
            if found["end"] == "FROM":
                self._alone(old)
                old = Removal(name, number)
            elif old is None:
                self._lost(number, "This TO has no FROM before it")
            else:
                self.found.append(Renaming(old.name, name, number))
                old = None
        self._alone(old)

    def _alone(self, old: Removal | None) -> None:
        if old is not None:
            self._lost(old.line, "This FROM has no TO after it")

    def _lost(self, line: int, message: str) -> None:
        hint = "Write two lines: ``- FROM: `### Requirement: OLD` `` and ``- TO: `### Requirement: NEW` ``."
        finding = foreign.DELTA_MISFIT.finding(self._sheet.place(line), f"{message}, so nothing is renamed.", hint)
        self.findings.append(finding)


def _removed_name(line: str) -> str:
    heading = REQUIREMENT.match(line)
    if heading is not None:
        return heading["name"].strip()
    bullet = _BULLET.match(line.strip())
    return _bare(bullet["name"]) if bullet is not None else ""


def _bare(name: str) -> str:
    """A name out of its backticks."""
    return name.strip().removesuffix("`").strip()
