"""Requirements and success criteria: what opens with an id such as `FR-001`, in lists, paragraphs, headings and tables. Pure."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.core.specs.blocks import Block
from bot.core.specs.formats.foreign import Found, Page
from bot.core.specs.formats.labels import nearly_labelled
from bot.core.specs.formats.speckit.chapters import Chapter, Stretch
from bot.core.specs.formats.speckit.criterion_ids import Label, full_id, read_label, without_accept
from bot.core.specs.formats.speckit.pieces import Piece, Pieces, criterion, cut_before, folded, further_text
from bot.core.specs.formats.speckit.tables import Row, Table, tables
from bot.core.specs.model import Finding
from bot.core.specs.rules import foreign, reading

_OF_THE_PLAN = re.compile(
    r"(?:priority|prio|p|status|state|done|owner|(?:user )?stor(?:y|ies)|phase|tasks?|id|#|no\.?)\Z", re.IGNORECASE
)
"""Columns that say how far something is or who does it, not what must be true; a criterion does not change with them."""

_ID_COLUMNS = 2
"""An id stands in the first column, or behind a running number in the second."""


@dataclass(frozen=True, slots=True)
class RequirementsRead:
    found: tuple[Found, ...]
    findings: tuple[Finding, ...]


def read_requirements(page: Page, pieces: Pieces, stretches: Sequence[Stretch]) -> RequirementsRead:
    """All of them in the order of the file, and a finding for what stands among them and has no id."""
    reader = _Reader(page, pieces)
    index = 0
    while index < len(stretches):
        stretch = stretches[index]
        index += 1
        if not _may_hold_ids(stretch):
            continue
        label = read_label(stretch.heading.text) if stretch.heading is not None else None
        end = stretch.end
        while label is not None and index < len(stretches) and _below(stretches[index], stretch):
            end = stretches[index].end
            index += 1
        free = label is not None or stretch.chapter is not Chapter.CRITERIA
        reader.lines(stretch.start, end, all_have_ids=not free)
        if label is not None:
            reader.heading(label, stretch.start - 1, end)
    reader.found.sort(key=lambda one: (one.position.line, one.position.column))
    return RequirementsRead(tuple(reader.found), tuple(reader.findings))


def _may_hold_ids(stretch: Stretch) -> bool:
    """True for the requirements, and for acceptance criteria that belong to no story: those may have ids of their own, too."""
    return stretch.chapter is Chapter.CRITERIA or (stretch.chapter is Chapter.SCENARIOS and not stretch.story)


def _below(stretch: Stretch, above: Stretch) -> bool:
    """True for what stands under a heading that lies below another one and is no requirement of its own."""
    if stretch.heading is None or above.heading is None or stretch.heading.level <= above.heading.level:
        return False
    return read_label(stretch.heading.text) is None


class _Reader:
    """The requirements of one page. A block belongs to the innermost requirement around it."""

    def __init__(self, page: Page, pieces: Pieces) -> None:
        self.found: list[Found] = []
        self.findings: list[Finding] = []
        self._page, self._pieces = page, pieces
        self._taken: set[int] = set()

    def lines(self, start: int, end: int, *, all_have_ids: bool) -> None:
        """What has an id of its own on these lines; where all should have one, a finding for each item without."""
        labelled = [(label, one) for one in self._pieces.items(start, end) if (label := read_label(one.text))]
        for label, piece in reversed(labelled):
            self._criterion(label, piece, self._free(piece.further), self._free(piece.blocks))
        for table in tables(self._page.lines, start, end):
            self._table(table)
        self._paragraphs(start, end)
        if all_have_ids:
            with_id = [piece.line for _, piece in labelled]
            self.findings += self._without_id(start, end, with_id)

    def heading(self, label: Label, line: int, end: int) -> None:
        """The requirement of a heading: all below it that has no id of its own."""
        blocks = [block for piece in self._pieces.between(line + 1, end) for block in self._free(piece.blocks)]
        self._criterion(label, Piece(line, max(line, end), label.rest), blocks, blocks)

    def _free(self, blocks: Sequence[Block]) -> list[Block]:
        return [block for block in blocks if block.line not in self._taken]

    def _criterion(self, label: Label, piece: Piece, further: Sequence[Block], blocks: Sequence[Block]) -> None:
        self._taken.update(block.line for block in blocks)
        texts = [folded(label.rest), *further_text(further)]
        lines = piece.line, piece.end_line
        self.found.append(criterion(self._page, label.criterion_id, lines, texts, blocks, accept=label.accept))

    def _paragraphs(self, start: int, end: int) -> None:
        """Requirements that stand in no list; a command right behind one belongs to it."""
        last: tuple[Label, Piece] | None = None
        commands: list[Block] = []
        for piece in self._pieces.between(start, end):
            if piece.is_command and last is not None:
                commands += piece.blocks
                continue
            self._close(last, commands)
            last, commands = None, []
            if piece.item is not None or piece.is_code:
                continue
            labels = [offset for offset, line in enumerate(piece.text.split("\n")) if read_label(line) is not None]
            self._taken.update(block.line for block in piece.blocks if labels)
            for part in cut_before(piece, labels):
                self._close(last, commands)
                label = read_label(part.text)
                last = (label, part) if label is not None else None
        self._close(last, commands)

    def _close(self, last: tuple[Label, Piece] | None, commands: list[Block]) -> None:
        if last is not None:
            label, piece = last
            end = commands[-1].end_line if commands else piece.end_line
            self._criterion(label, Piece(piece.line, end, piece.text), (), commands)

    def _table(self, table: Table) -> None:
        by_id = (
            table.header[0].strip("*_ ").lower() in ("id", "req", "requirement id", "#", "no.")
            if table.header
            else False
        )
        for row in table.rows:
            at = next(
                (column for column, cell in enumerate(row.cells[:_ID_COLUMNS]) if _cell_id(cell) is not None), None
            )
            if at is not None:
                self._row(table, row, at)
            elif by_id and any(row.cells):
                self.findings.append(_no_id(self._page, row.line, "row", ""))

    def _row(self, table: Table, row: Row, at: int) -> None:
        label = _cell_id(row.cells[at])
        if label is None:
            return
        accept, text = without_accept(row.cells[at + 1] if len(row.cells) > at + 1 else "")
        more = [
            f"{name}: {cell}"
            for name, cell in zip(table.header[at + 2 :], row.cells[at + 2 :], strict=False)
            if cell and _OF_THE_PLAN.match(name.strip("*_ ")) is None
        ]
        texts = [folded(text), *map(folded, more)]
        lines = row.line, row.line
        self.found.append(criterion(self._page, label.criterion_id, lines, texts, (), accept=accept or label.accept))

    def _without_id(self, start: int, end: int, with_id: Sequence[int]) -> Iterator[Finding]:
        """Items that no id opens, and none in them."""
        lines = sorted(with_id)
        for piece in self._pieces.between(start, end):
            if piece.item is None or not piece.text:
                continue
            if bisect_right(lines, piece.end_line) > bisect_right(lines, piece.line - 1):
                continue
            if piece.text.startswith("~~"):
                position = self._page.source.position(piece.line)
                yield foreign.NOT_UNDERSTOOD.finding(position, "This item is struck out and is not read.", "Delete it.")
            else:
                yield _no_id(self._page, piece.line, "item", nearly_labelled(piece.text))


def _cell_id(cell: str) -> Label | None:
    """The label of a cell that holds an id and nothing else but the mark `(accept)`."""
    plain = cell.strip().removesuffix("(accept)")
    criterion_id = full_id(plain)
    return Label(criterion_id, "", plain != cell.strip(), bold=True) if criterion_id is not None else None


def _no_id(page: Page, line: int, what: str, plain: str) -> Finding:
    message = f"This {what} stands among the requirements and has no id, so it is not read as a criterion."
    hint = f"Write its id as `**{plain}**:`." if plain else "Start it with a bold id, for example `**FR-001**:`."
    return reading.STRAY_CRITERION.finding(page.source.position(line, page.source.indent(line) + 1), message, hint)
