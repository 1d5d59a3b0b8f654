"""Tasks of `tasks.md`, with what each proves, owns and waits for. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import dedent

from bot.core.specs.formats.foreign import Page
from bot.core.specs.formats.kiro.marks import Mark, MarkKind
from bot.core.specs.formats.kiro.order import Order, in_order
from bot.core.specs.formats.kiro.paths import paths_in_boundary, paths_in_title
from bot.core.specs.formats.kiro.references import TASKS, Named, References
from bot.core.specs.formats.kiro.task_lines import TaskLine, read_task_lines
from bot.core.specs.model import Finding, SpecTask, TaskKind
from bot.core.specs.rules import foreign
from bot.ids import CriterionId, TaskId

MAX_NAMES = 10
"""Unknown ids that one finding lists: enough to see what is wrong with the line."""


@dataclass(frozen=True, slots=True)
class TasksReading:
    tasks: tuple[SpecTask, ...]
    findings: tuple[Finding, ...]


def read_tasks(page: Page, criteria: References) -> TasksReading:
    """The tasks in the order of the file; `criteria` knows what they may prove. What a mark names and is not there, or is not understood, is said."""
    lines = read_task_lines(page)
    reader = _Reader(page, criteria, lines.tasks)
    order = in_order(lines.tasks, reader.depends())
    tasks = tuple(reader.task(line, order) for line in lines.tasks)
    return TasksReading(tasks, (*lines.findings, *reader.findings, *_left_out(page, lines.tasks, order)))


class _Reader:
    """One file's tasks and what is said about their marks."""

    def __init__(self, page: Page, criteria: References, lines: Sequence[TaskLine]) -> None:
        self.findings: list[Finding] = []
        self._page = page
        self._criteria = criteria
        self._lines = lines
        self._tasks = References(TASKS, _every_number(lines))

    def depends(self) -> Mapping[str, Sequence[str]]:
        """What each task names in its `_Depends_`, by its number."""
        found: dict[str, Sequence[str]] = {}
        for line in self._lines:
            marks = [mark for mark in line.marks if mark.kind is MarkKind.AFTER]
            if marks:
                found[line.number] = self._named(line, marks, self._tasks, "task")
        return found

    def task(self, line: TaskLine, order: Order) -> SpecTask:
        source = self._page.source
        last = max([line.line, *line.body])
        return SpecTask(
            task_id=TaskId(line.number),
            title=line.title,
            owns=self._owns(line, order.kinds[line.number]),
            proves=tuple(CriterionId(name) for name in self._proves(line)),
            after=tuple(TaskId(number) for number in order.after[line.number]),
            claimed_done=line.done,
            position=source.position(line.line, source.indent(line.line) + 1, source.last_line(line.line, last)),
            kind=order.kinds[line.number],
            optional=line.number in order.optional,
            skipped=line.struck,
            details=self._details(line),
        )

    def _proves(self, line: TaskLine) -> Sequence[str]:
        marks = [mark for mark in line.marks if mark.kind is MarkKind.PROVES]
        return self._named(line, marks, self._criteria, "requirement or criterion")

    def _owns(self, line: TaskLine, kind: TaskKind) -> tuple[str, ...]:
        """Nothing for a group: its children own what they name."""
        if kind is not TaskKind.WORK:
            return ()
        boundaries = (paths_in_boundary(mark.value) for mark in line.marks if mark.kind is MarkKind.BOUNDARY)
        named = [path for paths in boundaries for path in paths]
        return tuple(dict.fromkeys([*paths_in_title(line.title), *named]))

    def _named(self, line: TaskLine, marks: Iterable[Mark], references: References, noun: str) -> Sequence[str]:
        """All that the marks of one task name, each once."""
        ids: dict[str, None] = {}
        for mark in marks:
            named = references.named(mark.value)
            ids.update(dict.fromkeys(named.ids))
            self.findings.extend(self._doubts(line, mark, named, noun))
        return tuple(ids)

    def _doubts(self, line: TaskLine, mark: Mark, named: Named, noun: str) -> Iterator[Finding]:
        position = self._page.source.position(mark.line, self._page.source.indent(mark.line) + 1)
        if named.unknown:
            names = ", ".join(name[:40] for name in named.unknown[:MAX_NAMES])
            more = f" and {len(named.unknown) - MAX_NAMES} more" if len(named.unknown) > MAX_NAMES else ""
            message = f"Task {line.number} names {names}{more}: this spec has no such {noun}."
            yield foreign.DANGLING.finding(position, message, "Correct the ids.")
        if named.prose:
            message = f"`{mark.kind.value}` of task {line.number} names no {noun}: “{_short(named.prose)}”."
            yield foreign.NOT_UNDERSTOOD.finding(position, message, "Write ids with commas between: `1.1, 2.3`.")

    def _details(self, line: TaskLine) -> str:
        """The lines below the title as they are written, code included, without their common indentation."""
        inside = set(line.body)
        if not inside:
            return ""
        lines = self._page.source.lines
        numbers = range(line.line + 1, max(inside) + 1)
        kept = [lines[number - 1] for number in numbers if number in inside or not lines[number - 1].strip()]
        return dedent("\n".join(kept)).strip("\n")


def _every_number(lines: Iterable[TaskLine]) -> Iterator[str]:
    """The tasks' numbers, and those that only their children have."""
    for line in lines:
        number = line.number
        while number:
            yield number
            number = number.rpartition(".")[0]


def _left_out(page: Page, lines: Sequence[TaskLine], order: Order) -> Iterator[Finding]:
    """The `_Depends_` that have no effect."""
    places = {line.number: line for line in lines}
    for number, other in order.later:
        what = "itself" if other == number else f"{other}, which comes later or holds it"
        message = f"Task {number} depends on {what}; that would turn the order round, so it is left out."
        yield _depends(page, places[number], message, "Move the task below what it depends on.")
    for number, other in order.needless:
        message = (
            f"Task {number} depends on {other}, which is optional; nobody waits for optional tasks, so it is left out."
        )
        yield _depends(page, places[number], message, f"Take the `*` away from {other}.")


def _depends(page: Page, line: TaskLine, message: str, hint: str) -> Finding:
    place = next((mark.line for mark in line.marks if mark.kind is MarkKind.AFTER), line.line)
    return foreign.NOT_UNDERSTOOD.finding(page.source.position(place, page.source.indent(place) + 1), message, hint)


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= 80 else f"{one_line[:79]}…"
