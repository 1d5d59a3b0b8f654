"""`tasks.md`. Pure.

    ## 1. Lifetime
    - [ ] 1.1 Add an idle timer in `auth/timer.py` and verify it with its tests
      - [ ] 1.1.1 Count from the last request

The grammar is OpenSpec's own (1.10): boxes count wherever they stand, in code blocks too. The format has no dependencies: the order is the plan, and
a task with tasks below it is done when they are.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from bot.core.specs.digests import normal_text
from bot.core.specs.formats.foreign import Page
from bot.core.specs.formats.openspec.owned import Owned
from bot.core.specs.model import Finding, Position, SpecTask, TaskKind
from bot.core.specs.rules import foreign
from bot.ids import TaskId

_TASK = re.compile(r"[-*]\s*\[(?P<mark>[\sxX])\]\s*(?P<text>.*)")
_NEARLY = re.compile(r"(?:>\s*){0,9}(?:[-*+]\s*|[0-9]{1,9}[.)]\s*)?\[(?:[^\w\[\]]{0,3}|\s?[xX]\s?)\](?:\s|\Z)")
_HEADING = re.compile(r" {0,3}#{1,6}(?:\s|\Z)")
_GROUP_ENDS = re.compile(r" {0,3}##(?!#)(?:[ \t]+|[ \t]*\Z)")
_GROUP = re.compile(r" {0,3}##[ \t]+(?P<number>[0-9]{1,9})\.(?:[ \t]|\Z)")
_NUMBER = re.compile(r"(?P<number>[0-9]{1,9}(?:\.[0-9]{1,9}){1,9}[A-Za-z]{0,9})(?=\s|\Z)")
_TAB = 4


@dataclass(frozen=True, slots=True)
class TasksReading:
    """`numbered` counts the tasks with a number of their own."""

    tasks: tuple[SpecTask, ...] = ()
    findings: tuple[Finding, ...] = ()
    numbered: int = 0


@dataclass(frozen=True, slots=True)
class _Line:
    """A task's line. `parent` is the index of the task it stands below, -1 for none; `group` the number of its group, "" outside of one."""

    line: int
    indent: int
    done: bool
    number: str
    title: str
    parent: int
    group: str


def read_tasks(page: Page | None, owned: Owned) -> TasksReading:
    """The tasks in the order of the file, and every line that nearly is one."""
    if page is None:
        return TasksReading()
    findings: list[Finding] = []
    lines = _task_lines(page, findings)
    ids = _ids(page, lines, findings)
    after, parents = _order(lines, ids)
    tasks = []
    for index, one in enumerate(lines):
        owns, refused = owned.read(one.title)
        place = page.source.position(one.line, page.source.indent(one.line) + 1)
        findings += [_not_owned(place, text, reason) for text, reason in refused]
        details, end = _details(page, lines, index)
        tasks.append(
            SpecTask(
                task_id=ids[index],
                title=one.title,
                owns=owns,
                proves=(),
                after=after[index],
                claimed_done=one.done,
                position=page.source.position(one.line, page.source.indent(one.line) + 1, end),
                kind=TaskKind.GROUP if index in parents else TaskKind.WORK,
                details=details,
            )
        )
    return TasksReading(tuple(tasks), tuple(findings), sum(1 for one in lines if one.number))


def _task_lines(page: Page, findings: list[Finding]) -> list[_Line]:
    found: list[_Line] = []
    above: list[int] = []
    group = ""
    for number, line in enumerate(page.source.lines, 1):
        if number <= page.source.front:
            continue
        if _GROUP_ENDS.match(line) is not None:
            opened = _GROUP.match(line)
            group = opened["number"] if opened is not None else ""
        if _HEADING.match(page.lines[number - 1]) is not None:
            above.clear()
        words = line.strip()
        task = _TASK.match(words)
        own, title = _numbered(task["text"].strip()) if task is not None else ("", "")
        if task is None or not title:
            if task is not None or _NEARLY.match(words) is not None:
                findings.append(_not_understood(page, number, empty=task is not None))
            continue
        indent = _indent(line)
        while above and found[above[-1]].indent >= indent:
            above.pop()
        parent = above[-1] if above else -1
        above.append(len(found))
        found.append(_Line(number, indent, task["mark"] in "xX", own, title, parent, group))
    return found


