"""What the prose of a task list says about order: `Phase 6: Depends on Phase 3 and Phase 5`, `(depends on T012)`, `T008 blocks T009`. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from bot.core.specs.formats.speckit.references import Kind, Reference, references


class Verdict(StrEnum):
    """SILENT says nothing about the order of anything named; UNCLEAR does, at least in part, in words that are not understood."""

    SILENT = "silent"
    UNDERSTOOD = "understood"
    UNCLEAR = "unclear"


Names = tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """What `later` names waits for what `earlier` names. An empty one stands for the phase or task that the line belongs to."""

    later: Names
    earlier: Names


@dataclass(frozen=True, slots=True)
class Said:
    """What one line says."""

    verdict: Verdict
    statements: tuple[Statement, ...] = ()


SILENT = Said(Verdict.SILENT)

_STRONG_AFTER = (
    r"depends?\s+(?:up)?on\b:?|depends:|dependenc(?:y|ies):|blocked\s+(?:by|on)\b|waits?\s+for\b|prerequisites?:"
)
_STRONG_BEFORE = r"block(?:s|ing)\b|block(?=\s(?:T[0-9]|US|phase|all\b))|prerequisites?\s+(?:for|of|to)\b"
_WEAK_AFTER = r"dependent\s+(?:up)?on\b|dependenc(?:y|ies)\s+on\b|requires?\b|needs?\b|after\b|once\b|until\b|follows\b"
_WEAK_BEFORE = r"before\b|precedes?\b"
_RELATION = re.compile(
    rf"\b(?:(?P<strong_after>{_STRONG_AFTER})|(?P<strong_before>{_STRONG_BEFORE})"
    rf"|(?P<weak_after>{_WEAK_AFTER})|(?P<weak_before>{_WEAK_BEFORE}))",
    re.IGNORECASE,
)
_DENIED = re.compile(r"(?:\b(?:no|not|never|without|zero)|n't)(?:\s+[\w-]{1,20}){0,2}\s+\Z", re.IGNORECASE)
_STOP = re.compile(
    r"\b(?:in\s+parallel|parallel\w*|independent\w*|so|since|because|but|if|unless|while|not|can|may|could|should|must|without|which|that|then"
    r"|however|though|benefits?)\b",
    re.IGNORECASE,
)
_MAY_START = re.compile(r"\b(?:can|may|could|start|begin|run|proceed)\b", re.IGNORECASE)
_ARROW = re.compile(r"\s*(?:→|⟶|➜|[-=]{1,2}>)\s*")
_ANY_ARROW = re.compile(r"[→⟶➜←⟵]|[-=]>|<[-=]")
_DRAWN = frozenset("▼▲►◄↓↑└├")
_LABEL = re.compile(r"(?P<label>[^:]{1,150}):(?:\s+(?P<body>.*))?\Z")
_BULLET = re.compile(r"(?:[-*+]|[0-9]{1,6}[.)])\s+")
_MARKS = re.compile(r"\*\*|__|`")
_COLUMN = re.compile(r"\bdepend|\bblocked\b|\bafter\b|\bprerequisite|\brequires\b", re.IGNORECASE)
_NONE = re.compile(r"\W*(?:none|no|nothing|n/a)?\W*\Z", re.IGNORECASE)
_NUMBER_FOLLOWS = re.compile(r"\s*(?:tasks?\s+|completing\s+|completion\s+of\s+)?(?:T[0-9]{3}|[Pp]hases?\s+[0-9])")
_SURE_IN_TASKS = ("depends", "depend ")

DENIAL_REACH = 60
"""Characters before a word such as `depends` in which a `no` denies it."""

MAX_LINK_WORDS = 5
"""Words that may stand in one link of a chain such as `Phase 1 (Setup) → Phase 2`; a longer one is a sentence with an arrow in it."""


@dataclass(frozen=True, slots=True)
class _Text:
    """A text twice: what stands outside of its parentheses and what stands inside, each with every character at its place."""

    outside: str
    inside: str

    def __getitem__(self, part: slice) -> "_Text":
        return _Text(self.outside[part], self.inside[part])

    @property
    def names(self) -> Names:
        """What is named outside of parentheses; inside them when nothing in particular is named outside."""
        outside = references(self.outside)
        if any(one.kind not in (Kind.STORIES, Kind.EVERYTHING) for one in outside):
            return outside
        return references(self.inside) or outside

    @property
    def objects(self) -> Names:
        """What is named up to the first word that ends a list of objects."""
        stop = _STOP.search(self.outside)
        return self.names if stop is None else self[: stop.start()].names


def _text(text: str) -> _Text:
    outside: list[str] = []
    depth = 0
    for char in text:
        depth += char == "("
        outside.append(" " if depth else char)
        depth -= char == ")" and depth > 0
    inside = (" " if plain == char else char for plain, char in zip(outside, text, strict=True))
    return _Text("".join(outside), "".join(inside))


@dataclass(slots=True)
class _Reader:
    """The statements of one line. `about` is what the line is about where a clause names no subject of its own; `implied`: the reader knows."""

    about: Names = ()
    implied: bool = False
    statements: list[Statement] = field(default_factory=list)
    unclear: bool = False
    strongly: bool = False

    def clause(self, text: _Text) -> None:
        """One clause: `US1 depends on Setup (T002)`, `Once T001 is done, T002 can start`. One that only names something says what the next is
        about, as in `US1 - depends on Setup` and `US1 (depends on Setup)`; one such as `After Phase 2:` introduces what follows and says
        nothing itself."""
        found = _relations(text.outside)
        if not found:
            self.about = self.about or text.names
            if _relations(text.inside):
                self.clause(_Text(text.inside, ""))
        for index, one in enumerate(found):
            end = found[index + 1].start() if index + 1 < len(found) else len(text.outside)
            objects = text[one.end() : end]
            if index == 0:
                introduces = not text.outside[: one.start()].strip(" ,")
                subject, objects = self._main_clause(objects) if introduces else (text[: one.start()].names, objects)
                subject = subject or self.about
                if introduces and not subject and not self.implied:
                    return
            self.relation(one, subject, objects.objects)

    def _main_clause(self, text: _Text) -> tuple[Names, _Text]:
        """The subject behind the comma of `Once … is done, T002 can start`, and what stands before it."""
        comma = text.outside.find(",")
        if comma == -1 or (self.about and _MAY_START.search(text.outside, comma) is None):
            return (), text
        subject = text[comma:].names
        return (subject, text[:comma]) if subject else ((), text)

    def relation(self, found: re.Match[str], subject: Names, objects: Names) -> None:
        strong = bool(found["strong_after"] or found["strong_before"])
        if objects and (subject or self.implied):
            forward = found["strong_after"] or found["weak_after"]
            self.statements.append(Statement(subject, objects) if forward else Statement(objects, subject))
        else:
            self.unclear = True
            self.strongly = self.strongly or strong

    def said(self) -> Said:
        """A weak word that is not understood beside something that is says nothing."""
        if self.strongly or (self.unclear and not self.statements):
            return Said(Verdict.UNCLEAR, tuple(self.statements))
        return Said(Verdict.UNDERSTOOD, tuple(self.statements)) if self.statements else SILENT


def line_says(line: str) -> Said:
    """What a line of a section about order says. Takes time linear in the line."""
    text = _plain(line)
    label, body = _labelled(text)
    about = _text(label).names if _RELATION.search(label) is None else ()
    if not about:
        label, body = "", text
    reader = _Reader(about)
    reader.statements.extend(_chain(label or body))
    for clause in clauses(body):
        reader.clause(_text(clause))
    if not about and not references(body):
        return SILENT
    reader.unclear = reader.unclear or _ANY_ARROW.search(body) is not None
    return reader.said()


def label_says(line: str) -> Said:
    """What a line such as `**Depends on**: T012, Phase 2` under a phase or a task says about that phase or task."""
    text = _plain(line)
    found = _RELATION.match(text)
    if found is None or not (found["strong_after"] or found["strong_before"]) or _NONE.match(text[found.end() :]):
        return SILENT
    reader = _Reader(implied=True)
    for clause in clauses(text):
        reader.clause(_text(clause))
    return reader.said()


def task_says(text: str) -> Said:
    """What a task's own words say about it: `… (depends on T012, T013)`. Words such as `after` count only right before a number."""
    reader = _Reader(implied=True)
    for clause in clauses(text.replace("(", " ; ").replace(")", " ; ")):
        found = list(_RELATION.finditer(clause))
        for index, one in enumerate(found):
            objects = clause[one.end() : found[index + 1].start() if index + 1 < len(found) else len(clause)]
            sure = one.group().lower().startswith(_SURE_IN_TASKS) and bool(objects.strip())
            if (sure or _NUMBER_FOLLOWS.match(objects)) and not _denied(clause, one.start()):
                reader.relation(one, (), _text(objects).objects)
    return reader.said()


