"""The block structure of a Markdown text: headings, list items, code blocks, with their lines. Pure.

Only blocks are parsed, never emphasis or links: what specs need is decided by block and by first words, and inline parsing is where Markdown
parsers become slow on hostile text.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

MAX_NESTING = 20
"""Depth of containers that is parsed (the parser's own default for CommonMark); what lies deeper is dropped by it, never recursed into."""


def parse_blocks(text: str) -> list[Token]:
    """The block tokens of a text in CommonMark, with inline text left as it is.

    Link definitions are left in their paragraphs: the parser's own rule for them takes quadratic time.
    """
    return _parser().parse(text)


@cache
def _parser() -> MarkdownIt:
    """Made once: it keeps nothing of what it parsed, and making one takes as long as parsing a short spec."""
    parser = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING})
    parser.core.ruler.enableOnly(["normalize", "block"])
    parser.block.ruler.disable("reference")
    return parser


class BlockKind(StrEnum):
    TEXT = "text"
    FENCE = "fence"
    CODE = "code"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class Block:
    """A leaf block. Lines count from 1, `end_line` is inclusive. `info` are the words after an opening fence; `closed` is False for a fence
    without its end. `depth` counts the list items around it."""

    kind: BlockKind
    line: int
    end_line: int
    content: str
    depth: int
    info: str = ""
    closed: bool = True


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading outside of lists and quotes."""

    line: int
    end_line: int
    level: int
    text: str


@dataclass(slots=True)
class Item:
    """A list item with all blocks inside it, also those of items nested in it. `depth` is 1 for the items of a list that stands alone.

    `number` is what is written before an item of a numbered list, "" for bullets."""

    line: int
    end_line: int
    depth: int
    blocks: list[Block] = field(default_factory=list)
    number: str = ""

    @property
    def first_text(self) -> Block | None:
        """The paragraph that opens the item; None when it opens with something else."""
        first = self.blocks[0] if self.blocks else None
        return first if first is not None and first.kind is BlockKind.TEXT and first.depth == self.depth else None


@dataclass(frozen=True, slots=True)
class Outline:
    """A document as headings, items (outermost first, in order) and all leaf blocks. Quoted items are left out."""

    headings: tuple[Heading, ...]
    items: tuple[Item, ...]
    blocks: tuple[Block, ...]


_PASSED_OVER = frozenset(
    f"{kind}_{end}" for kind in ("paragraph", "bullet_list", "ordered_list") for end in ("open", "close")
)
"""Half of all tokens, which say nothing that the others do not."""


class _Walk:
    """One pass over the tokens with the stack of open items."""

    def __init__(self) -> None:
        self.headings: list[Heading] = []
        self.items: list[Item] = []
        self.blocks: list[Block] = []
        self._open: list[Item] = []
        self._quotes = 0
        self._heading_level = 0

    def token(self, token: Token) -> None:
        lines = token.map or [0, 0]
        match token.type:
            case "blockquote_open":
                self._quotes += 1
            case "blockquote_close":
                self._quotes -= 1
            case "list_item_open":
                item = Item(lines[0] + 1, max(lines[1], lines[0] + 1), len(self._open) + 1, number=token.info)
                self._open.append(item)
                if not self._quotes:
                    self.items.append(item)
            case "list_item_close":
                self._open.pop()
            case "heading_open":
                self._heading_level = int(token.tag[1:])
            case "inline":
                self._text(token, lines)
            case "fence":
                closed = lines[1] - lines[0] == token.content.count("\n") + 2
                self._leaf(BlockKind.FENCE, lines, token.content, token.info.strip(), closed=closed)
            case "code_block":
                self._leaf(BlockKind.CODE, lines, token.content)
            case "html_block":
                self._leaf(BlockKind.HTML, lines, token.content)
            case _:
                pass

    def _text(self, token: Token, lines: list[int]) -> None:
        if self._heading_level and not self._open and not self._quotes:
            self.headings.append(Heading(lines[0] + 1, max(lines[1], lines[0] + 1), self._heading_level, token.content))
        else:
            self._leaf(BlockKind.TEXT, lines, token.content)
        self._heading_level = 0

    def _leaf(self, kind: BlockKind, lines: list[int], content: str, info: str = "", *, closed: bool = True) -> None:
        block = Block(kind, lines[0] + 1, max(lines[1], lines[0] + 1), content, len(self._open), info, closed)
        self.blocks.append(block)
        for item in self._open:
            item.blocks.append(block)


def outline(text: str) -> Outline:
    """The outline of a Markdown text. Takes time linear in its lines; never raises."""
    walk = _Walk()
    for token in parse_blocks(text):
        if token.type not in _PASSED_OVER:
            walk.token(token)
    return Outline(tuple(walk.headings), tuple(walk.items), tuple(walk.blocks))
