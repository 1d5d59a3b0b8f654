"""Step: read and lint the specs that the pull request adds, edits or takes away, and compare them with the base's."""

from collections.abc import Sequence, Set
from dataclasses import replace
from enum import StrEnum

from bot.core.orchestration.notes import Ordered, branch_id
from bot.core.policy.model import RepositoryConfig
from bot.core.pulls import RepoRef
from bot.core.runs import Run, RunState
from bot.core.specs.compare import compare_all
from bot.core.specs.dependencies import unmet
from bot.core.specs.layouts import SpecPlace, place_of, places_of
from bot.core.specs.linter import LintContext, lint
from bot.core.specs.model import Reading, Spec, Status
from bot.core.specs.read import format_of
from bot.core.specs.source import MAX_BYTES
from bot.core.specs.tree import TreePaths
from bot.ids import RunId, TreeSha
from bot.workflows.here import live_here
from bot.workflows.house import House, in_thread
from bot.workflows.notes import Facts, Specs, find, keep, need
from bot.workflows.steps import Ended

LARGEST = 8 * MAX_BYTES
"""Of one file that is fetched: what is too large for a spec shall still be refused by the reader, with its place. Beyond that the run ends."""


class SpecState(StrEnum):
    """What the pull request brings. HELD: a spec waits for another one that is not merged."""

    NONE = "none"
    BLOCKED = "blocked"
    DRAFT = "draft"
    HELD = "held"
    READY = "ready"


async def read_specs(house: House, run_id: RunId) -> str:
    """A `SpecState`; stores `Specs`."""
    return await in_thread(lambda: _read(house, run_id))


def _read(house: House, run_id: RunId) -> SpecState:
    run, facts = live_here(house, run_id), need(house, run_id, Facts)
    specs = specs_between(house, run.repo, facts, asked_for(house, run))
    keep(house, run_id, specs)
    house.store.keep_run_specs(run_id, [spec.path for spec in specs.in_force])
    return state_of(specs)


def asked_for(house: House, run: Run) -> tuple[str, ...]:
    """The merged spec that this pull request was opened for: our own note says so, and nothing that the pull request brings."""
    ordered = None if run.from_fork else find(house, branch_id(run.repo.repo_id, run.head_ref), Ordered)
    return (ordered.spec_path,) if ordered is not None and ordered.spec_path else ()


def specs_between(house: House, repo: RepoRef, facts: Facts, asked: Sequence[str] = ()) -> Specs:
    """The specs that differ between the base's tree and the head's, and the `asked` ones, linted and compared. Of an asked one every criterion is
    to be proven anew: the base has its words and not yet what they demand."""
    changes = house.git.changed(repo, facts.base_tree, facts.head_tree)
    places = places_of((*(change.path for change in changes), *asked), facts.config)
    if not places:
        return Specs(())
    head, base = _Side(house, repo, facts.head_tree), _Side(house, repo, facts.base_tree)
    return _specs(head, base, places, facts.config, frozenset(asked))


async def held(house: House, run_id: RunId) -> str:
    """Ends the run: its specs wait for others, and an agent that started without them would build on nothing."""
    first, *more = (await in_thread(lambda: need(house, run_id, Specs))).unmet
    others = f", and {len(more)} more" if more else ""
    way_out = "merge it and bring this branch up to date with its base; or take it out of `depends`"
    raise Ended(
        RunState.WAITING, f"the spec {first.spec_path} depends on {first.depends}: {first.reason}{others}", way_out
    )


def state_of(specs: Specs) -> SpecState:
    """What they bring, in one word."""
    if not specs.readings:
        return SpecState.NONE
    if any(reading.blocked for reading in specs.readings):
        return SpecState.BLOCKED
    if specs.unmet:
        return SpecState.HELD
    claims = specs.in_force or any(comparison.gone for comparison in specs.comparisons)
    return SpecState.READY if claims else SpecState.DRAFT


def _specs(
    head: "_Side", base: "_Side", places: Sequence[SpecPlace], config: RepositoryConfig, asked: Set[str]
) -> Specs:
    """What the head says in the places that changed, against what the base said there. A spec that is gone counts only if it was in force."""
    readings: list[Reading] = []
    pairs: list[tuple[Spec | None, Spec | None]] = []
    for place in places:
        reading = _reading(head, place, config)
        before = format_of(place).before(place, reading.spec, base.files(place), config)
        before = None if place.path in asked and reading.spec is not None else before
        if reading.spec is not None or (reading.deleted and before is not None and before.status is Status.READY):
            pairs.append((reading.spec, before))
        elif reading.deleted:
            continue
        readings.append(reading)
    here = [spec for spec, _ in pairs if spec is not None]
    depends = {spec.path: spec.depends for spec in here}
    context = LintContext(frozenset(head.paths.paths), config, depends)
    linted = tuple(replace(reading, findings=lint(reading, context)) for reading in readings)
    named = dict.fromkeys(path for spec in here if spec.status is Status.READY for path in spec.depends)
    merged = {path: base.spec(path, config) for path in named}
    return Specs(linted, compare_all(pairs), unmet(here, merged))


def _reading(head: "_Side", place: SpecPlace, config: RepositoryConfig) -> Reading:
    if not head.has(place):
        return Reading(place.path, None, (), deleted=True)
    return format_of(place).read(place, head.files(place), config)


class _Side:
    """One of the two trees that are compared, its files read when they are wanted."""

    def __init__(self, house: House, repo: RepoRef, tree: TreeSha) -> None:
        self._house, self._repo = house, repo
        self._entries = {entry.path: entry for entry in house.git.entries(repo, tree)}
        self._known: dict[str, bytes] = {}
        self.paths = TreePaths.of(self._entries)

    def has(self, place: SpecPlace) -> bool:
        """Whatever it is: a link in a spec's place is a spec that cannot be read, and not one that was taken away."""
        return place.path in self.paths or bool(self.paths.below(place.path))

    def files(self, place: SpecPlace) -> dict[str, bytes]:
        """What the reader of a spec wants of this tree. Specs of one layout want many of the same files."""
        names = format_of(place).wanted(place, self.paths)
        unknown = [self._entries[name] for name in names if name not in self._known]
        self._known |= self._house.git.contents(self._repo, unknown, limit=LARGEST)
        return {name: self._known[name] for name in names if name in self._known}

    def spec(self, path: str, config: RepositoryConfig) -> Spec | None:
        """The spec that this tree has at `path`, its file or folder; None when there is none that can be read."""
        place = place_of(path, config) or place_of(f"{path}/spec.md", config)
        files = self.files(place) if place is not None else {}
        if place is None or not self.has(place):
            return None
        return format_of(place).read(place, files, config).spec
