"""A requirements or bugfix file cut at its headings: which lines belong to which requirement, and which of them hold criteria. Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.core.specs.blocks import Heading
from bot.core.specs.formats.foreign import Page
from bot.core.specs.formats.kiro.headings import (
    BEHAVIOR_NUMBERS,
    Role,
    requirement_label,
    role_of,
)


@dataclass(frozen=True, slots=True)
class Part:
    """The lines from a heading to the next one, both inclusive; from the file's first line before the first heading.

    `role` is that of the nearest heading around it that has one, `owner` the line of that heading (0 for none). `number` is the requirement's, or
    that of a bugfix's section. `accepting`: a heading for acceptance criteria stands between. `sure`: the heading says that it is a requirement.
    """

    start: int
    end: int
    role: Role
    owner: int
    number: str
    accepting: bool = False
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Parts:
    """All parts of a file, in order, none overlapping."""

    parts: tuple[Part, ...]
    _starts: tuple[int, ...]

    @classmethod
    def of(cls, parts: Iterable[Part]) -> "Parts":
        kept = tuple(parts)
        return cls(kept, tuple(part.start for part in kept))

    def at(self, line: int) -> Part:
        return self.parts[max(0, bisect_right(self._starts, line) - 1)]


@dataclass(frozen=True, slots=True)
class _Open:
    """A heading that is still in force."""

    level: int
    line: int
    role: Role
    number: str = ""
    sure: bool = True


_CONTENT = frozenset([Role.REQUIREMENT, Role.CURRENT, Role.EXPECTED, Role.UNCHANGED])
"""Roles whose headings hold items; what stands deeper inside them belongs to them, whatever it is called."""


def cut(page: Page) -> Parts:
    """The page's parts. Takes time linear in its headings: at most six are open at a time."""
    headings = page.outline.headings
    title = _title(headings)
    stack: list[_Open] = []
    ends = [heading.line - 1 for heading in headings] + [len(page.source.lines)]
    parts = [Part(1, ends[0], Role.OTHER, 0, "")]
    for heading, end in zip(headings, ends[1:], strict=True):
        while stack and stack[-1].level >= heading.level:
            stack.pop()
        opened = _opened(heading, stack)
        stack.append(replace(opened, role=Role.OTHER) if heading is title else opened)
        parts.append(_part(heading, end, stack))
    return Parts.of(parts)


def _title(headings: Sequence[Heading]) -> Heading | None:
    """The heading that names the whole file, when another one opens the requirements or it is a bugfix; `# Requirements` alone opens them itself."""
    first = next((heading for heading in headings if heading.level == 1), None)
    if first is None or requirement_label(first.text) is not None:
        return None
    others = any(heading is not first and role_of(heading.text) in _OPENING for heading in headings)
    return first if others else None


_OPENING = frozenset([Role.REQUIREMENTS, Role.CURRENT, Role.EXPECTED, Role.UNCHANGED])


def _opened(heading: Heading, around: list[_Open]) -> _Open:
    role = role_of(heading.text)
    label = requirement_label(heading.text)
    inside = any(one.role in _CONTENT for one in around)
    if label is not None and (label.sure or (not inside and _is_requirement(role, around))):
        return _Open(heading.level, heading.line, Role.REQUIREMENT, label.number, label.sure)
    if inside and role is not Role.ACCEPTANCE:
        role = Role.OTHER
    return _Open(heading.level, heading.line, role, BEHAVIOR_NUMBERS.get(role, ""))


def _is_requirement(role: Role, around: list[_Open]) -> bool:
    """True for a numbered heading right below the one for all requirements, whatever it is called; below a file's title a chapter that has a meaning
    of its own (`1. Introduction`) is none."""
    container = next((one for one in around if one.role is Role.REQUIREMENTS), None)
    if container is None:
        return False
    return role is Role.OTHER or (container.level > 1 and role in (Role.BACKGROUND, Role.INTRODUCTION))


def _part(heading: Heading, end: int, stack: list[_Open]) -> Part:
    owner = next((one for one in reversed(stack) if one.role in _CONTENT), None)
    accepting = any(one.role is Role.ACCEPTANCE for one in stack)
    if owner is None:
        owner = next((one for one in reversed(stack) if one.role is not Role.OTHER), _Open(0, 0, Role.OTHER))
    return Part(heading.line, end, owner.role, owner.line, owner.number, accepting, owner.sure)
