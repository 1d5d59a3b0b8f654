"""What the prose of a task list says about order: `Phase 6: Depends on Phase 3 and Phase 5`, `(depends on T012)`, `T008 blocks T009`. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice, pairwise

from bot.core.specs.formats.speckit.references import Kind, Reference, references
from bot.core.specs.formats.speckit.wording import (
    ANY_ARROW,
    ARROW,
    DRAWN,
    MARKS,
    RELATION,
    Names,
    Text,
    clauses,
    denied,
    labelled,
    names_number,
    parsed,
    plain,
    relations,
    says_none,
)


class Verdict(StrEnum):
    """SILENT says nothing about the order of anything named; UNCLEAR does, at least in part, in words that are not understood."""

    SILENT = "silent"
    UNDERSTOOD = "understood"
    UNCLEAR = "unclear"


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

_MAY_START = re.compile(r"\b(?:can|may|could|start|begin|run|proceed)\b", re.IGNORECASE)
_COLUMN = re.compile(r"\bdepend|\bblocked\b|\bafter\b|\bprerequisite|\brequires\b", re.IGNORECASE)
_SURE_IN_TASKS = ("depends", "depend ")

MAX_LINE = 2_000
"""Characters of a line that are listened to, ten times the longest public one. What follows is told when it speaks of an order too."""

MAX_STATEMENTS = 20
"""Statements of one line; honest ones make two. Each may name every task, so that a line of hundreds would be expensive."""

MAX_LINK_WORDS = 5
"""Words that may stand in one link of a chain such as `Phase 1 (Setup) → Phase 2`; a longer one is a sentence with an arrow in it."""


@dataclass(slots=True)
class _Reader:
    """The statements of one line. `about` is what the line is about where a clause names no subject of its own; `implied`: the reader knows."""

    about: Names = ()
    implied: bool = False
    statements: list[Statement] = field(default_factory=list)
    unclear: bool = False
    strongly: bool = False

    def clause(self, text: Text) -> None:
        """One clause: `US1 depends on Setup (T002)`, `Once T001 is done, T002 can start`. One that only names something says what the next is
        about, as in `US1 - depends on Setup` and `US1 (depends on Setup)`; one such as `After Phase 2:` introduces what follows and says
        nothing itself."""
        found = relations(text.outside)
        if not found:
            self.about = self.about or text.names
            if relations(text.inside):
                self.clause(Text(text.inside, ""))
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

    def _main_clause(self, text: Text) -> tuple[Names, Text]:
        """The subject behind the comma of `Once … is done, T002 can start`, and what stands before it."""
        comma = text.outside.find(",")
        if comma == -1 or (self.about and _MAY_START.search(text.outside, comma) is None):
            return (), text
        subject = text[comma:].names
        return (subject, text[:comma]) if subject else ((), text)

    def read(self, text: str) -> None:
        """Clause by clause, as far as is listened to."""
        for clause in clauses(text[:MAX_LINE]):
            self.clause(parsed(clause))
        self.strongly = self.strongly or RELATION.search(text, MAX_LINE) is not None

    def relation(self, found: re.Match[str], subject: Names, objects: Names) -> None:
        strong = bool(found["strong_after"] or found["strong_before"]) or len(self.statements) == MAX_STATEMENTS
        if len(self.statements) < MAX_STATEMENTS and objects and (subject or self.implied):
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
    text = plain(line)
    label, body = labelled(text)
    about = parsed(label).names if RELATION.search(label) is None else ()
    if not about:
        label, body = "", text
    reader = _Reader(about)
    reader.statements.extend(islice(_chain((label or body)[:MAX_LINE]), MAX_STATEMENTS))
    reader.read(body)
    if not about and not references(body[:MAX_LINE]):
        return SILENT
    reader.unclear = reader.unclear or ANY_ARROW.search(body) is not None
    return reader.said()


def label_says(line: str) -> Said:
    """What a line such as `**Depends on**: T012, Phase 2` under a phase or a task says about that phase or task."""
    text = plain(line)
    found = RELATION.match(text)
    if found is None or not (found["strong_after"] or found["strong_before"]) or says_none(text[found.end() :]):
        return SILENT
    reader = _Reader(implied=True)
    reader.read(text)
    return reader.said()


def task_says(text: str) -> Said:
    """What a task's own words say about it: `… (depends on T012, T013)`. Words such as `after` count only right before a number."""
    reader = _Reader(implied=True)
    heard = text[:MAX_LINE]
    for clause in clauses(heard.replace("(", " ; ").replace(")", " ; ")):
        found = list(RELATION.finditer(clause))
        for index, one in enumerate(found):
            objects = clause[one.end() : found[index + 1].start() if index + 1 < len(found) else len(clause)]
            sure = one.group().lower().startswith(_SURE_IN_TASKS) and bool(objects.strip())
            if (sure or names_number(one)) and not denied(clause, one.start()):
                reader.relation(one, (), parsed(objects).objects)
    reader.strongly = reader.strongly or any(map(names_number, RELATION.finditer(text, MAX_LINE)))
    return reader.said()


def cell_says(subject: str, cell: str) -> Said:
    """What a row of a table says that has a column such as `Depends on`: its first cell waits for what the other one names."""
    text, later = MARKS.sub("", cell)[:MAX_LINE], parsed(MARKS.sub("", subject)[:MAX_LINE]).names
    if says_none(text):
        return SILENT
    earlier: list[Reference] = []
    for clause in map(parsed, clauses(text)):
        beside = "parallel" in clause.outside.lower() and RELATION.search(clause.outside) is None
        earlier += () if beside else clause.objects
    if later and earlier:
        return Said(Verdict.UNDERSTOOD, (Statement(later, tuple(dict.fromkeys(earlier))),))
    return SILENT if "parallel" in text.lower() else Said(Verdict.UNCLEAR)


def is_about_dependency(column: str) -> bool:
    """True for the name of a table's column that says what a row waits for."""
    return _COLUMN.search(column) is not None and "parallel" not in column.lower()


def draws_order(text: str) -> frozenset[Kind]:
    """The kinds of what a drawing or a code block names, when it puts it in an order; none otherwise."""
    if ANY_ARROW.search(text) is None and RELATION.search(text) is None and DRAWN.isdisjoint(text):
        return frozenset()
    return frozenset(one.kind for one in references(text))


def _chain(text: str) -> Iterator[Statement]:
    """`Phase 1 (Setup) → Phase 2 → Phase 3`, each waiting for the one before it; nothing unless every link is a name."""
    links = [parsed(piece) for piece in ARROW.split(text)]
    names = [link.names for link in links]
    if len(links) > 1 and all(names) and all(len(link.outside.split()) <= MAX_LINK_WORDS for link in links):
        yield from (Statement(later, earlier) for earlier, later in pairwise(names))
