"""Where a value stands in the front matter; the model keeps no places for its lists. Pure."""

import re

from bot.core.specs.model import Position, Spec

_END = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_KEY = re.compile(r"([A-Za-z_]+)[ \t]*:")


def front_place(spec: Spec, value: str, key: str = "") -> Position:
    """The first place in the front matter of the main file that holds `value`, under `key` when it is given; the file's first line when none
    does: then the repository's configuration says it."""
    end = _END.search(spec.text, 3) if spec.text.startswith("---") else None
    under = ""
    for number, line in enumerate(spec.text[: end.start()].split("\n") if end is not None else (), 1):
        opening = _KEY.match(line)
        under = opening[1] if opening is not None else under
        at = _whole(line, value, opening.end() if opening is not None and key else 0)
        if at >= 0 and key in ("", under):
            return Position(spec.home.path, number, at + 1)
    return spec.home


def _whole(line: str, value: str, start: int) -> int:
    """Where a line holds a value that is no part of a longer word; -1 for nowhere. `a` is no part of `status: ready`."""
    at = line.find(value, start)
    while at >= 0 and not (_edge(line[at - 1 : at]) and _edge(line[at + len(value) : at + len(value) + 1])):
        at = line.find(value, at + 1)
    return at


def _edge(char: str) -> bool:
    return char in ("", " ", "\t", ",", "'", '"', "[", "]")
