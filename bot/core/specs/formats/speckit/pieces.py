"""What a stretch of a `spec.md` consists of: list items, and the paragraphs and code blocks that stand in none. Pure."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.core.specs.blocks import Block, BlockKind, Item
from bot.core.specs.formats.commands import command_kind, commands_in
from bot.core.specs.formats.foreign import Found, Page
from bot.ids import CriterionId


@dataclass(frozen=True, slots=True)
class Piece:
    """An item of a list with all that is nested in it, or lines of a paragraph, or a code block. `text` is what it opens with."""

    line: int
    end_line: int
    text: str
    blocks: tuple[Block, ...] = ()
    item: Item | None = None

    @property
    def is_code(self) -> bool:
        return self.item is None and bool(self.blocks) and self.blocks[0].kind is not BlockKind.TEXT

    @property
    def is_command(self) -> bool:
        return self.is_code and command_kind(self.blocks[0]) is not None

    @property
    def further(self) -> tuple[Block, ...]:
        """The blocks behind the text that it opens with."""
        return self.blocks[1:] if self.text else self.blocks


class Pieces:
    """The pieces of a page in order. Quoted text is none: it is somebody else's."""

    def __init__(self, page: Page) -> None:
        items = [_item(item) for item in page.outline.items]
        lines = page.source.lines
        blocks = (b for b in page.outline.blocks if not b.depth and not lines[b.line - 1].lstrip().startswith(">"))
        self._items = _Sorted(items)
        top = [piece for piece in items if piece.item is not None and piece.item.depth == 1]
        self._top = _Sorted([*top, *(_block(block) for block in blocks)])

    def between(self, start: int, end: int) -> Sequence[Piece]:
        """Those that stand in no item and start on the lines from `start` to `end`."""
        return self._top.between(start, end)

    def items(self, start: int, end: int) -> Sequence[Piece]:
        """The items of any depth that start on the lines from `start` to `end`, outer ones before those in them."""
        return self._items.between(start, end)

    def inside(self, piece: Piece) -> Sequence[Piece]:
        """The items that stand directly in an item."""
        if piece.item is None:
            return ()
        depth = piece.item.depth + 1
        inner = self.items(piece.line, piece.end_line)
        return [one for one in inner if one.item is not None and one.item.depth == depth]


class _Sorted:
    def __init__(self, pieces: Iterable[Piece]) -> None:
        self._pieces = sorted(pieces, key=lambda piece: piece.line)
        self._lines = [piece.line for piece in self._pieces]

    def between(self, start: int, end: int) -> Sequence[Piece]:
        return self._pieces[bisect_left(self._lines, start) : bisect_left(self._lines, end + 1)]


def _item(item: Item) -> Piece:
    first = item.first_text
    return Piece(item.line, item.end_line, first.content if first is not None else "", tuple(item.blocks), item)


def _block(block: Block) -> Piece:
    text = block.content if block.kind is BlockKind.TEXT else ""
    return Piece(block.line, block.end_line, text, (block,))


def cut_before(piece: Piece, offsets: Iterable[int]) -> Iterator[Piece]:
    """A paragraph cut before the lines at these offsets; what stands before the first one is a piece too."""
    lines = piece.text.split("\n")
    cuts = sorted({0, *offsets, len(lines)})
    for start, end in pairwise(cuts):
        yield Piece(piece.line + start, piece.line + end - 1, "\n".join(lines[start:end]))


def folded(text: str) -> str:
    return " ".join(text.split())


def further_text(blocks: Iterable[Block]) -> Iterator[str]:
    """What blocks say, commands left out; prose folded, code as it is."""
    for block in blocks:
        if command_kind(block) is None:
            yield folded(block.content) if block.kind is BlockKind.TEXT else block.content.strip("\n")


def criterion(
    page: Page,
    criterion_id: CriterionId,
    lines: tuple[int, int],
    texts: Iterable[str],
    blocks: Sequence[Block],
    *,
    accept: bool,
) -> Found:
    """A criterion that takes the lines from the first to the last given, with the commands among its blocks."""
    line, end_line = lines
    return Found(
        criterion_id=criterion_id,
        text="\n".join(filter(None, texts)),
        position=page.source.position(line, page.source.indent(line) + 1, page.source.last_line(line, end_line)),
        commands=tuple(commands_in(page.source, blocks)),
        homes=frozenset(block.line for block in blocks),
        accept=accept,
    )
