"""The criteria of a `spec.md`: the scenarios of its stories, its requirements and its success criteria. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.core.specs.formats.commands import doubtful_commands
from bot.core.specs.formats.foreign import Found, Page
from bot.core.specs.formats.speckit.chapters import Stretch
from bot.core.specs.formats.speckit.criterion_ids import KnownCriteria
from bot.core.specs.formats.speckit.pieces import Piece, Pieces
from bot.core.specs.formats.speckit.requirements import read_requirements
from bot.core.specs.formats.speckit.scenarios import read_scenarios
from bot.core.specs.formats.speckit.unread import unread
from bot.core.specs.model import Finding
from bot.core.specs.rules import reading

MAX_CRITERIA = 500
"""Four times the longest public spec; the proofs of one front matter are as many. Tasks name criteria by range, so that both numbers multiply."""


@dataclass(frozen=True, slots=True)
class CriteriaRead:
    """The criteria in the order of the file; `stories` is what else stands in the user stories."""

    found: tuple[Found, ...]
    known: KnownCriteria
    findings: tuple[Finding, ...]
    stories: tuple[Piece, ...]


def read_criteria(page: Page, stretches: Sequence[Stretch]) -> CriteriaRead:
    """All criteria of the main file, and a finding for each line that looks like one and is none."""
    pieces = Pieces(page)
    scenarios = read_scenarios(page, pieces, stretches)
    requirements = read_requirements(page, pieces, stretches)
    every = sorted((*scenarios.found, *requirements.found), key=lambda one: (one.position.line, one.position.column))
    found = tuple(every[:MAX_CRITERIA])
    kept = {one.criterion_id for one in found}
    known = KnownCriteria(
        (one.criterion_id for one in found),
        {story: [one for one in ids if one in kept] for story, ids in scenarios.stories.items()},
    )
    homes = {line for one in found for line in one.homes}
    told = {finding.position.line for finding in requirements.findings}
    findings = (
        *scenarios.findings,
        *requirements.findings,
        *unread(page, stretches, every, told),
        *doubtful_commands(page.source, (block for block in page.outline.blocks if block.line in homes)),
        *_empty(found),
        *_too_many(every),
    )
    return CriteriaRead(found, known, findings, scenarios.prose)


def _empty(found: Sequence[Found]) -> Iterator[Finding]:
    for one in found:
        if not one.text:
            yield reading.NO_TEXT.finding(one.position, f"{one.criterion_id} says nothing.", "Say what must be true.")


def _too_many(every: Sequence[Found]) -> Iterator[Finding]:
    if len(every) > MAX_CRITERIA:
        message = f"This spec has {len(every):,} criteria; at most {MAX_CRITERIA} are read."
        yield reading.TOO_LARGE.finding(every[MAX_CRITERIA].position, message, "Split it into several specs.")
