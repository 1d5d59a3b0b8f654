"""The acceptance scenarios of user stories: list items, paragraphs, table rows, or one item each for Given, When and Then. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.core.specs.formats.foreign import Found, Page
from bot.core.specs.formats.speckit.chapters import Chapter, Stretch
from bot.core.specs.formats.speckit.criterion_ids import read_label, without_accept
from bot.core.specs.formats.speckit.pieces import Piece, Pieces, criterion, cut_before, folded, further_text
from bot.core.specs.formats.speckit.references import Key, key_of
from bot.core.specs.formats.speckit.tables import Table, tables
from bot.core.specs.model import Finding
from bot.core.specs.rules import foreign
from bot.ids import CriterionId

_ACCEPT = r"\s*(?:\(\s*accept\s*\)\s*)?"
_NAME = r"(?:[*_]{0,3}(?:acceptance\s+)?(?:scenario|case|example|AS|AC)\b[^:\n]{0,80}[:.)–—-]?[*_]{0,3}[\s:–—-]{0,5})?"
_GIVEN = re.compile(rf"{_ACCEPT}{_NAME}(?P<bold>[*_]{{0,3}})given\b", re.IGNORECASE)
_LOUD_WHEN = re.compile(rf"{_ACCEPT}(?i:{_NAME})(?:[*_]{{1,3}}[Ww]hen\b|[*_]{{0,3}}WHEN\b)")
_GOES_ON = re.compile(r"\s*[*_]{0,3}(?:when|then|and|but)\b", re.IGNORECASE)
_ENDS = re.compile(r"\s*[*_]{0,3}(?:then|and|but)\b", re.IGNORECASE)
_WHEN_OR_THEN = re.compile(r"\b(?:when|then)\b", re.IGNORECASE)
_THEN = re.compile(r"\bthen\b", re.IGNORECASE)
_LABEL = re.compile(r"\s*(?:\*\*|__)(?P<name>[^*_\n]{1,80})(?:\*\*|__)\s*(?P<colon>:?)")
_PLAIN_LABEL = re.compile(r"\s*(?P<name>[^*_:\n]{1,80}):\s*\Z")
_ACCEPTANCE = re.compile(r"\bacceptance\b|\bscenarios\b", re.IGNORECASE)
_ELSEWHERE = frozenset(
    {Chapter.CONTEXT, Chapter.FORM, Chapter.OUT_OF_SCOPE, Chapter.CRITERIA, Chapter.CONSTRAINTS, Chapter.HEAD}
)
"""Chapters in which no scenario is read: an edge case that says Given is still a question."""


@dataclass(frozen=True, slots=True)
class ScenariosRead:
    """The scenarios in the order of the file, their ids by story, and what else stands in the stories."""

    found: tuple[Found, ...]
    stories: dict[Key, list[CriterionId]]
    findings: tuple[Finding, ...]
    prose: tuple[Piece, ...]


@dataclass(slots=True)
class _Scenario:
    """A scenario while its pieces are gathered; complete once one of them says Then."""

    pieces: list[Piece] = field(default_factory=list)
    complete: bool = False

    def add(self, piece: Piece) -> None:
        self.pieces.append(piece)
        self.complete = self.complete or _THEN.search(piece.text) is not None


def read_scenarios(page: Page, pieces: Pieces, stretches: Sequence[Stretch]) -> ScenariosRead:
    """The scenarios; `US2.3` is the third of story 2, whatever number its list gives it. Those of no story belong to story 1, or 0 if there is a 1."""
    numbers = [stretch.story for stretch in stretches if stretch.opens]
    nameless = "0" if "1" in numbers else "1"
    stories: dict[Key, list[CriterionId]] = {key_of(number): [] for number in numbers}
    found: list[Found] = []
    prose: list[Piece] = []
    findings: list[Finding] = []
    for story in _stories(stretches):
        number = story[0].story or nameless
        reader = _StoryReader(page, pieces)
        for stretch in story:
            reader.read(stretch)
        prose += reader.prose
        ids = stories.setdefault(key_of(number), [])
        for count, scenario in enumerate(sorted(reader.scenarios, key=lambda one: one.pieces[0].line), 1):
            ids.append(CriterionId(f"US{number}.{count}"))
            found.append(_criterion(page, ids[-1], scenario))
        if story[0].opens and not reader.scenarios:
            findings.append(_without_scenario(page, story[0]))
    found.sort(key=lambda one: one.position.line)
    return ScenariosRead(tuple(found), stories, tuple(findings), tuple(prose))


def _stories(stretches: Iterable[Stretch]) -> Iterator[list[Stretch]]:
    """The stretches of each story together; all that belong to none are one story, the last."""
    nameless: list[Stretch] = []
    current: list[Stretch] = []
    for stretch in stretches:
        if stretch.opens and current:
            yield current
        if stretch.opens:
            current = [stretch]
        elif stretch.chapter not in _ELSEWHERE:
            (current if stretch.story else nameless).append(stretch)
    if current:
        yield current
    if nameless:
        yield nameless


class _StoryReader:
    """One story's stretches, piece by piece."""

    def __init__(self, page: Page, pieces: Pieces) -> None:
        self.scenarios: list[_Scenario] = []
        self.prose: list[Piece] = []
        self._told = self.prose
        self._page, self._pieces = page, pieces
        self._open: _Scenario | None = None
        self._acceptance = False
        self._ids_count = False

    def read(self, stretch: Stretch) -> None:
        self._open, self._acceptance = None, stretch.chapter is Chapter.SCENARIOS
        self._ids_count = stretch.chapter is Chapter.SCENARIOS and not stretch.story
        self._told = self.prose if stretch.chapter in (Chapter.STORIES, Chapter.SCENARIOS) else []
        for table in tables(self._page.lines, stretch.start, stretch.end):
            self.scenarios += _rows(table)
        for piece in self._pieces.between(stretch.start, stretch.end):
            if piece.is_code:
                self._code(piece)
            elif self._ids_count and read_label(piece.text) is not None:
                self._open = None
            elif piece.item is not None:
                self._item(piece)
            else:
                for part in cut_before(piece, _openings(piece)):
                    self._text(part)

    def _code(self, piece: Piece) -> None:
        """A command that follows a scenario's paragraph belongs to it; one that follows an item does not stand in it."""
        if piece.is_command and self._open is not None and self._open.pieces[-1].item is None:
            self._open.add(piece)
        else:
            self._open = None

    def _item(self, piece: Piece) -> None:
        inner = self._pieces.inside(piece)
        givens = sum(_GIVEN.match(one.text) is not None for one in inner)
        if _GIVEN.match(piece.text) is None and (_is_acceptance_label(piece.text) or givens > 1):
            self._open, self._acceptance = None, True
            for one in inner:
                self._text(one)
        elif givens == 1 and _GOES_ON.match(piece.text) is None:
            self._start(piece)
        else:
            self._text(piece)

    def _text(self, piece: Piece) -> None:
        text = piece.text
        given = _GIVEN.match(text)
        sure = piece.item is not None or self._acceptance
        if given is not None and (sure or given["bold"] or _WHEN_OR_THEN.search(text) is not None):
            self._start(piece)
        elif self._open is not None and _GOES_ON.match(text) and (not self._open.complete or _ENDS.match(text)):
            self._open.add(piece)
        elif _LOUD_WHEN.match(text) is not None and _THEN.search(text) is not None:
            self._start(piece)
        elif _is_acceptance_label(text):
            self._open, self._acceptance = None, True
        elif piece.item is not None and self._acceptance:
            self._start(piece)
        else:
            self._open = None
            self._acceptance = self._acceptance and not _is_label(text)
            self._told.append(piece)

    def _start(self, piece: Piece) -> None:
        self._open = _Scenario()
        self._open.add(piece)
        self.scenarios.append(self._open)