def _numbered(text: str) -> tuple[str, str]:
    """A task's number, "" without one, and its title."""
    own = _NUMBER.match(text)
    return (own["number"], text[own.end() :].strip()) if own is not None else ("", text)


def _indent(line: str) -> int:
    blank = line[: len(line) - len(line.lstrip())]
    return len(blank.expandtabs(_TAB)) if "\t" in blank else len(blank)


def _ids(page: Page, lines: Sequence[_Line], findings: list[Finding]) -> list[TaskId]:
    """The tasks' numbers; for those without one something made from their words, so that it stays when other tasks come and go."""
    seen: Counter[str] = Counter()
    ids: list[TaskId] = []
    for one in lines:
        name = one.number or f"t-{sha256(normal_text(one.title).encode()).hexdigest()[:8]}"
        seen[name] += 1
        ids.append(TaskId(name if seen[name] == 1 else f"{name}-{seen[name]}"))
        if one.number:
            findings += _irregular(page, one, repeated=seen[name] > 1, called=ids[-1])
    return ids


def _irregular(page: Page, one: _Line, *, repeated: bool, called: TaskId) -> Iterator[Finding]:
    place = page.source.position(one.line, page.source.indent(one.line) + 1)
    if repeated:
        message = f"The number {one.number} is used before; this task is called {called}."
        yield foreign.IRREGULAR_NUMBER.finding(place, message, "Give each task its own number.")
    leading = one.number.partition(".")[0]
    if one.group and leading.lstrip("0") != one.group.lstrip("0"):
        message = f"Task {one.number} stands in group {one.group}."
        yield foreign.IRREGULAR_NUMBER.finding(
            place, message, f"Move it to group {leading}, or give it another number."
        )


def _order(lines: Sequence[_Line], ids: Sequence[TaskId]) -> tuple[list[tuple[TaskId, ...]], set[int]]:
    """What each task waits for, and which tasks have others below them. The one before it in the file; a task with others below it waits for those."""
    below: dict[int, list[TaskId]] = {}
    ahead: list[TaskId | None] = []
    for index, one in enumerate(lines):
        siblings = below.setdefault(one.parent, [])
        ahead.append(siblings[-1] if siblings else ahead[one.parent] if one.parent >= 0 else None)
        siblings.append(ids[index])
    after = [tuple(below[index]) if index in below else (task,) if task else () for index, task in enumerate(ahead)]
    return after, {index for index in below if index >= 0}


def _details(page: Page, lines: Sequence[_Line], index: int) -> tuple[str, int]:
    """What stands under a task's title, indented below it, and the last of its lines."""
    one = lines[index]
    border = lines[index + 1].line if index + 1 < len(lines) else len(page.source.lines) + 1
    end = one.line
    for number in range(one.line + 1, border):
        line = page.source.lines[number - 1]
        if line.strip():
            if _indent(line) <= one.indent:
                break
            end = number
    told = (line.strip() for line in page.source.lines[one.line : end])
    return "\n".join(line for line in told if line), end


def _not_understood(page: Page, number: int, *, empty: bool) -> Finding:
    place = page.source.position(number, page.source.indent(number) + 1)
    message = "This task says nothing." if empty else "This looks like a task and is not read as one."
    return foreign.TASK_NOT_UNDERSTOOD.finding(place, message, "Write `- [ ] 1.1 What is to be done`.")


def _not_owned(place: Position, text: str, reason: str) -> Finding:
    message = f"`{text[:80]}` {reason}, so the task does not own it."
    return foreign.NOT_UNDERSTOOD.finding(place, message)
