"""Tables in Markdown, read line by line: the block parser knows none. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_RULE = re.compile(r"\s*\|?(?:\s*:?-+:?\s*\|)+\s*(?::?-+:?\s*)?\Z")
_BAR = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Row:
    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table by its header and rows. Cells are trimmed; a row may have fewer or more of them than the header."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]


def tables(lines: Sequence[str], start: int, end: int) -> Iterator[Table]:
    """The tables between two lines, both included. A table is a header that opens with `|`, a line of dashes, and the lines with `|` below."""
    line = start
    while line < end:
        if not lines[line - 1].lstrip().startswith("|") or _RULE.match(lines[line]) is None:
            line += 1
            continue
        header = _cells(lines[line - 1])
        line += 2
        rows: list[Row] = []
        while line <= end and lines[line - 1].lstrip().startswith("|"):
            rows.append(Row(line, _cells(lines[line - 1])))
            line += 1
        yield Table(header, tuple(rows))


def _cells(line: str) -> tuple[str, ...]:
    text = line.strip().removeprefix("|")
    cells = [cell.replace("\\|", "|").strip() for cell in _BAR.split(text)]
    return tuple(cells[:-1] if cells and not cells[-1] else cells)
