"""Everything in a task list that speaks of order, heard line by line and told to the roll of tasks. Pure."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from bot.core.specs.blocks import BlockKind
from bot.core.specs.formats.foreign import Page
from bot.core.specs.formats.speckit.dependencies import (
    Said,
    Verdict,
    cell_says,
    draws_order,
    is_about_dependency,
    label_says,
    line_says,
    task_says,
)
from bot.core.specs.formats.speckit.order import Saying
from bot.core.specs.formats.speckit.references import Kind
from bot.core.specs.formats.speckit.roll import Roll
from bot.core.specs.formats.speckit.tables import Table, tables
from bot.core.specs.formats.speckit.task_lines import Part, Phase, TaskLine
from bot.core.specs.model import Finding, Position
from bot.core.specs.rules import foreign

MAX_LINES = 1_000
"""Lines of sections about order that are heard; the longest public one has seventy."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A saying and where it stands."""

    saying: Saying
    position: Position


@dataclass(slots=True)
class Listener:
    """Hears one file."""

    page: Page
    roll: Roll
    heard: list[Heard] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    _understood_phases: bool = False

    def phase(self, phase: Phase, title: str) -> None:
        """The heading of a phase, and lines such as `**Depends on**: Phase 2` under it."""
        about = self.roll.masks[phase.line]
        self._hear(task_says(title), phase.line, about)
        for line, text in phase.prose:
            self._hear(label_says(text), line, about)
        for task in phase.tasks:
            self._task(task)

    def _task(self, task: TaskLine) -> None:
        about = self.roll.mask_of(task)
        self._hear(task_says(task.text), task.line, about)
        for line, text in task.details:
            said = label_says(text)
            self._hear(said if said.verdict is not Verdict.SILENT else task_says(text), line, about)

    def section(self, part: Part) -> None:
        """A section about dependencies: its prose, its tables and its drawings."""
        in_tables: set[int] = set()
        for table in tables(self.page.lines, part.line, part.end):
            in_tables |= {row.line for row in table.rows}
            self._table(table)
        lines = (n for n in range(part.line + 1, part.end + 1) if n not in in_tables and self.page.lines[n - 1].strip())
        for number in islice(lines, MAX_LINES):
            text = self.page.lines[number - 1]
            if not text.lstrip().startswith(("#", "|")):
                self._hear(line_says(text), number, 0)
        left = next(lines, None)
        if left is not None:
            self._unclear(left, f"This section has more than {MAX_LINES:,} lines; what follows is not read.")

    def _table(self, table: Table) -> None:
        columns = [index for index, name in enumerate(table.header) if index and is_about_dependency(name)]
        for row in table.rows[:MAX_LINES]:
            for column in columns:
                if column < len(row.cells):
                    self._hear(cell_says(row.cells[0], row.cells[column]), row.line, 0)
            if not columns and line_says("; ".join(row.cells)).verdict is not Verdict.SILENT:
                self._unclear(row.line)

    def drawings(self, parts: Sequence[Part]) -> None:
        """Drawings are not read. One of phases only repeats the prose, where there is any; one of tasks says what nothing else says."""
        starts = [part.line for part in parts]
        for block in self.page.outline.blocks:
            at = bisect_right(starts, block.line) - 1
            if block.kind is BlockKind.FENCE and at >= 0 and block.line <= parts[at].end:
                kinds = draws_order(block.content)
                if Kind.TASK in kinds or (kinds and not self._understood_phases):
                    self._unclear(block.line, "This drawing names an order, and drawings are not read.")

    def _hear(self, said: Said, line: int, about: int) -> None:
        unknown = []
        for statement in said.statements:
            resolved = self.roll.resolve(statement, about)
            unknown += [name.text for name in resolved.unknown]
            saying = resolved.saying
            if saying.later and saying.earlier:
                self.heard.append(Heard(saying, self._place(line)))
            kinds = {name.kind for name in (*statement.later, *statement.earlier)}
            self._understood_phases = self._understood_phases or not kinds <= {Kind.TASK}
        if unknown:
            names = ", ".join(dict.fromkeys(unknown))
            message = f"This line names {names[:200]}, which this plan does not have."
            self.findings.append(foreign.DANGLING.finding(self._place(line), message, "Correct it or delete it."))
        if said.verdict is Verdict.UNCLEAR:
            self._unclear(line)

    def _unclear(
        self, line: int, message: str = "This line speaks of an order in words that are not understood."
    ) -> None:
        hint = "Say it as `Phase 4: Depends on Phase 2`, or in the task's own line as `(depends on T012)`."
        self.findings.append(foreign.NOT_UNDERSTOOD.finding(self._place(line), message, hint))

    def _place(self, line: int) -> Position:
        return self.page.source.position(line, self.page.source.indent(line) + 1)
