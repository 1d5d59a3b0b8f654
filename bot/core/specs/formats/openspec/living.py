"""A living spec, `openspec/specs/<capability>/spec.md`: what holds now. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.complement import complement_for, proof_wishes
from bot.core.specs.findings import in_line_order
from bot.core.specs.formats.foreign import Draft, Found, Page, assemble, open_pages
from bot.core.specs.formats.openspec.applying import Living
from bot.core.specs.formats.openspec.delta import kind_of
from bot.core.specs.formats.openspec.layout import capability_of, living_path
from bot.core.specs.formats.openspec.names import Names, capability_slug
from bot.core.specs.formats.openspec.proposal import read_page
from bot.core.specs.formats.openspec.requirements import (
    Requirement,
    criteria_of,
    faults_of,
    requirements_in,
    twice_named,
)
from bot.core.specs.formats.openspec.sheet import Section, Sheet
from bot.core.specs.formats.openspec.strays import dividers, lines_of, strays
from bot.core.specs.front_matter import read_foreign_front_matter
from bot.core.specs.layouts import SpecPlace
from bot.core.specs.model import Finding, ProofWish, Reading
from bot.core.specs.rules import foreign
from bot.core.specs.source import Files

_REQUIREMENTS = "requirements"


@dataclass(frozen=True)
class LivingSpec:
    """A living spec that could be opened. `requirements` by name, the first of each."""

    capability: str
    sheet: Sheet
    blocks: tuple[Requirement, ...]

    @cached_property
    def requirements(self) -> Living:
        found: dict[str, Requirement] = {}
        for block in self.blocks:
            found.setdefault(block.name, block)
        return found

    @cached_property
    def _names(self) -> Names:
        names = Names()
        for block in self.blocks:
            names.slug(block.name)
        return names

    def names(self) -> Names:
        """The slugs of its requirements' names, the ones that it gives them itself."""
        return self._names.copy()


def living_spec(capability: str, page: Page) -> LivingSpec:
    sheet = Sheet(page)
    part = _requirements_section(sheet)
    return LivingSpec(capability, sheet, requirements_in(sheet, part.first, part.last) if part is not None else ())


def open_living(capability: str, files: Files) -> LivingSpec | None:
    """The living spec of a capability among `files`; None when it is not there or cannot be read."""
    path = living_path(capability)
    page = open_pages((path,), files).by_path.get(path)
    return living_spec(capability, page) if page is not None else None


def proofs_of(living: LivingSpec, config: RepositoryConfig) -> tuple[ProofWish, ...]:
    """How its front matter and the configuration say that its criteria are proven."""
    path = living_path(living.capability)
    front, _ = read_foreign_front_matter(living.sheet.source)
    return (*complement_for(path, config.foreign).proofs, *proof_wishes(front.values.proofs))


def criteria_of_blocks(capability: str, blocks: Iterable[Requirement], names: Names) -> Iterator[Found]:
    """The criteria of requirements as they stand; `names` gives the requirements their slugs."""
    prefix = capability_slug(capability)
    for block in blocks:
        yield from criteria_of(block, f"{prefix}/{names.slug(block.name)}", Names())


def read_living(place: SpecPlace, files: Files, config: RepositoryConfig) -> Reading:
    """A file that is not there is read as an empty one."""
    pages = open_pages((place.path,), {place.path: files.get(place.path, b"")})
    page = pages.by_path.get(place.path)
    if page is None:
        return Reading(place.path, None, in_line_order(pages.findings), (place.path,))
    return assemble(place, pages, _draft(place, page), config)


def _draft(place: SpecPlace, page: Page) -> Draft:
    living = living_spec(capability_of(place), page)
    told = read_page(page)
    return Draft(
        main=page,
        title=told.title,
        criteria=tuple(criteria_of_blocks(living.capability, living.blocks, Names())),
        findings=tuple(_findings(living)),
        intent=told.intent,
        context=told.context,
        out_of_scope=told.out_of_scope,
    )


def _requirements_section(sheet: Sheet) -> Section | None:
    return next((part for part in sheet.sections if part.title.lower() == _REQUIREMENTS), None)


def _findings(living: LivingSpec) -> Iterator[Finding]:
    sheet = living.sheet
    known = {line for block in living.blocks for line in lines_of(block)}
    yield from sheet.unclosed()
    yield from strays(sheet, known, "in the section `## Requirements`")
    part = _requirements_section(sheet)
    if part is not None:
        yield from dividers(sheet, known, part.first, part.last)
    yield from twice_named(living.blocks)
    for block in living.blocks:
        yield from faults_of(block)
    for section in sheet.sections:
        kind = kind_of(section.title)
        if kind is not None:
            message = f"`## {kind.heading}` is a section of a change; a living spec has only `## Requirements`."
            hint = "Move it to `openspec/changes/ID/specs/…/spec.md`, or apply it here."
            yield foreign.DELTA_MISFIT.finding(sheet.place(section.line), message, hint)
