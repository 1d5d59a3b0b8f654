"""Names that two segments of path patterns (`*.py`, `test_?[0-9]*`) both allow. Pure."""

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.core.patterns import path_patterns

MOST_STEPS = 1_000
"""Pairs of characters compared for two segments: thirty by thirty, about a millisecond. Real segments have twenty and are told apart by how
they begin and end."""

_WILD = re.compile(r"[*?]|\[.*\]|\\.", re.DOTALL)

_TOKEN = re.compile(r"\*+|\?|\[[!^]?.[^\]]*\]|\\.|[^*?\[\\]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Token:
    """One place of a segment: `many` for `*`; else a character that `allows`, of which `some` are examples."""

    many: bool
    allows: re.Pattern[str]
    some: str


@lru_cache(maxsize=8_192)
def common_name(one: str, other: str) -> str:
    """A name that both segments match, "" when none does. Segments are readable ones. Exact but for those that neither their ends nor
    `MOST_STEPS` steps tell apart, of which the answer is ""."""
    if _ends_differ(one, other):
        return ""
    guess = next((name for name in map(_plain, (one, other)) if _allows(one, name) and _allows(other, name)), "")
    if guess or len(one) * len(other) > MOST_STEPS:
        return guess
    a, b = _tokens(one), _tokens(other)
    came: dict[tuple[int, int], tuple[tuple[int, int], str]] = {}
    todo, seen = [(0, 0)], {(0, 0)}
    while todo:
        place = todo.pop()
        if place == (len(a), len(b)):
            return _name(came, place)
        for step, char in _steps(a, b, place):
            if step not in seen:
                seen.add(step)
                came[step] = (place, char)
                todo.append(step)
    return ""


def _ends_differ(one: str, other: str) -> bool:
    """True when the letters before the first wildcard, or those behind the last, already lead apart."""
    mine, theirs = _WILD.split(one), _WILD.split(other)
    heads, tails = (mine[0], theirs[0]), (mine[-1], theirs[-1])
    if len(mine) == len(theirs) == 1:
        return one != other
    return not (_one_begins(*heads) and (_one_begins(tails[0][::-1], tails[1][::-1])))


def _one_begins(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _plain(name: str) -> str:
    """The segment with something plain for its wildcards: what people would think of."""
    return _WILD.sub("x", name)


def _allows(segment: str, name: str) -> bool:
    return path_patterns([f"/{segment}"]).matches(name)


def _steps(a: list[_Token], b: list[_Token], place: tuple[int, int]) -> list[tuple[tuple[int, int], str]]:
    i, j = place
    mine, theirs = a[i] if i < len(a) else None, b[j] if j < len(b) else None
    steps: list[tuple[tuple[int, int], str]] = []
    if mine is not None and mine.many:
        steps.append(((i + 1, j), ""))
        if theirs is not None and not theirs.many:
            steps.append(((i, j + 1), theirs.some[:1]))
    if theirs is not None and theirs.many:
        steps.append(((i, j + 1), ""))
        if mine is not None and not mine.many:
            steps.append(((i + 1, j), mine.some[:1]))
    if mine is not None and theirs is not None and not mine.many and not theirs.many:
        both = next((c for c in mine.some + theirs.some if mine.allows.match(c) and theirs.allows.match(c)), "")
        if both:
            steps.append(((i + 1, j + 1), both))
    return steps


def _name(came: dict[tuple[int, int], tuple[tuple[int, int], str]], place: tuple[int, int]) -> str:
    chars: list[str] = []
    while place in came:
        place, char = came[place]
        chars.append(char)
    return "".join(reversed(chars)) or "x"


def _tokens(name: str) -> list[_Token]:
    return [_token(match[0]) for match in _TOKEN.finditer(name)]


@lru_cache(maxsize=1_024)
def _token(text: str) -> _Token:
    anything = re.compile(r"[^/]", re.DOTALL)
    if text.startswith("*"):
        return _Token(True, anything, "")
    if text == "?":
        return _Token(False, anything, "x")
    if text.startswith("[") and len(text) > 1:
        return _class(text[1:-1])
    char = text[-1]
    return _Token(False, re.compile(re.escape(char), re.DOTALL), char)


def _class(body: str) -> _Token:
    """A class, with every character next to an end of one of its ranges: two classes that meet do so at one of these."""
    inverted = body[:1] in ("!", "^")
    chars = body[inverted:]
    inside = "".join(c if c == "-" else re.escape(c) for c in chars)
    allows = re.compile(f"(?!/)[{'^' if inverted else ''}{inside}]", re.DOTALL)
    near = {chr(code) for c in chars for code in (ord(c), ord(c) - 1, ord(c) + 1) if 0x20 <= code < 0xD800}
    some = "".join(sorted(c for c in near | {"x", "a", "0", "_"} if allows.match(c)))
    return _Token(False, allows, some)
