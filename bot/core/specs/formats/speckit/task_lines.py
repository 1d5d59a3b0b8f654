"""The lines of a `tasks.md`: phases, and the tasks in them with their marks. Pure.

## Phase 3: User Story 1 - Export my notes (Priority: P1)
- [ ] T008 [P] [US1] Stream CSV from src/notes/export.py (depends on T007)
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.core.specs.formats.foreign import Page
from bot.core.specs.formats.speckit.references import Kind, Reference, references
from bot.core.specs.model import Finding
from bot.core.specs.rules import foreign

_BOX = re.compile(r"(?P<indent>\s*)(?:[-*+]|[0-9]{1,6}[.)])\s+\[(?P<state>[^\]]?)\](?P<rest>\s.*)?\Z")
_BARE = re.compile(r"(?:[-*+]|[0-9]{1,6}[.)])\s+[*_`]{0,3}T[0-9]{3,}[a-z]?\b")
_NEARLY = re.compile(r"[\s>]{0,40}(?:[-*+]|\d{1,6}[.)])\s*\[[^\]\[]{0,3}\]\W{0,8}T\d{3,}[a-z]?\b")
"""A task but for its box, its place or the script of its digits (`T００１`)."""

_ID = re.compile(r"\s*[*_`\[]{0,3}(?P<id>T[0-9]{3,}[a-z]?)\b[*_`\]]{0,3}[:.]?(?=\s|\Z)", re.IGNORECASE)
_TAG = re.compile(r"\s*(?P<tag>\[[^\[\]]{1,60}\])(?!\()")
_PHASE = re.compile(r"\W*phase\s+(?P<number>[0-9]+(?:\.[0-9]+)?|N)\b\W*(?P<title>.*)", re.IGNORECASE)
_DEPENDENCIES = re.compile(r"\bdependenc|\bdepends\b|\bexecution order\b|\bcritical path\b", re.IGNORECASE)
_MARKER = re.compile(r"\s*(?:[-*+>#|]\s|[0-9]{1,6}[.)]\s|\*\*|`{3}|~{3}|-{3}|#|\|)")

MAX_MARKS = 20
"""Brackets behind an id that are looked at; honest lines have two. The rest is read as words."""

STATES = " xX-~"
"""What may stand in a box: open, done, put off (`-`) and begun (`~`)."""


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task as it is written. `text` is its first paragraph without id and marks; `details` are the lines below, by number.

    `stories` are the numbers of its `[USn]`.
    """

    line: int
    end_line: int
    task_id: str
    state: str
    parallel: bool
    stories: tuple[Reference, ...]
    text: str
    details: tuple[tuple[int, str], ...]


