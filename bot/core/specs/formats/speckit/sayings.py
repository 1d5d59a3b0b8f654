"""Everything in a task list that speaks of order, heard line by line and told to the roll of tasks. Pure."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.core.specs.blocks import BlockKind
from bot.core.specs.formats.foreign import Page
from bot.core.specs.formats.speckit.dependencies import (
    SILENT,
    Said,
    Verdict,
    cell_says,
    draws_order,
    is_about_dependency,
    label_says,
    line_says,
    speaks_of_order,
    task_says,
)
from bot.core.specs.formats.speckit.order import Saying
from bot.core.specs.formats.speckit.references import Kind
from bot.core.specs.formats.speckit.roll import Roll
from bot.core.specs.formats.speckit.tables import Table, tables
from bot.core.specs.formats.speckit.task_lines import Part, Phase, TaskLine, joined_lines, lines_about_order
from bot.core.specs.model import Finding, Position
from bot.core.specs.rules import foreign

MAX_LINES = 2_000
"""Lines of one file that are listened to because they hold a word for an order; a long public plan has a hundred."""


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
    _listened: int = 0
    _about_order: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        self._about_order = lines_about_order(self.page)

    def phase(self, phase: Phase, title: str) -> None:
        """The heading of a phase, and lines such as `**Depends on**: Phase 2` under it."""
        about = self.roll.masks[phase.line]
        self._listen(phase.line, about, title, task_says)
        for line, text in joined_lines(phase.prose):
            ways = (label_says, line_says) if line in self._about_order else (label_says,)
            self._listen(line, about, text, *ways)
        for task in phase.tasks:
            self._task(task)

    def _task(self, task: TaskLine) -> None:
        about = self.roll.mask_of(task)
        self._listen(task.line, about, task.text, task_says)
        for line, text in joined_lines(task.details):
            self._listen(line, about, text, label_says, task_says)

    def section(self, part: Part) -> None:
        """A section about dependencies: its prose, its tables and its drawings."""
        for table in tables(self.page.lines, part.line, part.end):
            self._table(table)
        lines = range(part.line + 1, part.end + 1)
        for number, text in joined_lines((number, self.page.lines[number - 1]) for number in lines):
            self._listen(number, 0, text, line_says)

    def _table(self, table: Table) -> None:
        columns = [index for index, name in enumerate(table.header) if index and is_about_dependency(name)]
        for row in table.rows:
            cells = [row.cells[column] for column in columns if column < len(row.cells)]
            for cell in cells:
                if self._may_listen(row.line):
                    self._hear(cell_says(row.cells[0], cell), row.line, 0)
            words = "; ".join(row.cells)
            if not columns and speaks_of_order(words) and line_says(words).verdict is not Verdict.SILENT:
                self._unclear(row.line)

    def _listen(self, line: int, about: int, text: str, *ways: Callable[[str], Said]) -> None:
        """Hear a line in the first way in which it says anything."""
        if speaks_of_order(text) and self._may_listen(line):
            said = next((one for way in ways if (one := way(text)).verdict is not Verdict.SILENT), SILENT)
            self._hear(said, line, about)

    def _may_listen(self, line: int) -> bool:
        """False once the file has said enough; told where that is."""
        self._listened += 1
        if self._listened == MAX_LINES + 1:
            self._unclear(line, f"This file speaks of an order on more than {MAX_LINES:,} lines; the rest is not read.")
        return self._listened <= MAX_LINES

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
