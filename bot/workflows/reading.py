"""Step: read and lint the specs that the pull request adds, edits or takes away, and compare them with the base's."""

from collections.abc import Sequence, Set
from dataclasses import replace
from enum import StrEnum

from bot.core.orchestration.notes import Ordered, branch_id
from bot.core.policy.model import RepositoryConfig
from bot.core.pulls import RepoRef
from bot.core.runs import Run, RunState
from bot.core.specs.compare import compare_all, proven_anew
from bot.core.specs.dependencies import unmet
from bot.core.specs.layouts import SpecPlace, places_of
from bot.core.specs.linter import LintContext, lint
from bot.core.specs.model import Reading, Spec, Status
from bot.core.specs.read import format_of
from bot.ids import RunId
from bot.workflows.admission import CONFIGURATION_PATH
from bot.workflows.here import live_here
from bot.workflows.house import House, in_thread
from bot.workflows.notes import Facts, Specs, find, keep, need
from bot.workflows.reconfigured import with_reconfigured
from bot.workflows.sides import Side
from bot.workflows.steps import Ended


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
    specs = replace(specs, moved=_moved(house, run.repo, facts, specs))
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
    paths = {change.path for change in house.git.changed(repo, facts.base_tree, facts.head_tree)}
    places = places_of((*paths, *asked), facts.config)
    if not places and CONFIGURATION_PATH not in paths:
        return Specs(())
    head, base = Side(house, repo, facts.head_tree), Side(house, repo, facts.base_tree)
    specs = _specs(head, base, places, facts.config, frozenset(asked))
    return with_reconfigured(specs, head, base, facts.config) if CONFIGURATION_PATH in paths else specs


def _moved(house: House, repo: RepoRef, facts: Facts, specs: Specs) -> tuple[str, ...]:
    """The changed specs that the base branch has otherwise by now: what is compared is not what a merge would meet."""
    if not specs.readings or facts.base_head in (None, facts.base):
        return ()
    there = house.git.tree(repo, facts.base_head)
    paths = (change.path for change in house.git.changed(repo, facts.base_tree, there))
    told = {reading.path for reading in specs.readings}
    return tuple(place.path for place in places_of(paths, facts.config) if place.path in told)


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


def _specs(head: Side, base: Side, places: Sequence[SpecPlace], config: RepositoryConfig, asked: Set[str]) -> Specs:
    """What the head says in the places that changed, against what the base said there. A spec that is gone counts only if it was in force."""
    readings: list[Reading] = []
    pairs: list[tuple[Spec | None, Spec | None]] = []
    for place in places:
        reading = head.reading(place, config)
        before = format_of(place).before(place, reading.spec, base.files(place), config)
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
    out = [reading.path for reading in readings if reading.deleted]
    compared = (proven_anew(one) if one.spec_path in asked else one for one in compare_all(pairs))
    return Specs(linted, tuple(compared), unmet(here, merged, out))