def cell_says(subject: str, cell: str) -> Said:
    """What a row of a table says that has a column such as `Depends on`: its first cell waits for what the other one names."""
    text, later = _MARKS.sub("", cell), _text(_MARKS.sub("", subject)).names
    if _NONE.match(text):
        return SILENT
    earlier: list[Reference] = []
    for clause in map(_text, clauses(text)):
        beside = "parallel" in clause.outside.lower() and _RELATION.search(clause.outside) is None
        earlier += () if beside else clause.objects
    if later and earlier:
        return Said(Verdict.UNDERSTOOD, (Statement(later, tuple(dict.fromkeys(earlier))),))
    return SILENT if "parallel" in text.lower() else Said(Verdict.UNCLEAR)


def is_about_dependency(column: str) -> bool:
    """True for the name of a table's column that says what a row waits for."""
    return _COLUMN.search(column) is not None and "parallel" not in column.lower()


def draws_order(text: str) -> frozenset[Kind]:
    """The kinds of what a drawing or a code block names, when it puts it in an order; none otherwise."""
    if _ANY_ARROW.search(text) is None and _RELATION.search(text) is None and _DRAWN.isdisjoint(text):
        return frozenset()
    return frozenset(one.kind for one in references(text))


def clauses(text: str) -> Iterator[str]:
    """The text cut at full stops, semicolons and dashes between words, none of them inside parentheses."""
    depth = start = 0
    for index, char in enumerate(text):
        if char == "(":
            depth += 1
        elif char == ")":
            depth = max(0, depth - 1)
        elif not depth and char in ".!?;–—-" and _ends_clause(text, index):
            yield text[start:index]
            start = index + 1
    yield text[start:]


