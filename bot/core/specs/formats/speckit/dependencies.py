"""What the prose of a task list says about order: `Phase 6: Depends on Phase 3 and Phase 5`, `(depends on T012)`, `T008 blocks T009`.

Only plain sentences are understood. Where it is not plain who waits for whom, the line is told instead: a dependency that nobody meant would
hold up tasks, or turn the plan round. Pure.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from bot.core.specs.formats.speckit.phrases import Names, Text, parsed
from bot.core.specs.formats.speckit.references import Kind, Reference, placed_references, references
from bot.core.specs.formats.speckit.wording import (
    ARROW,
    Relation,
    Word,
    clauses,
    has_own_words,
    has_relation,
    labelled,
    number_follows,
    opening_relation,
    plain,
    relations,
    says_none,
    unmarked,
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

_MAIN_CLAUSE = re.compile(r",|:\s")
_INTRODUCED = re.compile(r"[^:]{1,40}:\s")
_MAY_START = re.compile(r"\b(?:can|may|could|start|begin|run|proceed)\b", re.IGNORECASE)
_PERMITS = re.compile(r"\b(?:can|may|could|might)\b", re.IGNORECASE)
_ASIDE = re.compile(r"\(([^()]*)\)")
_SOMEBODY = re.compile(r"\b(?:dev|developer|team|worker|person|engineer|agent|stream|track|staff)", re.IGNORECASE)
_NEXT_SUBJECT = re.compile(r",\s*(?:and\b|but\b|while\b)?|\bbut\b|\bwhile\b", re.IGNORECASE)
_COLUMN = re.compile(r"\bdepend|\bblocked\b|\bafter\b|\bprerequisite|\brequires\b", re.IGNORECASE)
_ANY_ARROW = re.compile(r"[→⟶➜←⟵]|[-=]>|<[-=]")
_DRAWN = frozenset("▼▲►◄↓↑└├")

MAX_LINE = 2_000
"""Characters of a line that are listened to, ten times the longest public one. What follows is told when it speaks of an order too."""

MAX_STATEMENTS = 20
"""Statements of one line; honest ones make two. Each may name every task, so that a line of hundreds would be expensive."""

MAX_LINK_WORDS = 3
"""Words that may stand beside the name in one link of a chain such as `Phase 1 Setup → Phase 2`; with more it is a sentence with an arrow in it."""


@dataclass(slots=True)
class _Reader:
    """The statements of one line. `about` is what the line is about where a clause names no subject of its own; `implied`: the reader knows.

    `doubtful`: something is said of things that are named, and not understood; `vague`: at least one side is not even named.
    """

    about: Names = ()
    implied: bool = False
    statements: list[Statement] = field(default_factory=list)
    doubtful: bool = False
    vague: bool = False

    def read(self, text: str) -> None:
        """Clause by clause, as far as is listened to."""
        for clause in clauses(text[:MAX_LINE]):
            self.clause(parsed(clause))
        self.doubtful = self.doubtful or bool(relations(text, MAX_LINE))

    def clause(self, text: Text) -> None:
        """One clause: `US1 depends on Setup (T002)`, `Once T001 is done, T002 can start`, `T001 → T002`. One such as `After Phase 2:` leaves it to
        what follows to say who comes after."""
        if self._chain(text):
            return
        words = relations(text.outside)
        if _links(text.outside) > 1 or (not words and ARROW.search(text.outside) is not None and text.names):
            self.doubtful = True
        elif words:
            self._related(text, words)
        else:
            self._without_relation(text)

    def _related(self, text: Text, words: Sequence[Word]) -> None:
        """A clause by its relations. Behind a second one the subject may be another: `T036 needs T011, and its menu (T037) needs T029`. What can
        be done before something else need not be."""
        ends = [*(word.start for word in words[1:]), len(text.outside)]
        parts = [text[word.end : end] for word, end in zip(words, ends, strict=True)]
        left = text[: words[0].start]
        subject, parts[0] = self._first_subject(left, words[0].relation, parts[0])
        if not (subject or self.implied or left.outside.strip(" ,")) and words[0].relation is Relation.WEAK_AFTER:
            self.vague = self.vague or bool(parts[0].names)
            return
        for index, word in enumerate(words):
            objects, following = _parted(parts[index]) if index + 1 < len(words) else (parts[index], ())
            if not (word.relation is Relation.WEAK_BEFORE and _PERMITS.search(left.outside.rpartition(",")[2])):
                self.relation(word.relation, subject, objects.objects)
            chained = word.relation is Relation.WEAK_BEFORE and not following
            subject = following or (objects.objects if chained else ()) or subject

    def _first_subject(self, left: Text, relation: Relation, right: Text) -> tuple[Names, Text]:
        """Who the first relation of a clause is said of, and the text that its objects stand in."""
        named = left.subject
        if named or named is None:
            return named or (), right
        if left.outside.strip(" ,"):
            return (self.about if relation is not Relation.WEAK_BEFORE else ()), right
        turn = _MAIN_CLAUSE.search(right.outside)
        comma = turn.start() if turn is not None else -1
        if comma != -1 and (not self.about or _MAY_START.search(right.outside, comma) is not None):
            behind = right[comma:].names
            if behind:
                return behind, right[:comma]
        return self.about, right

    def _without_relation(self, text: Text) -> None:
        """A clause that only names something says what the next is about, as in `US1 - depends on Setup` and `US1 (depends on Setup)`."""
        if text.words <= MAX_LINK_WORDS:
            self.about = text.subject or self.about
        for aside in _ASIDE.findall(text.inside):
            if _links(aside) > 1:
                self.doubtful = not self._chain(Text(aside, "")) or self.doubtful
        if relations(text.inside):
            opening = len(text.inside) - len(text.inside.lstrip())
            self._aside(text[:opening], Text(text.inside, ""))

    def _aside(self, before: Text, aside: Text) -> None:
        """What parentheses say is said of the name right before them, else of what the line is about."""
        whole, name = self.about, before.outside.rstrip()
        near = [names for _, end, names in placed_references(name) if end == len(name)]
        self.about = near[0] if near else whole
        self.clause(aside)
        self.about = whole

    def relation(self, relation: Relation, subject: Names, objects: Names) -> None:
        if len(self.statements) == MAX_STATEMENTS:
            self.doubtful = True
        elif objects and (subject or self.implied):
            self.statements.append(Statement(subject, objects) if relation.is_forward else Statement(objects, subject))
        elif relation.is_strong or objects:
            self.doubtful = True
        else:
            self.vague = self.vague or bool(subject or self.about)

    def _chain(self, text: Text) -> bool:
        """`Phase 1 (Setup) → Phase 2 → Phase 3`, each waiting for the one before it. Every link opens with a name, and says little more."""
        introduced = _INTRODUCED.match(text.outside)
        if introduced is not None and not references(introduced.group()) and not _SOMEBODY.search(introduced.group()):
            text = text[introduced.end() :]
        arrows = list(ARROW.finditer(text.outside))
        starts = [0, *(arrow.end() for arrow in arrows)]
        ends = [*(arrow.start() for arrow in arrows), len(text.outside)]
        links = [text[start:end] for start, end in zip(starts, ends, strict=True)]
        if len(links) < 2 or not all(map(_is_link, links)):
            return False
        room = MAX_STATEMENTS - len(self.statements)
        self.statements += [Statement(later.names, earlier.names) for earlier, later in pairwise(links)][:room]
        self.doubtful = self.doubtful or len(links) - 1 > room
        return True

    def said(self) -> Said:
        """A vague word beside something that is understood says nothing."""
        if self.doubtful or (self.vague and not self.statements):
            return Said(Verdict.UNCLEAR, tuple(self.statements))
        return Said(Verdict.UNDERSTOOD, tuple(self.statements)) if self.statements else SILENT


def _links(text: str) -> int:
    """How many names stand between arrows. One before an arrow that leads to a word, as in `Setup → after Phase 2`, is alone."""
    return sum(bool(references(piece)) and opening_relation(piece) is None for piece in ARROW.split(text))


def _is_link(text: Text) -> bool:
    first = next((start for start, _, _ in placed_references(text.outside)), None)
    if first is None or has_own_words(text.outside[:first]) or relations(text.outside):
        return False
    return text[: len(text.outside.partition(",")[0])].words <= MAX_LINK_WORDS


def _parted(between: Text) -> tuple[Text, Names]:
    """The objects of one relation, and the subject of the next, of what stands between them: `T011, and its menu (T037)`."""
    cuts = list(_NEXT_SUBJECT.finditer(between.outside))
    if not cuts:
        return between, ()
    subject = between[cuts[-1].end() :].names
    return (between[: cuts[-1].start()], subject) if subject else (between, ())


def line_says(line: str) -> Said:
    """What a line of a section about order says. Takes time linear in the line."""
    text = plain(line)
    label, body = labelled(line)
    about = parsed(label).names if not relations(label) else ()
    if not about and (relations(label) or _SOMEBODY.search(label) is not None):
        label, body = "", text
    reader = _Reader(about)
    if ARROW.search(label) is not None:
        reader.clause(parsed(label))
    reader.read(body)
    return reader.said() if about or references(text[:MAX_LINE]) else SILENT


def label_says(line: str) -> Said:
    """What a line such as `**Depends on**: T012, Phase 2` under a phase or a task says about that phase or task."""
    text = plain(line)
    word = opening_relation(text)
    if word is None or not word.relation.is_strong or says_none(text[word.end :]):
        return SILENT
    reader = _Reader(implied=True)
    reader.read(text)
    return reader.said()


def task_says(text: str) -> Said:
    """What a task's own words say about it: `… (depends on T012, T013)`. Weak words such as `after` count only right before a number, and
    `before` and `until` not even there: a test that fails until T029 does not wait for it.
    """
    reader = _Reader(implied=True)
    for clause in clauses(text[:MAX_LINE].replace("(", " ; ").replace(")", " ; ")):
        words = relations(clause)
        for index, word in enumerate(words):
            objects = clause[word.end : words[index + 1].start if index + 1 < len(words) else len(clause)]
            sure = word.relation is Relation.AFTER and clause[word.start :].lower().startswith(("depends", "depend "))
            if word.relation is Relation.WEAK_BEFORE or clause[word.start : word.end].lower() == "until":
                reader.doubtful = reader.doubtful or number_follows(clause, word.end)
            elif (sure and objects.strip()) or number_follows(clause, word.end):
                reader.relation(word.relation, (), parsed(objects).objects)
    beyond = (word for word in relations(text, MAX_LINE) if number_follows(text, word.end))
    reader.doubtful = reader.doubtful or any(beyond)
    return reader.said()


def cell_says(subject: str, cell: str) -> Said:
    """What a row of a table says that has a column such as `Depends on`: its first cell waits for what the other one names."""
    text, later = unmarked(cell)[:MAX_LINE], parsed(unmarked(subject)[:MAX_LINE]).names
    if says_none(text):
        return SILENT
    earlier: list[Reference] = []
    for clause in map(parsed, clauses(text)):
        beside = "parallel" in clause.outside.lower() and not relations(clause.outside)
        earlier += () if beside else clause.objects
    if later and earlier:
        return Said(Verdict.UNDERSTOOD, (Statement(later, tuple(dict.fromkeys(earlier))),))
    return SILENT if "parallel" in text.lower() else Said(Verdict.UNCLEAR)


def speaks_of_order(text: str) -> bool:
    """True for a text that holds a word or an arrow for an order, whatever it is about. Cheap."""
    text = unmarked(text)
    return has_relation(text) or _ANY_ARROW.search(text) is not None


def is_about_dependency(column: str) -> bool:
    """True for the name of a table's column that says what a row waits for."""
    return _COLUMN.search(column) is not None and "parallel" not in column.lower()


def draws_order(text: str) -> frozenset[Kind]:
    """The kinds of what a drawing or a code block names, when it puts it in an order; none otherwise."""
    if not speaks_of_order(text) and _DRAWN.isdisjoint(text):
        return frozenset()
    return frozenset(one.kind for one in references(text))
