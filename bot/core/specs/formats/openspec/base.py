"""What the base demanded in the place of a change or of a living spec. Pure.

A change takes words from the living spec and gives words to it, so each side is asked about the other:

- a change is compared with the living spec's scenarios of the requirements that it touches as well, so that the unchanged ones are kept and the
  lost ones are gone;
- a living spec is compared with what the base's open changes announced as well, so that archiving a change demands nothing new.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import sha256

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.formats.foreign import Draft, Found, Page, Pages, assemble, open_pages
from bot.core.specs.formats.openspec.applying import renamed, standing
from bot.core.specs.formats.openspec.change import founds, read_change
from bot.core.specs.formats.openspec.delta import Delta, read_delta
from bot.core.specs.formats.openspec.layout import PROPOSAL, capability_of, delta_capability, living_path
from bot.core.specs.formats.openspec.living import (
    LivingSpec,
    criteria_of_blocks,
    open_living,
    proofs_of,
    read_living,
)
from bot.core.specs.formats.openspec.rivals import deltas_by_capability, opened
from bot.core.specs.formats.openspec.sheet import Sheet
from bot.core.specs.front_matter import read_foreign_front_matter
from bot.core.specs.layouts import SpecPlace
from bot.core.specs.model import Criterion, ProofWish, Spec, SpecFormat, Status
from bot.core.specs.source import Files, Source, front_lines
from bot.ids import CriterionId, Digest

Demands = dict[CriterionId, Criterion]


def before_change(place: SpecPlace, head: Spec | None, files: Files, config: RepositoryConfig) -> Spec | None:
    """The base's own version of the change, and the base's living scenarios of what the head's deltas touch, under the names that they get.

    What the living spec has in the same words is left to it: a change that was carried over may go without anybody missing it.
    """
    own = read_change(place, files, config).spec if any(place.holds(path) for path in files) else None
    touched = _living_demands(place, _deltas(head), files, config)
    if own is None or own.status is Status.DRAFT:
        return _put_together(place, touched) if touched else own
    announced = _by_id(own.criteria) if head is not None else _left_behind(place, own, files, config)
    stands = {one.digest for one in _standing_demands(place, own, head, files, config)}
    mine = {name: one for name, one in announced.items() if one.digest not in stands}
    # What must not get worse while a change is worked on ends with the change; what it demands goes into the living specs.
    return replace(own, criteria=(*{**touched, **mine}.values(),), keep=own.keep if head is not None else ())


def before_living(place: SpecPlace, head: Spec | None, files: Files, config: RepositoryConfig) -> Spec | None:
    """The base's same file; and where the head does what an open change of the base announced, that counts as said before.

    A criterion that only moves to another name is left where it was: comparing finds it again by its words.
    """
    capability = capability_of(place)
    base = read_living(place, files, config).spec if place.path in files else None
    living = open_living(capability, files)
    every = opened(capability, deltas_by_capability(files).get(capability, ()), files)
    deltas = [delta for change, delta in every if not _is_draft(change, delta, files)]
    demanded = _by_id(base.criteria) if base is not None and base.status is Status.READY else {}
    ids = {one.criterion_id: one.digest for one in head.criteria} if head is not None else {}
    for one in _announced(place, deltas, living, config):
        if ids.get(one.criterion_id) == one.digest:
            demanded[one.criterion_id] = one
    unmatched = {digest for name, digest in ids.items() if name not in demanded or demanded[name].digest != digest}
    for name in _taken_out(deltas, living):
        if name in demanded and name not in ids and demanded[name].digest not in unmatched:
            del demanded[name]
    if base is not None:
        return replace(base, criteria=tuple(demanded.values())) if base.status is Status.READY else base
    return _put_together(place, demanded) if demanded else None


def _deltas(head: Spec | None) -> Iterator[Delta]:
    """The deltas that a head's change was read from."""
    for document in head.documents if head is not None else ():
        capability = delta_capability(document.path)
        if capability:
            lines = tuple(document.text.split("\n")[:-1])
            source = Source(document.path, document.text, lines, front_lines(document.text))
            yield read_delta(capability, Sheet(Page(source)))


