"""An open change, `openspec/changes/<id>/`: a proposal, its deltas, its tasks. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.formats.foreign import Draft, Found, Page, Pages, assemble, open_pages, without_main
from bot.core.specs.formats.openspec.applying import Applied, Standing, apply, standing
from bot.core.specs.formats.openspec.delta import Delta, read_delta
from bot.core.specs.formats.openspec.layout import (
    CONFIG,
    DESIGN,
    METADATA,
    PROPOSAL,
    TASKS,
    change_of,
    delta_capability,
    living_path,
    own_files,
)
from bot.core.specs.formats.openspec.living import LivingSpec, open_living, proofs_of
from bot.core.specs.formats.openspec.metadata import Metadata, project_context, read_metadata
from bot.core.specs.formats.openspec.names import Names, capability_slug
from bot.core.specs.formats.openspec.owned import Owned
from bot.core.specs.formats.openspec.proposal import (
    areas_told,
    bold_non_goals,
    joined,
    missing_deltas,
    read_page,
    readable,
)
from bot.core.specs.formats.openspec.requirements import criteria_of
from bot.core.specs.formats.openspec.rivals import rivalries
from bot.core.specs.formats.openspec.sheet import Sheet
from bot.core.specs.formats.openspec.strays import strays
from bot.core.specs.formats.openspec.tasks import read_tasks
from bot.core.specs.layouts import SpecPlace
from bot.core.specs.model import Command, Finding, Position, Reading, Status
from bot.core.specs.rules import foreign
from bot.core.specs.source import Files


@dataclass(frozen=True, slots=True)
class Change:
    """A change's files, opened and taken apart. `others` are the pages below `specs/` that are no deltas."""

    place: SpecPlace
    pages: Pages
    deltas: tuple[Delta, ...]
    others: tuple[Page, ...]
    metadata: Metadata

    def page(self, name: str) -> Page | None:
        return self.pages.by_path.get(f"{self.place.path}/{name}")

    @property
    def demands_nothing(self) -> bool:
        """It says that no requirement changes, or only takes some away."""
        if not self.deltas:
            return self.metadata.skips_specs and not self.others
        return all(delta.removed and not (delta.added or delta.modified or delta.renamed) for delta in self.deltas)


def read_change(place: SpecPlace, files: Files, config: RepositoryConfig) -> Reading:
    """The change as it leaves the living specs among `files`."""
    change = _opened(place, files)
    proposal = f"{place.path}/{PROPOSAL}"
    main = change.page(PROPOSAL)
    if main is None and proposal not in files and change.deltas:
        main = change.deltas[0].sheet.page
    if main is None:
        return without_main(place, change.pages, files, proposal)
    reading = assemble(place, change.pages, _draft(change, main, files, config), config)
    if reading.spec is not None and not reading.spec.criteria and change.demands_nothing:
        return replace(reading, spec=replace(reading.spec, status=Status.DRAFT))
    return reading


def _opened(place: SpecPlace, files: Files) -> Change:
    pages = open_pages(own_files(place, tuple(path for path in files if place.holds(path))), files)
    texts = [page for path, page in pages.by_path.items() if path.startswith(f"{place.path}/specs/")]
    deltas = [(capability, page) for page in texts if (capability := delta_capability(page.path))]
    return Change(
        place=place,
        pages=pages,
        deltas=tuple(read_delta(capability, Sheet(page)) for capability, page in deltas),
        others=tuple(page for page in texts if not delta_capability(page.path)),
        metadata=read_metadata(pages.by_path.get(f"{place.path}/{METADATA}")),
    )


def _draft(change: Change, main: Page, files: Files, config: RepositoryConfig) -> Draft:
    livings = {delta.capability: open_living(delta.capability, files) for delta in change.deltas}
    applied = [_applied(change, delta, livings[delta.capability], files) for delta in change.deltas]
    tasks = read_tasks(change.page(TASKS), Owned())
    proposal, design = read_page(change.page(PROPOSAL)), read_page(change.page(DESIGN))
    criteria = [
        found
        for delta, one in zip(change.deltas, applied, strict=True)
        for found in founds(delta, one.standing, livings[delta.capability])
    ]
    return Draft(
        main=main,
        title=proposal.title or readable(change.place.path.rpartition("/")[2]),
        criteria=tuple(criteria),
        tasks=tasks.tasks,
        findings=(
            *(finding for delta in change.deltas for finding in delta.findings),
            *(finding for one in applied for finding in one.findings),
            *rivalries(change.place, change.deltas, files),
            *_other_findings(change),
            *tasks.findings,
        ),
        intent=joined(proposal.intent, change.metadata.goal),
        context=joined(
            proposal.context,
            design.intent,
            design.context,
            areas_told(change.metadata.areas),
            project_context(open_pages((CONFIG,), files).by_path.get(CONFIG)),
        ),
        out_of_scope=joined(proposal.out_of_scope, design.out_of_scope, bold_non_goals(change.page(DESIGN))),
        proofs=tuple(wish for living in livings.values() if living is not None for wish in proofs_of(living, config)),
    )


def _applied(change: Change, delta: Delta, living: LivingSpec | None, files: Files) -> Applied:
    path = living_path(delta.capability)
    if living is None and path in files:
        message = f"`{path[:120]}` cannot be read, so nothing says whether this delta fits it."
        unknown = foreign.DELTA_MISFIT.finding(delta.sheet.place(1), message, "Mend that file first.")
        return Applied(standing(delta, None), (unknown,))
    return apply(delta, living.requirements if living is not None else None, retires=change.metadata.retires)


def founds(delta: Delta, stands: Iterable[Standing], living: LivingSpec | None) -> Iterator[Found]:
    """The criteria of what stands after a delta. Ids are those that the living spec gives; places are in the delta."""
    names = living.names() if living is not None else Names()
    prefix = capability_slug(delta.capability)
    for one in stands:
        scenarios = Names()
        for scenario in one.before.scenarios if one.before is not None else ():
            scenarios.slug(scenario.name)
        for found in criteria_of(one.requirement, f"{prefix}/{names.slug(one.name)}", scenarios):
            yield moved(found, delta.sheet.place(one.line)) if one.renamed_only else found


def moved(found: Found, place: Position) -> Found:
    """A criterion whose words stand in another file, told at a place of this spec."""
    commands = tuple((kind, Command(command.script, place)) for kind, command in found.commands)
    return replace(found, position=place, commands=commands, homes=frozenset())


def _other_findings(change: Change) -> Iterator[Finding]:
    yield from change.metadata.findings
    yield from missing_deltas(change.page(PROPOSAL), {delta.capability for delta in change.deltas})
    for page in change.others:
        yield from _not_a_delta(page)
    metadata = change.page(METADATA)
    if metadata is not None and change.metadata.skips_specs and (change.deltas or change.others):
        message = "`skip_specs` says that no requirement changes, and this change has files below `specs/`."
        place = metadata.source.position(change.metadata.skips_line)
        yield foreign.DELTA_MISFIT.finding(place, message, "Take out the key, or the files.")


def _not_a_delta(page: Page) -> Iterator[Finding]:
    """A file below `specs/` that is not read: by its place when it is a `spec.md`, else by the requirements in it."""
    hint = "A delta stands at `specs/CAPABILITY/spec.md`."
    if page.path == f"{change_of(page.path)}/specs/spec.md":
        message = "This file names no capability, so OpenSpec passes over it."
        yield foreign.DELTA_MISFIT.finding(page.source.position(1), message, hint)
    yield from strays(Sheet(page), (), "in a delta, `specs/CAPABILITY/spec.md`")