def _openings(piece: Piece) -> Iterator[int]:
    """The lines of a paragraph that start something of their own."""
    for offset, line in enumerate(piece.text.split("\n")):
        if _GIVEN.match(line) is not None or _is_acceptance_label(line):
            yield offset
            if _GIVEN.match(line) is None:
                yield offset + 1


def _is_label(text: str) -> bool:
    found = _LABEL.match(text)
    return found is not None and (bool(found["colon"]) or found["name"].rstrip().endswith(":"))


def _is_acceptance_label(text: str) -> bool:
    """`**Acceptance Scenarios**:` and the like, alone on their line."""
    found = _LABEL.match(text) or _PLAIN_LABEL.match(text)
    return found is not None and not text[found.end() :].strip() and _ACCEPTANCE.search(found["name"]) is not None


def _rows(table: Table) -> Iterator[_Scenario]:
    """The scenarios of a table with columns for Given, When and Then."""
    names = [cell.strip("*_ ").lower() for cell in table.header]
    if "given" not in names or "then" not in names:
        return
    for row in table.rows:
        named = zip(names, row.cells, strict=False)
        text = " ".join(
            f"{name.capitalize()} {cell}" for name, cell in named if name in ("given", "when", "then") and cell
        )
        if text:
            yield _Scenario([Piece(row.line, row.line, text)])


def _criterion(page: Page, criterion_id: CriterionId, scenario: _Scenario) -> Found:
    accept, first = without_accept(" ".join(folded(piece.text) for piece in scenario.pieces if piece.text))
    blocks = [block for piece in scenario.pieces for block in piece.blocks]
    further = (block for piece in scenario.pieces for block in piece.further)
    lines = scenario.pieces[0].line, scenario.pieces[-1].end_line
    return criterion(page, criterion_id, lines, [first, *further_text(further)], blocks, accept=accept)


def _without_scenario(page: Page, stretch: Stretch) -> Finding:
    line = stretch.start - 1
    message = f"Story {stretch.story} has no acceptance scenario that is read, so nothing proves it by itself."
    hint = "Write them as a list under `**Acceptance Scenarios**:`, each with Given, When and Then."
    return foreign.NOT_UNDERSTOOD.finding(page.source.position(line), message, hint)