def _ends_clause(text: str, at: int) -> bool:
    char, after = text[at], text[at + 1 : at + 2]
    if char in "–—-":
        return after == " " and text[at - 1 : at] == " "
    return char == ";" or after in ("", " ")


def _plain(line: str) -> str:
    """The line without its bullet, bold letters and backticks."""
    text = " ".join(line.split())
    found = _BULLET.match(text)
    return _MARKS.sub("", text[found.end() :] if found is not None else text)


def _labelled(text: str) -> tuple[str, str]:
    """What stands before the first colon, and the rest; the label is empty where there is none."""
    found = _LABEL.match(text)
    return (found["label"], found["body"] or "") if found is not None else ("", text)


def _relations(text: str) -> list[re.Match[str]]:
    return [one for one in _RELATION.finditer(text) if not _denied(text, one.start())]


def _denied(text: str, at: int) -> bool:
    return _DENIED.search(text[max(0, at - DENIAL_REACH) : at]) is not None


def _chain(text: str) -> Iterator[Statement]:
    """`Phase 1 (Setup) → Phase 2 → Phase 3`, each waiting for the one before it; nothing unless every link is a name."""
    links = [_text(piece) for piece in _ARROW.split(text)]
    names = [link.names for link in links]
    if len(links) > 1 and all(names) and all(len(link.outside.split()) <= MAX_LINK_WORDS for link in links):
        yield from (Statement(later, earlier) for earlier, later in pairwise(names))