def _living_demands(place: SpecPlace, deltas: Iterable[Delta], files: Files, config: RepositoryConfig) -> Demands:
    """What the living specs say of the requirements that deltas touch, as demands of the change's place."""
    demands: Demands = {}
    for delta in deltas:
        living = open_living(delta.capability, files)
        if living is None:
            continue
        touched = delta.touched
        blocks = renamed(living.requirements, delta.renamed)
        named = {name: replace(block, name=name) for name, block in blocks.items() if name in touched}
        found = criteria_of_blocks(delta.capability, named.values(), living.names())
        demands |= _by_id(_counted(place, _nothing(place.path), found, config, proofs_of(living, config)))
    return demands


def _standing_demands(
    place: SpecPlace, own: Spec, head: Spec | None, files: Files, config: RepositoryConfig
) -> Iterator[Criterion]:
    """All that the living specs demand of the capabilities that a change of the base is about; proven as the change says as long as there is one,
    as the living spec says afterwards."""
    for delta in _deltas(own):
        living = open_living(delta.capability, files)
        if living is None:
            continue
        found = criteria_of_blocks(delta.capability, living.blocks, living.names())
        if head is None:
            at_home = SpecPlace(living_path(delta.capability), SpecFormat.OPENSPEC)
            yield from _counted(at_home, living.sheet.page, found, config)
        else:
            yield from _counted(place, _nothing(place.path), found, config, proofs_of(living, config))


def _left_behind(place: SpecPlace, own: Spec, files: Files, config: RepositoryConfig) -> Demands:
    """What a change demanded that is gone, as a living spec can take it over: without what its front matter said of proofs."""
    demands: Demands = {}
    for delta in _deltas(own):
        living = open_living(delta.capability, files)
        at_home = SpecPlace(living_path(delta.capability), SpecFormat.OPENSPEC)
        taken_over = _announced(at_home, (delta,), living, config)
        demands |= _by_id(replace(one, spec_path=place.path) for one in taken_over)
    return demands


def _announced(
    place: SpecPlace, deltas: Iterable[Delta], living: LivingSpec | None, config: RepositoryConfig
) -> tuple[Criterion, ...]:
    """What the deltas' own words demand, as demands of the living spec's place. A renaming alone changes no words."""
    known = living.requirements if living is not None else None
    found = [
        one
        for delta in deltas
        for one in founds(delta, (what for what in standing(delta, known) if not what.renamed_only), living)
    ]
    return _counted(place, living.sheet.page if living is not None else _nothing(place.path), found, config)


def _taken_out(deltas: Iterable[Delta], living: LivingSpec | None) -> Iterator[CriterionId]:
    """The living spec's criteria that deltas remove, or leave without their requirement's name."""
    if living is None:
        return
    gone = {one.name for delta in deltas for one in delta.removed}
    gone |= {one.old for delta in deltas for one in delta.renamed}
    blocks = [block for block in living.blocks if block.name in gone]
    for found in criteria_of_blocks(living.capability, blocks, living.names()):
        yield found.criterion_id


def _is_draft(change: str, delta: Delta, files: Files) -> bool:
    """True when an open change of the base was not in force. Front matter stands in the proposal, or in the delta where there is none."""
    path = f"{change}/{PROPOSAL}"
    proposal = open_pages((path,), files).by_path.get(path)
    front, _ = read_foreign_front_matter(proposal.source if proposal is not None else delta.sheet.source)
    return Status(front.values.status) is Status.DRAFT


def _by_id(criteria: Iterable[Criterion]) -> Demands:
    return {one.criterion_id: one for one in criteria}


def _counted(
    place: SpecPlace,
    main: Page,
    found: Iterable[Found],
    config: RepositoryConfig,
    proofs: tuple[ProofWish, ...] = (),
) -> tuple[Criterion, ...]:
    """Criteria as they count in a place; `main` is the page whose front matter holds there."""
    draft = Draft(main=main, title="", criteria=tuple(found), proofs=proofs)
    spec = assemble(place, _NO_PAGES, draft, config).spec
    return spec.criteria if spec is not None else ()


_NO_PAGES = Pages({}, (), Digest(sha256().hexdigest()))


def _nothing(path: str) -> Page:
    """A page without front matter, where none holds."""
    return Page(Source(path, "", ()))


def _put_together(place: SpecPlace, demands: Demands) -> Spec:
    """A spec of demands that stood in several files."""
    return Spec(
        path=place.path,
        title="",
        status=Status.READY,
        digest=_NO_PAGES.digest,
        text="",
        criteria=tuple(demands.values()),
        format=place.format,
    )
