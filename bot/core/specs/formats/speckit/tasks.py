"""The tasks of a `tasks.md`: what each owns, proves and waits for. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from textwrap import dedent

from bot.core.specs.formats.foreign import Page
from bot.core.specs.formats.named_paths import named_paths
from bot.core.specs.formats.speckit.criterion_ids import KnownCriteria
from bot.core.specs.formats.speckit.numbered import bits, union
from bot.core.specs.formats.speckit.order import put_in_order
from bot.core.specs.formats.speckit.roll import Roll, is_story
from bot.core.specs.formats.speckit.sayings import Listener
from bot.core.specs.formats.speckit.task_lines import Phase, TaskLine, parts, read_phases
from bot.core.specs.model import Finding, Position, SpecTask
from bot.core.specs.rules import foreign, reading
from bot.ids import TaskId

MAX_TASKS = 500
"""Four times the longest public plan. Tasks wait for each other in any number, so that work grows with the square of theirs."""

PUT_OFF = "-"
"""What stands in the box of a task that its author skipped or put off; not in the template, but in one public task of sixteen."""

_FILES = re.compile(r"\W*(?:files?|paths?|location)(?:\(s\))?\W*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TasksRead:
    tasks: tuple[SpecTask, ...]
    findings: tuple[Finding, ...]


def read_tasks(page: Page, criteria: KnownCriteria) -> TasksRead:
    """The tasks in the order of the file, no two with one id and none waiting in a circle, and a finding for each line that is not understood."""
    cut = parts(page)
    written, findings = read_phases(page, cut)
    phases, said = _kept(page, written)
    roll = Roll(phases)
    listener = Listener(page, roll)
    titles = {part.line: part.title for part in cut}
    for phase in phases:
        listener.phase(phase, titles[phase.line])
    about_order = [part for part in cut if part.is_about_order]
    for part in about_order:
        listener.section(part)
    listener.drawings(about_order)
    put_off = union(1 << index for index, task in enumerate(roll.tasks) if task.state == PUT_OFF)
    ordered = put_in_order(_file_order(roll), (one.saying for one in listener.heard), put_off)
    circular = set(ordered.circular)
    findings += [*said, *listener.findings]
    for heard in listener.heard:
        if heard.saying in circular:
            names = [roll.tasks[index].task_id for index in bits(heard.saying.later | heard.saying.earlier)]
            message = f"With this, tasks wait for each other in a circle ({', '.join(names[:5])}); it has no effect."
            findings.append(foreign.NOT_UNDERSTOOD.finding(heard.position, message, "Remove one of the dependencies."))
    reader = _TaskReader(page, criteria)
    after = ([TaskId(roll.tasks[index].task_id) for index in waits] for waits in ordered.after)
    tasks = [reader.task(task, tuple(waits)) for task, waits in zip(roll.tasks, after, strict=True)]
    return TasksRead(tuple(tasks), (*findings, *reader.findings, *reader.unknown()))


def _kept(page: Page, phases: Sequence[Phase]) -> tuple[list[Phase], list[Finding]]:
    """The phases with each id once, and no more tasks than are read."""
    first: dict[str, int] = {}
    findings: list[Finding] = []
    kept: list[Phase] = []
    over: list[TaskLine] = []
    for phase in phases:
        tasks: list[TaskLine] = []
        for task in phase.tasks:
            if task.task_id in first:
                message = f"{task.task_id} stands on line {first[task.task_id]} already; this line is not read."
                hint = "Give one of them another number."
                findings.append(reading.DUPLICATE_ID.finding(page.source.position(task.line), message, hint))
            elif len(first) == MAX_TASKS:
                over.append(task)
            else:
                first[task.task_id] = task.line
                tasks.append(task)
        kept.append(replace(phase, tasks=tasks))
    if over:
        message = f"This file has {MAX_TASKS + len(over):,} tasks; at most {MAX_TASKS} are read."
        position = page.source.position(over[0].line)
        findings.append(reading.TOO_LARGE.finding(position, message, "Split it into several specs."))
    return kept, findings


def _file_order(roll: Roll) -> list[int]:
    """For each task the set of those that the file puts before it: phases are barriers, but stories that follow each other stand side by side;
    in a phase each task waits for those above it, but those marked `[P]` that follow each other are one step.
    """
    order: list[int] = []
    before = 0
    for block in _blocks(roll.phases):
        for phase in block:
            seen = before
            for step in _steps(phase):
                start = len(order)
                order += [seen] * len(step)
                seen |= ((1 << len(step)) - 1) << start
        before = (1 << len(order)) - 1
    return order


def _blocks(phases: Sequence[Phase]) -> Iterator[list[Phase]]:
    for story, group in groupby(phases, key=is_story):
        alike = list(group)
        yield from [alike] if story else ([phase] for phase in alike)


def _steps(phase: Phase) -> Iterator[list[TaskLine]]:
    for parallel, group in groupby(phase.tasks, key=lambda task: task.parallel):
        tasks = list(group)
        yield from [tasks] if parallel else ([task] for task in tasks)


class _TaskReader:
    """Tasks as the rest of the house sees them. Names that mean nothing are told once each, at the first task that has them."""

    def __init__(self, page: Page, criteria: KnownCriteria) -> None:
        self.findings: list[Finding] = []
        self._page, self._criteria = page, criteria
        self._unknown: dict[str, list[TaskLine]] = {}

    def task(self, task: TaskLine, after: tuple[TaskId, ...]) -> SpecTask:
        details = "\n".join(text for _, text in task.details)
        proves, unknown = self._criteria.proven(task.stories, f"{task.text}\n{details}")
        for name in unknown:
            self._unknown.setdefault(name, []).append(task)
        return SpecTask(
            task_id=TaskId(task.task_id),
            title=task.text,
            owns=self._owned(task),
            proves=proves,
            after=after,
            claimed_done=task.state in ("x", "X"),
            position=self._page.source.position(task.line, 1, task.end_line),
            skipped=task.state == PUT_OFF,
            details=dedent(details).strip("\n"),
        )

    def _owned(self, task: TaskLine) -> tuple[str, ...]:
        """The paths in its words, and those behind `File:` below it."""
        named = [named_paths(task.text)]
        named += [named_paths(text) for _, text in task.details if _FILES.match(text) is not None]
        refused = [path for one in named for path in one.refused]
        if refused:
            paths = ", ".join(f"`{path}`" for path in dict.fromkeys(refused))
            message = f"{task.task_id} names {paths[:200]}, which no task can own."
            hint = "Write paths from the repository's root, without `..`, if the task is to change them."
            self.findings.append(foreign.NOT_UNDERSTOOD.finding(self._place(task), message, hint))
        return tuple(dict.fromkeys(pattern for one in named for pattern in one.patterns))

    def unknown(self) -> Iterator[Finding]:
        for name, tasks in self._unknown.items():
            also = f" and {len(tasks) - 1} more" if len(tasks) > 1 else ""
            verb = "name" if also else "names"
            message = f"{tasks[0].task_id}{also} {verb} {name[:80]}, which this spec does not have."
            hint = "Correct it, or add the story or requirement to `spec.md`."
            yield foreign.DANGLING.finding(self._place(tasks[0]), message, hint)

    def _place(self, task: TaskLine) -> Position:
        return self._page.source.position(task.line, self._page.source.indent(task.line) + 1)
