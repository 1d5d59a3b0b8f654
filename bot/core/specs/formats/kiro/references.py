"""What the value of a mark names: `_Requirements: 1.1, 2-3_`, `_Depends: 1.2_`. Single ids, whole groups, ranges, all; in prose, the ids that are
there. Pure.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

_NUMBER = r"(?:[A-Z]{1,4}-?)?\d{1,6}[A-Z]?(?:\.\d{1,6}){0,5}[a-z]?"
_TO = r"[ \t]*(?:-|–|—|~|〜|～|\.{2,3}|\bto\b|から)[ \t]*"
_REMARK = r"(?:[ \t]*[(（\[].*)?"

_SEPARATOR = re.compile(r"[,;、，；&+]|(?<=\d)/(?=\d)|\s(?:and|und|et|y)\s|と(?=\d)", re.IGNORECASE)
_NONE = re.compile(r"(?:none|n/?a|nothing|なし|無し)\b.*|[-–—]", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Grammar:
    """How things of one kind are named. `everything` opens a value that means all of them, None where nothing does."""

    one: re.Pattern[str]
    span: re.Pattern[str]
    in_prose: re.Pattern[str]
    everything: re.Pattern[str] | None = None


def _grammar(word: str, others: str, everything: str = "") -> Grammar:
    """`word` says what an id is, `others` that it is something else."""
    return Grammar(
        re.compile(rf"(?:{word}[ \t]*)?(?P<id>{_NUMBER})(?:\.[x*])?\.?{_REMARK}", re.DOTALL),
        re.compile(
            rf"(?:{word}[ \t]*)?(?P<low>{_NUMBER}){_TO}(?:{word}[ \t]*)?(?P<high>{_NUMBER}){_REMARK}", re.DOTALL
        ),
        re.compile(
            rf"(?<![\w.§/-])(?:(?P<worded>{word})[ \t]*|(?P<other>(?i:{others})[ \t]*))?(?P<id>{_NUMBER})(?![\w/-]|\.\d)"
        ),
        re.compile(everything) if everything else None,
    )


_REQUIREMENT = r"(?i:requirements?|reqs?\.?|acceptance[ \t]criteri(?:a|on)|criteri(?:a|on)|要件|要求)"
_TASK = r"(?i:tasks?|タスク|任务|任務)"
_ELSE = r"derived|propert(?:y|ies)|design|section|phase|step|version|bug"

REQUIREMENTS = _grammar(
    _REQUIREMENT,
    rf"{_ELSE}|tasks?",
    rf"(?i:all|every)(?:(?i:[ \t]of)?(?i:[ \t]the)?[ \t]{_REQUIREMENT}|$)|(?:全て|すべて|全)の?要件|所有需求|全部需求",
)
TASKS = _grammar(_TASK, rf"{_ELSE}|requirements?|req")

_LETTERS = re.compile(r"([A-Z]*)-?(.*)", re.DOTALL)
_STEP = re.compile(r"(\d+)([A-Za-z]?)")

_SHORT = frozenset(["REQ", "R", "AC"])
"""Letters before an id that only say what it is."""

MAX_VALUE = 4_000
"""Characters of one mark that are read; forty ids have 300."""

MAX_NAMED = 50_000
"""Things named by all marks of one spec together; forty tasks that each prove forty criteria have 1,600. What comes after is not understood."""

_Key = tuple[str, tuple[tuple[int, str], ...]]


@dataclass(frozen=True, slots=True)
class Named:
    """The ids named, in the order of the spec; those of what this spec does not have; the text, when nothing in it is an id."""

    ids: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    prose: str = ""


@dataclass(slots=True)
class _Names:
    ids: set[str] = field(default_factory=set)
    unknown: list[str] = field(default_factory=list)
    understood: bool = False


class References:
    """Looks names up among the ids of one spec. One object serves all marks of a kind, so that their number is bounded together."""

    def __init__(
        self, grammar: Grammar, ids: Iterable[str], groups: Iterable[str] = (), known: Iterable[str] = ()
    ) -> None:
        """`ids` are dotted; what stands before the dot is a group's number and names all in it. `groups` are those that may be empty, `known` what
        may be named and is none of the ids."""
        self._grammar = grammar
        self._order = {name: index for index, name in enumerate(dict.fromkeys(ids))}
        self._groups: dict[str, list[str]] = {number: [] for number in groups}
        for name in self._order:
            prefix = name.rpartition(".")[0]
            while prefix:
                self._groups.setdefault(prefix, []).append(name)
                prefix = prefix.rpartition(".")[0]
        plain = set(known)
        self._known = plain | {name.rpartition(".")[0] for name in plain}
        self._sorted = sorted((_key(name), name) for name in self._order)
        self._left = MAX_NAMED

    def named(self, value: str) -> Named:
        """What a mark's value names. Each part between commas is read by itself; prose is not understood only when no part names anything."""
        if self._left < 0:
            return Named(prose=value.strip())
        names = _Names()
        for raw in _SEPARATOR.split(value[:MAX_VALUE]):
            part = raw.strip(" \t`*_#")
            if part:
                self._part(part, names)
        self._left -= len(names.ids)
        if self._left < 0:
            return Named(prose=value.strip())
        order = sorted(names.ids, key=self._order.__getitem__)
        prose = "" if names.understood or names.unknown else value.strip()
        return Named(tuple(order), tuple(dict.fromkeys(names.unknown)), prose)

    def _part(self, part: str, names: _Names) -> None:
        if self._exact(part, names):
            return
        if _NONE.fullmatch(part) is not None:
            names.understood = True
            return
        everything = self._grammar.everything.match(part) if self._grammar.everything is not None else None
        rest = part[everything.end() :].strip(" \t-–—:()（）") if everything is not None else part
        if (rest and self._exact(rest, names)) or self._in_prose(rest, names) or everything is None:
            return
        names.understood = True
        names.ids.update(self._order)

    def _exact(self, part: str, names: _Names) -> bool:
        """Take a part that is one id or a range of ids; False for any other."""
        span, one = self._grammar.span.fullmatch(part), self._grammar.one.fullmatch(part)
        if span is not None:
            self._range(_bare(span["low"]), _bare(span["high"]), names)
        elif one is not None:
            found = self._lookup(_bare(one["id"]))
            names.unknown += [one["id"]] if found is None else []
            self._take(found, names)
        return span is not None or one is not None

    def _take(self, found: Sequence[str] | None, names: _Names) -> None:
        names.understood = names.understood or found is not None
        names.ids.update(found or ())

    def _lookup(self, name: str) -> Sequence[str] | None:
        """The ids of a name; empty for what may be named and is none, None for what this spec does not have."""
        if name in self._order:
            return [name]
        if name in self._groups:
            return self._groups[name]
        return [] if name in self._known else None

    def _range(self, low: str, high: str, names: _Names) -> None:
        """Take all from the one to the other in the order of their numbers, both included; `1.1-4` means 1.1 to 1.4."""
        if "." in low and "." not in high:
            high = f"{low.rpartition('.')[0]}.{high}"
        first, (series, steps) = _key(low), _key(high)
        start = bisect_left(self._sorted, (first, ""))
        end = bisect_left(self._sorted, ((series, (*steps, _BEYOND)), ""))
        names.unknown += [name for name in (low, high) if self._lookup(name) is None]
        names.unknown += [f"{low}-{high}"] if first > (series, steps) else []
        self._take([name for _, name in self._sorted[start:end]], names)

    def _in_prose(self, part: str, names: _Names) -> bool:
        """Take the ids within a sentence: those with a dot that this spec has, others only after a word that says what they are."""
        taken = False
        for found in self._grammar.in_prose.finditer(part):
            if found["other"] is None and ("." in found["id"] or found["worded"]):
                ids = self._lookup(_bare(found["id"]))
                self._take(ids, names)
                taken = taken or ids is not None
        return taken


_BEYOND = (10**9, "")
"""After every number that can be written: numbers have at most six digits."""


def _bare(written: str) -> str:
    """The id as the spec has it: `R1.2` is `1.2`, `DR-1.2` is `DR1.2`."""
    found = _LETTERS.fullmatch(written)
    letters, rest = (found[1], found[2]) if found is not None else ("", written)
    return rest if letters in _SHORT else letters + rest


def _key(name: str) -> _Key:
    """Its place in the order of numbers, each series by itself."""
    series = name[: len(name) - len(name.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))]
    return series, tuple((int(found[1]), found[2]) for found in _STEP.finditer(name[len(series) :]))