@dataclass(slots=True)
class Phase:
    """A part of the file that holds tasks, or says that it is a phase. `number` is "" where none is written."""

    line: int
    number: str
    title: str
    stories: tuple[Reference, ...]
    tasks: list[TaskLine] = field(default_factory=list)
    prose: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the file under one heading of the level on which phases stand; `end` is its last line."""

    line: int
    title: str
    level: int
    end: int

    @property
    def is_phase(self) -> bool:
        return _PHASE.match(self.title) is not None

    @property
    def is_about_order(self) -> bool:
        return not self.is_phase and is_about_order(self.title)


def is_about_order(title: str) -> bool:
    """True for the heading of a section that says what depends on what."""
    return _DEPENDENCIES.search(title) is not None


def lines_about_order(page: Page) -> frozenset[int]:
    """The lines under headings about order that stand deeper than phases, such as `### Dependencies` within one."""
    headings = page.outline.headings
    ends = [*(heading.line for heading in headings[1:]), len(page.lines) + 1]
    found: set[int] = set()
    inside = 0
    for heading, end in zip(headings, ends, strict=False):
        if inside and heading.level <= inside:
            inside = 0
        if not inside and is_about_order(heading.text) and _PHASE.match(heading.text) is None:
            inside = heading.level
        if inside:
            found.update(range(heading.end_line + 1, end))
    return frozenset(found)


def parts(page: Page) -> tuple[Part, ...]:
    """The file cut at the headings of phases, and at those above them; what stands before the first one is a part without a title."""
    headings = page.outline.headings
    level = min((one.level for one in headings if _PHASE.match(one.text)), default=2)
    tops = [one for one in headings if one.level <= level]
    starts = [(1, "", 0), *((one.line, one.text, one.level) for one in tops)]
    ends = [*(one.line - 1 for one in tops), len(page.lines)]
    return tuple(Part(*start, end) for start, end in zip(starts, ends, strict=True))


def read_phases(page: Page, cut: Iterable[Part]) -> tuple[tuple[Phase, ...], list[Finding]]:
    """The phases in the order of the file, and a finding for every line that looks like a task and is none."""
    phases: list[Phase] = []
    findings: list[Finding] = []
    for part in cut:
        phase = _phase(page, part)
        if phase.tasks or part.is_phase:
            phases.append(phase)
            findings += _not_understood(page, phase)
        findings += _nearly_tasks(page, part, phase)
    return tuple(phases), findings


def _phase(page: Page, part: Part) -> Phase:
    found = _PHASE.match(part.title)
    number, title = (found["number"], found["title"]) if found is not None else ("", part.title)
    named = tuple(one for one in references(part.title) if one.kind is Kind.STORY)
    phase = Phase(part.line, number, title.strip(), named)
    line = part.line
    while line <= part.end:
        task = _task(page, line, part.end)
        if task is not None:
            phase.tasks.append(task)
        else:
            phase.prose.append((line, page.lines[line - 1]))
        line = task.end_line + 1 if task is not None else line + 1
    return phase


def _task(page: Page, line: int, end: int) -> TaskLine | None:
    """The task that starts on a line, with what stands below it up to the next task."""
    box = _BOX.match(page.lines[line - 1])
    found = _ID.match(box["rest"] or "") if box is not None else None
    if box is None or found is None or box["state"] not in STATES:
        return None
    own, rest = _marks(found.string[found.end() :])
    title_end, last = _extent(page, line, end, len(box["indent"]))
    below = [page.source.lines[number - 1].strip() for number in range(line + 1, title_end + 1)]
    details = tuple((number, page.source.lines[number - 1]) for number in range(title_end + 1, last + 1))
    return TaskLine(
        line=line,
        end_line=last,
        task_id=f"T{found['id'][1:].lower()}",
        state=box["state"],
        parallel="[P]" in own,
        stories=tuple(one for tag in own for one in references(_loose(tag)) if one.kind is Kind.STORY),
        text=" ".join(" ".join([rest, *below]).split()),
        details=details,
    )


def _loose(tag: str) -> str:
    """The words of a mark; `[US1, US2]` and `[Story 1]` name stories too."""
    return tag[1:-1].upper().replace("STORY", "Story")


def _marks(text: str) -> tuple[list[str], str]:
    """The marks after the id that are known, and the rest of the line; other brackets are part of what it says."""
    known: list[str] = []
    other: list[str] = []
    at = 0
    while len(known) + len(other) < MAX_MARKS and (found := _TAG.match(text, at)) is not None:
        tag = found["tag"]
        at = found.end()
        if tag[1:-1].strip().upper() == "P":
            known.append("[P]")
        elif any(one.kind is Kind.STORY for one in references(_loose(tag))):
            known.append(tag)
        else:
            other.append(tag)
    return known, " ".join([*other, text[at:].strip()])


def _extent(page: Page, line: int, end: int, indent: int) -> tuple[int, int]:
    """The last line of a task's first paragraph, and its last line with all that is indented below it."""
    raw = page.source.lines
    title_end = line
    while title_end < end and raw[title_end].strip() and _MARKER.match(raw[title_end]) is None:
        title_end += 1
    last = title_end
    for number in range(title_end + 1, end + 1):
        text = raw[number - 1]
        if not text.strip():
            continue
        if len(text) - len(text.lstrip()) <= indent or _starts_task(page.lines[number - 1]):
            break
        last = number
    return title_end, last


def joined_lines(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Lines with those that only go on with the one above joined to it, by the number of the first one. Blank lines, headings and rows of
    tables part; they are left out."""
    start, words = 0, ""
    for number, line in lines:
        text = line.strip()
        apart = not text or text.startswith(("#", "|"))
        if words and (apart or _MARKER.match(line) is not None):
            yield start, words
            words = ""
        if not apart:
            start, words = (start, f"{words} {text}") if words else (number, text)
    if words:
        yield start, words


def _starts_task(line: str) -> bool:
    box = _BOX.match(line)
    return box is not None and _ID.match(box["rest"] or "") is not None


def _not_understood(page: Page, phase: Phase) -> Iterator[Finding]:
    for line, text in phase.prose:
        box = _BOX.match(text)
        position = page.source.position(line, page.source.indent(line) + 1)
        if box is None:
            if _BARE.match(text) is not None:
                message = "This line names a task and has no box, so it is not read as one."
                yield foreign.TASK_NOT_UNDERSTOOD.finding(position, message, "Start it with `- [ ]`.")
        elif box["state"] in STATES and _ID.match(box["rest"] or "") is None:
            message = "This line has a box and no task number, so it is not read as a task."
            hint = "Number it with three digits or more, for example `T001`."
            yield foreign.TASK_NOT_UNDERSTOOD.finding(position, message, hint)


def _nearly_tasks(page: Page, part: Part, phase: Phase) -> Iterator[Finding]:
    """Lines with the number of a task behind a box that is none: `- [/] T001`, `- [  ] T001`, `> - [ ] T001`; below other tasks as well."""
    starts = {task.line for task in phase.tasks}
    for number in range(part.line, part.end + 1):
        text = page.lines[number - 1]
        if number in starts or _NEARLY.match(text) is None:
            continue
        position = page.source.position(number, page.source.indent(number) + 1)
        if text.lstrip().startswith(">"):
            message, hint = "This task stands in a quote, so it is not read.", "Take the `>` away if it is to be done."
            yield foreign.NOT_UNDERSTOOD.finding(position, message, hint)
        else:
            message = "The box or the number of this task is not known, so the line is not read as one."
            yield foreign.TASK_NOT_UNDERSTOOD.finding(
                position, message, "Write `- [ ] T001 …`, with `x`, `-` or `~` in it."
            )
