"""Mechanical damage to a file, as editors, merges and people do it. Each way takes the lines and a source of chance, and gives new lines."""

import re
from collections.abc import Callable, Sequence
from random import Random

Lines = Sequence[str]
Way = Callable[[Random, Lines], list[str]]

_FULL_WIDTH = str.maketrans("0123456789", "".join(map(chr, range(0xFF10, 0xFF1A))))


def _stretch(chance: Random, lines: Lines) -> tuple[int, int]:
    start = chance.randrange(len(lines))
    return start, min(len(lines), start + chance.choice([1, 1, 2, 5, 20]))


def _each(chance: Random, lines: Lines, change: Callable[[str], str]) -> list[str]:
    """A stretch of lines changed, the others as they are."""
    start, end = _stretch(chance, lines)
    return [change(line) if start <= index < end else line for index, line in enumerate(lines)]


def deleted(chance: Random, lines: Lines) -> list[str]:
    start, end = _stretch(chance, lines)
    return [*lines[:start], *lines[end:]] or [""]


def doubled(chance: Random, lines: Lines) -> list[str]:
    start, end = _stretch(chance, lines)
    return [*lines[:end], *lines[start:]]


def swapped(chance: Random, lines: Lines) -> list[str]:
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    changed = list(lines)
    changed[one], changed[other] = lines[other], lines[one]
    return changed


def indented(chance: Random, lines: Lines) -> list[str]:
    blank = chance.choice([" ", "  ", "   ", "    ", "\t"])
    return _each(chance, lines, lambda line: blank + line)


def dedented(chance: Random, lines: Lines) -> list[str]:
    return _each(chance, lines, str.lstrip)


def tabbed(chance: Random, lines: Lines) -> list[str]:
    return [re.sub(r"^ {2,}", lambda found: "\t" * (len(found[0]) // 2), line) for line in lines]


def with_other_bullets(chance: Random, lines: Lines) -> list[str]:
    bullet = chance.choice(["* ", "+ ", "-  ", "-\t"])
    return _each(chance, lines, lambda line: re.sub(r"^(\s*)- ", rf"\g<1>{bullet}", line))


def with_other_boxes(chance: Random, lines: Lines) -> list[str]:
    box = chance.choice(["[]", "[  ]", "[x ]", "[X]", "[~]", "[-]", "[/]", "[ ]*", "[✓]"])
    return _each(chance, lines, lambda line: re.sub(r"\[[ xX-]\]", box, line, count=1))


def with_other_levels(chance: Random, lines: Lines) -> list[str]:
    deeper = chance.choice([True, False])
    change: Callable[[str], str] = lambda line: f"#{line}" if deeper else re.sub(r"^##", "#", line)  # noqa: E731
    return _each(chance, lines, lambda line: change(line) if line.startswith("#") else line)


def quoted(chance: Random, lines: Lines) -> list[str]:
    return _each(chance, lines, lambda line: f"> {line}")


def in_a_table(chance: Random, lines: Lines) -> list[str]:
    start, end = _stretch(chance, lines)
    rows = [f"| {line} | x |" for line in lines[start:end]]
    return [*lines[:start], "| a | b |", "|---|---|", *rows, *lines[end:]]


def in_html(chance: Random, lines: Lines) -> list[str]:
    start, end = _stretch(chance, lines)
    return [*lines[:start], chance.choice(["<details>", "<div>"]), *lines[start:end], "</div>", *lines[end:]]


def in_code(chance: Random, lines: Lines) -> list[str]:
    start, end = _stretch(chance, lines)
    fence = chance.choice(["```", "~~~", "````"])
    return [*lines[:start], fence, *lines[start:end], fence, *lines[end:]]


def hidden(chance: Random, lines: Lines) -> list[str]:
    start, end = _stretch(chance, lines)
    return [*lines[:start], "<!--", *lines[start:end], "-->", *lines[end:]]


def without_blanks(chance: Random, lines: Lines) -> list[str]:
    return [line for line in lines if line.strip()] or [""]


def with_wide_digits(chance: Random, lines: Lines) -> list[str]:
    return _each(chance, lines, lambda line: line.translate(_FULL_WIDTH))


def unbolded(chance: Random, lines: Lines) -> list[str]:
    return _each(chance, lines, lambda line: line.replace("**", ""))


WAYS: tuple[Way, ...] = (
    *(deleted, doubled, swapped, indented, dedented, tabbed, with_other_bullets, with_other_boxes, with_other_levels),
    *(quoted, in_a_table, in_html, in_code, hidden, without_blanks, with_wide_digits, unbolded),
)


def disturbed(chance: Random, text: str) -> tuple[str, list[str]]:
    """The text after one to three of the ways, sometimes with other line ends and a byte order mark; and their names."""
    lines: list[str] = text.split("\n")
    done = chance.choices(WAYS, k=chance.choice([1, 1, 2, 3]))
    for way in done:
        lines = way(chance, lines)
    end = chance.choice(["\n", "\n", "\n", "\r\n"])
    mark = chance.choice(["", "", "", "\ufeff"])
    return mark + end.join(lines), [*(way.__name__ for way in done), repr(end), repr(mark)]
