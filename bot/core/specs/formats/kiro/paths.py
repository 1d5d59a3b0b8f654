"""The paths that a task says it works in: those in its title, and those that its `_Boundary_` names. Pure.

Not those in its details, which mention many files that are only read. Names of components stay text.
"""

import re
from collections.abc import Iterable, Iterator

_QUOTED = re.compile(r"`([^`\s]{1,300})`")
_WORD = re.compile(r"[^\s`,;、，；()（）\"'<>]{3,300}")
_FILE = re.compile(r"(?:[\w@+*\[\]{}$-][\w.@+*\[\]{}$-]*/)+[\w.@+*\[\]$-]*\.[A-Za-z][A-Za-z0-9]{0,9}")
_BARE = re.compile(r"[a-z0-9_@][\w@+$-]*/")
"""How a path opens that stands in a sentence without backticks; `React/Next.js` is two names."""

_SEPARATOR = re.compile(r"[,;、，；]|\s\+\s|\sand\s")

MAX_PATHS = 50
"""Paths of one task; one that works in more files is no task of one agent."""


def paths_in_title(title: str) -> tuple[str, ...]:
    """The files that a title names: relative, with a folder and an ending, in backticks or bare. What starts with a dot or a slash is none: such
    words are routes and hidden folders more often than what a task writes."""
    bare = (word.rstrip(".:") for word in _WORD.findall(_QUOTED.sub(" ", title)))
    words = [*_QUOTED.findall(title), *(word for word in bare if _BARE.match(word) is not None)]
    return _first(word for word in words if _FILE.fullmatch(word) is not None)


def paths_in_boundary(value: str) -> tuple[str, ...]:
    """The paths among the names of a boundary. In backticks a slash makes a path; bare it takes an ending, a wildcard or a slash at the end."""
    return _first(path for part in _SEPARATOR.split(value) for path in _boundary_path(part))


def _boundary_path(part: str) -> Iterator[str]:
    quoted = _QUOTED.findall(part)
    for word in quoted or [part.strip()]:
        plain = word.removeprefix("./")
        if "/" not in plain or "://" in plain or any(char.isspace() for char in plain):
            continue
        if quoted or plain.endswith("/") or "*" in plain or _FILE.fullmatch(plain) is not None:
            yield f"{plain}**" if plain.endswith("/") else plain


def _first(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(paths))[:MAX_PATHS]
