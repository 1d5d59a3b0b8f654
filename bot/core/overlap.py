"""Whether two sets of gitignore patterns can name the same path: in a tree that is there, and in one that is yet to be made. Pure.

Two agents that work side by side must not write one file. That no file of today is owned by both is not enough, because agents make files.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from bot.core.patterns import PathPattern, PathPatterns, path_patterns, pattern_fault, readable_patterns
from bot.core.segments import common_name
from bot.core.specs.rules.patterns import example, fixed_folder, is_wild

MOST_PAIRS = 400
"""Pairs of patterns compared by what they could name, twenty against twenty and at most half a second; whoever writes more names files, and
those are found in the tree."""

ANY_NAME = "sample"
"""What a path is called where both patterns allow any name."""


def common(one: Sequence[str], other: Sequence[str], paths: Iterable[str]) -> str:
    """A pattern or path that shows that both own the same, "" when nothing does. Unreadable patterns own nothing, and neither do no patterns.

    `paths` are the files of the tree. A plain name without a slash (`README.md`) owns every file of that name that is there, and to be
    made only the one at the root: nobody who writes it means to keep others from a README in their own folder.
    """
    mine, theirs = readable_patterns(one), readable_patterns(other)
    return plain_overlap(one, other) or _common_path(mine, theirs, paths) or common_to_be(mine, theirs)


def plain_overlap(one: Sequence[str], other: Sequence[str]) -> str:
    """A pattern of one side that plainly lies within what the other owns, "" for none."""
    for mine, theirs in ((other, one), (one, other)):
        patterns = readable_patterns(theirs)
        for pattern in mine:
            if pattern_fault(pattern) or pattern.startswith("!") or _taken_back(pattern, mine):
                continue
            if (pattern in theirs and not _taken_back(pattern, theirs)) or patterns.matches(example(pattern)):
                return pattern
    return ""


def may_meet(one: str, other: str) -> bool:
    """False when the fixed folders of two patterns already lead apart."""
    a, b = f"{fixed_folder(one)}/", f"{fixed_folder(other)}/"
    return "/" in (a, b) or a.startswith(b) or b.startswith(a)


def common_to_be(one: PathPatterns, other: PathPatterns) -> str:
    """A path, there or not, that both name; "" when there is none, or none was found within `MOST_PAIRS`."""
    pairs = 0
    for mine in one.patterns:
        for theirs in other.patterns:
            pairs += 1
            if pairs > MOST_PAIRS:
                return ""
            if mine.negated or theirs.negated or not may_meet(mine.text, theirs.text):
                continue
            path = _meeting(mine.text, theirs.text)
            if path and one.matches(path) and other.matches(path):
                return path
    return ""


def _common_path(one: PathPatterns, other: PathPatterns, paths: Iterable[str]) -> str:
    return min((path for path in paths if one.matches(path) and other.matches(path)), default="")


def _taken_back(pattern: str, among: Sequence[str]) -> bool:
    return not readable_patterns(among).matches(example(pattern))


@lru_cache(maxsize=4_096)
def _meeting(one: str, other: str) -> str:
    """A path that both patterns name, "" when there is none. Exact, but for plain names without a slash (`common`) and for segments that are
    too long to be compared."""
    (mine,), (theirs,) = _at_its_place(one), _at_its_place(other)
    names = _walk(mine.names, theirs.names)
    if names is None:
        return ""
    # A pattern that names folders only owns what is in them, so the path goes on by one name.
    path = "/".join(names)
    return path if mine.matches(path) and theirs.matches(path) else f"{path}/{ANY_NAME}"


def _at_its_place(text: str) -> tuple[PathPattern, ...]:
    plain = not is_wild(text) and "/" not in text.rstrip("/ \t\r")
    return path_patterns([f"/{text}" if plain else text]).patterns


def _walk(one: Sequence[str], other: Sequence[str]) -> list[str] | None:
    """The names of a path that goes through both sequences of segments until one of them is at its end: from there on the pattern that
    is at its end owns whatever is below, so the rest is the other's. None when the two lead apart."""
    came: dict[tuple[int, int], tuple[tuple[int, int], str | None]] = {}
    todo = deque([(0, 0)])
    seen = {(0, 0)}
    while todo:
        place = todo.popleft()
        i, j = place
        if i == len(one) or j == len(other):
            return [*_way(came, place), *_shortest([*one[i:], *other[j:]])]
        for step, name in _steps(one, other, place):
            if step not in seen:
                seen.add(step)
                came[step] = (place, name)
                todo.append(step)
    return None


def _shortest(segments: Sequence[str]) -> list[str]:
    """Names for these segments: `**` needs one only where nothing follows."""
    last = len(segments) - 1
    return [_any_of(name) for at, name in enumerate(segments) if name != "**" or at == last]


def _steps(
    one: Sequence[str], other: Sequence[str], place: tuple[int, int]
) -> Iterator[tuple[tuple[int, int], str | None]]:
    """Where the path can go from here, each with the name that it takes, None for no name."""
    i, j = place
    if one[i] == "**":
        yield (i + 1, j), None
        if other[j] != "**":
            yield (i, j + 1), _any_of(other[j])
    if other[j] == "**":
        yield (i, j + 1), None
        if one[i] != "**":
            yield (i + 1, j), _any_of(one[i])
    if "**" not in (one[i], other[j]):
        name = common_name(one[i], other[j])
        if name:
            yield (i + 1, j + 1), name


def _any_of(name: str) -> str:
    return ANY_NAME if name == "**" else common_name(name, "*")


def _way(came: dict[tuple[int, int], tuple[tuple[int, int], str | None]], place: tuple[int, int]) -> list[str]:
    names: list[str] = []
    while place in came:
        place, name = came[place]
        if name is not None:
            names.append(name)
    return names[::-1]
