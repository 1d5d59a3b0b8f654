"""The lines of `tasks.md`: which are tasks, and what stands below each. Pure.

- [ ] 2. Import pipeline
  - [ ]* 2.1 (P) Parse the uploaded file
    - reject rows with unknown columns
    - _Requirements: 1.1, 1.2_
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.core.specs.formats.foreign import Page
from bot.core.specs.formats.kiro.marks import Mark, marks_in, marks_in_title
from bot.core.specs.model import Finding
from bot.core.specs.rules import foreign, reading
from bot.core.specs.rules.rule import Rule

_STATES = frozenset(" xX-~")
"""Open, done, and twice in progress; what else stands in a box is another tool's."""

_NEARLY = frozenset({"", "x", "✓", "✔"})
"""What people put in a box in these words' stead; `[  ]` and `[x ]` are no boxes either."""

_BOX = re.compile(
    r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]*\[(?P<state>[^\[\]]{0,3})\](?P<star>\\?\*)?(?![(\[])[ \t]*(?P<rest>.*)"
)
_QUOTED = re.compile(r"[ \t]*>[ \t>]*")
_HEADED = re.compile(r"[ \t]*#{1,6}[ \t]*\[(?P<state>.?)\](?P<star>\\?\*)?[ \t]+(?P<rest>.*)")
"""`### [x] 2.1 Build it`: a task as a heading; all down to the next heading stands below it."""

_NUMBERED = re.compile(
    r"(?P<struck>~~)?(?:\*\*|__)?(?:task[ \t]+)?(?P<number>\d{1,6}(?:\.\d{1,6}){0,3}(?P<letter>[a-z])?)(?P<star>\\?\*)?(?P<dot>[.):])?"
    r"(?:\*\*|__)?:?(?P<late>\\?\*)?[ \t]+(?P<title>\S.*)",
    re.IGNORECASE,
)
_PARALLEL = "(p)"
_CHECKPOINT = re.compile(
    r"[\W_]*(?:final[ \t]+)?(?:checkpoint\b|チェックポイント|检查点|檢查點|체크포인트)", re.IGNORECASE
)
_BULLET = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+[^\s_]")
_RULE = re.compile(r"[ \t]*(?:-{3,}|\*{3,}|_{3,})[ \t]*")
_GRAPH = re.compile(r"(?:task )?dependency graph\b", re.IGNORECASE)

HEADING = -1
"""The indentation of a task that is a heading: everything stands below it, other tasks beside it."""

TAB = 4
"""Columns that a tab moves on, as in Markdown."""


@dataclass(slots=True)
class TaskLine:
    """A task as it is written. `body` are the numbers of the lines below it that belong to it; `works`: it has details of its own besides marks."""

    number: str
    title: str
    line: int
    indent: int
    done: bool
    optional: bool
    struck: bool
    parallel: bool
    checkpoint: bool
    body: list[int] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    works: bool = False


@dataclass(frozen=True, slots=True)
class TaskLines:
    """All tasks in the order of the file, each number once."""

    tasks: tuple[TaskLine, ...]
    findings: tuple[Finding, ...]


def read_task_lines(page: Page) -> TaskLines:
    """The tasks of a page, and a finding for every line that looks like one and is none."""
    reader = _Reader(page)
    for number, text in enumerate(page.lines, 1):
        reader.line(number, text)
    return TaskLines(tuple(reader.tasks), (*reader.findings, *_unread(page, reader)))


class _Reader:
    """One pass over the lines, with the tasks around the current line."""

    def __init__(self, page: Page) -> None:
        self.tasks: list[TaskLine] = []
        self.findings: list[Finding] = []
        self._page = page
        self._headings = {heading.line for heading in page.outline.headings}
        self._first: dict[str, int] = {}
        self._open: list[TaskLine] = []
        self._blank = True

    def line(self, number: int, text: str) -> None:
        if number in self._headings:
            self._heading(number, text)
        elif _RULE.fullmatch(text) is not None:
            self._open = []
        elif not text.strip():
            fenced = self._fenced(number)
            self._blank = self._blank or not fenced
            return
        elif (box := _BOX.match(text)) is None or not self._box(number, text, box):
            self._quoted(number, text)
            self._detail(number, text)
        self._blank = False

    def _heading(self, line: int, text: str) -> None:
        self._open = []
        box = _HEADED.match(text)
        if box is not None:
            self._box(line, text, box)

    def _quoted(self, line: int, text: str) -> None:
        """A quote is what somebody else says, so a task in it is told and not read."""
        quote = _QUOTED.match(text)
        box = _BOX.match(text, quote.end()) if quote is not None else None
        if box is not None and _numbered(box["rest"]) is not None:
            message = "This task stands in a quote, so it is not read."
            self._say(foreign.NOT_UNDERSTOOD, line, message, "Take the `>` away if it is to be done.")

    def _fenced(self, line: int) -> bool:
        """True for a line that is blank here only because it is code; it belongs to the task above."""
        if not self._page.source.lines[line - 1].strip():
            return False
        if self._open:
            self._open[-1].body.append(line)
        return True

    def _box(self, line: int, text: str, box: re.Match[str]) -> bool:
        """True when the line with this box is dealt with; False when it is a detail of the task above."""
        numbered = _numbered(box["rest"])
        known = box["state"] != "" and box["state"] in _STATES
        indent = HEADING if line in self._headings else _indent(text)
        above = [task for task in self._open if task.indent < indent]
        around = [task for task in above if task.indent != HEADING]
        if not known:
            nearly = box["state"].strip().lower() in _NEARLY
            if numbered is not None and (nearly or numbered["dot"] or "." in numbered["number"]):
                message = "A task's box holds a blank, `x`, `-` or `~`; this line is not read as a task."
                self._say(foreign.TASK_NOT_UNDERSTOOD, line, message, "Write `- [ ]`.")
            return False
        if numbered is None and not above:
            message = "This line has a box and no number, so it is not read as a task."
            self._say(foreign.TASK_NOT_UNDERSTOOD, line, message, "Give it a number, for example `- [ ] 3.1 …`.")
            self._open = []
            return True
        if numbered is None or (around and "." not in numbered["number"]):
            if numbered is not None and numbered["dot"]:
                message = f"This line stands below task {around[-1].number} with a number of its own, so it is read as a detail of it."
                hint = f"Number it `{around[-1].number}.{numbered['number']}`."
                self._say(foreign.TASK_NOT_UNDERSTOOD, line, message, hint)
            return False
        self._open = around
        self._task(line, indent, box, numbered)
        return True

    def _task(self, line: int, indent: int, box: re.Match[str], numbered: re.Match[str]) -> None:
        number = numbered["number"]
        title, parallel = _without_parallel(numbered["title"].strip(" \t*_~"))
        task = TaskLine(
            number=number,
            title=" ".join(title.split()),
            line=line,
            indent=indent,
            done=box["state"] in "xX",
            optional=bool(box["star"] or numbered["star"] or numbered["late"]),
            struck=bool(numbered["struck"]),
            parallel=parallel,
            checkpoint=_CHECKPOINT.match(title) is not None,
            marks=list(marks_in_title(title, line)),
        )
        self._open.append(task)
        known = self._first.setdefault(number, line)
        if known == line:
            self.tasks.append(task)
        else:
            message = f"Task {number} stands on line {known} already."
            self._say(reading.DUPLICATE_ID, line, message, "Give one of them another number.")

    def _detail(self, line: int, text: str) -> None:
        marks = list(marks_in(text, line))
        task = self._owner(_indent(text), marked=bool(marks))
        if task is not None:
            task.body.append(line)
            task.marks.extend(marks)
            task.works = task.works or (not marks and _BULLET.match(text) is not None)
            return
        self._open = []
        if marks and text.strip().startswith(("_", "*", "- _", "- *")):
            message = "This stands below no task and has no effect."
            self._say(foreign.NOT_UNDERSTOOD, line, message, "Move it below its task, indented.")

    def _owner(self, indent: int, *, marked: bool) -> TaskLine | None:
        """The task that a line belongs to: the innermost one that it is indented under. What is not indented belongs to the last one as long as no
        blank line parts them; a mark belongs to it in any case."""
        under = [task for task in self._open if task.indent < indent]
        if under:
            return under[-1]
        return self._open[-1] if self._open and (marked or not self._blank) else None

    def _say(self, rule: Rule, line: int, message: str, hint: str) -> None:
        source = self._page.source
        self.findings.append(rule.finding(source.position(line, source.indent(line) + 1), message, hint))


def _numbered(rest: str) -> re.Match[str] | None:
    """The number and title after a box. `3d models` is no number."""
    found = _NUMBERED.match(rest)
    if found is not None and found["letter"] and not found["dot"] and "." not in found["number"]:
        return None
    return found


def _without_parallel(title: str) -> tuple[str, bool]:
    """The title without the mark `(P)` at one of its ends, and whether it had one."""
    if title[:3].lower() == _PARALLEL:
        return title[3:].strip(" \t*_~"), True
    if title[-3:].lower() == _PARALLEL:
        return title[:-3].strip(" \t*_~"), True
    return title, False


def _indent(text: str) -> int:
    expanded = text.expandtabs(TAB)
    return len(expanded) - len(expanded.lstrip())


def _unread(page: Page, reader: _Reader) -> Iterator[Finding]:
    """What the whole file says in another way than by task lines."""
    for heading in page.outline.headings:
        if _GRAPH.match(heading.text) is not None:
            message = "The dependency graph is not read: tasks wait for each other in the order of the file."
            hint = "Say `_Depends: 1.2_` below a task for what the order does not show."
            yield foreign.NOT_UNDERSTOOD.finding(page.source.position(heading.line), message, hint)
    if not reader.tasks and not reader.findings and any(line.strip() for line in page.lines):
        message = "No line of this file is read as a task."
        yield foreign.TASK_NOT_UNDERSTOOD.finding(page.source.position(1), message, "Write `- [ ] 1. …`.")
