"""Criteria by name, as people write and read them: `AC-1` where one spec is meant, `0001-cut.md#AC-1` where there are several. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from bot.ids import CriterionName

_AROUND = "`*_\"'“”‘’,;:."
"""What people write around a name: marks of Markdown, and the punctuation of the sentence that it stands in."""


def spec_of(name: CriterionName) -> str:
    """The spec's path in a criterion's full name."""
    return name.rpartition("#")[0]


def bare(name: CriterionName) -> str:
    """The criterion's id alone."""
    return name.rpartition("#")[2]


def shortest_paths(paths: Collection[str]) -> Mapping[str, str]:
    """For each path its last parts, as many as tell it from all the others."""
    left = set(paths)
    found: dict[str, str] = {}
    length = 0
    while left:
        length += 1
        tails = {path: "/".join(path.split("/")[-length:]) for path in left}
        times = Counter(tails.values())
        done = {path: tail for path, tail in tails.items() if times[tail] == 1 or tail == path}
        found.update(done)
        left -= done.keys()
    return found


def short_name(name: CriterionName, specs: Collection[str]) -> str:
    """A criterion's name as short as it is clear among the criteria of `specs` (paths): its id alone when there is one spec, or when it is of none."""
    specs = {path for path in specs if path}
    if not spec_of(name) or len(set(specs) | {spec_of(name)}) < 2:
        return bare(name)
    return f"{shortest_paths({*specs, spec_of(name)})[spec_of(name)]}#{bare(name)}"


def meant_by(text: str, names: Iterable[CriterionName]) -> tuple[CriterionName, ...]:
    """The criteria that somebody may mean who writes `text`: a full name, the end of one from a `/` on, with or without `.md`, or a bare id; in
    any case, and with Markdown around it. Several when it is ambiguous."""
    known = tuple(dict.fromkeys(names))
    plain = text.strip(_AROUND)
    return _named(text.casefold(), known) or _named(plain.removeprefix("./").lstrip("/").casefold(), known)


def _named(wanted: str, known: tuple[CriterionName, ...]) -> tuple[CriterionName, ...]:
    exact = tuple(name for name in known if name.casefold() == wanted)
    path, mark, criterion = wanted.rpartition("#")
    if exact or not path:
        return exact or tuple(name for name in known if bare(name).casefold() == criterion)
    ends = (f"/{path}{mark}{criterion}", f"/{path}.md{mark}{criterion}")
    return tuple(name for name in known if f"/{name.casefold()}".endswith(ends))
