"""Step: read and lint the specs that the pull request adds or edits, and compare them with the base's."""

from dataclasses import replace
from enum import StrEnum

from bot.core.policy.model import RepositoryConfig
from bot.core.ports import ChangeKind
from bot.core.pulls import RepoRef
from bot.core.specs.compare import compare
from bot.core.specs.layouts import SpecPlace, places_of
from bot.core.specs.linter import LintContext, lint
from bot.core.specs.model import Reading, Spec, Status
from bot.core.specs.read import format_of
from bot.core.specs.tree import TreePaths
from bot.ids import RunId, TreeSha
from bot.workflows.admission import live_run
from bot.workflows.house import House, in_thread
from bot.workflows.notes import Facts, Specs, keep, need


class SpecState(StrEnum):
    """What the pull request brings."""

    NONE = "none"
    BLOCKED = "blocked"
    DRAFT = "draft"
    READY = "ready"


async def read_specs(house: House, run_id: RunId) -> str:
    """A `SpecState`; stores `Specs`."""
    return await in_thread(lambda: _read(house, run_id))


def _read(house: House, run_id: RunId) -> SpecState:
    run, facts = live_run(house, run_id), need(house, run_id, Facts)
    changes = house.git.changed(run.repo, facts.base_tree, facts.head_tree)
    places = places_of((c.path for c in changes if c.kind is not ChangeKind.DELETED), facts.config)
    if not places:
        keep(house, run_id, Specs(()))
        return SpecState.NONE
    head, base = _Side(house, run.repo, facts.head_tree), _Side(house, run.repo, facts.base_tree)
    context = LintContext(tree_paths=frozenset(head.paths.paths), config=facts.config)
    readings = tuple(_linted(head, place, context) for place in places)
    pairs = [(place, r.spec) for place, r in zip(places, readings, strict=True) if r.spec]
    ready = [(place, spec) for place, spec in pairs if spec.status is Status.READY]
    comparisons = tuple(compare(spec, _before(base, place, spec, facts.config)) for place, spec in ready)
    keep(house, run_id, Specs(readings, comparisons))
    if not readings:
        return SpecState.NONE
    if any(reading.blocked for reading in readings):
        return SpecState.BLOCKED
    return SpecState.READY if ready else SpecState.DRAFT


class _Side:
    """One of the two trees that are compared, its files read when they are wanted."""

    def __init__(self, house: House, repo: RepoRef, tree: TreeSha) -> None:
        self._house, self._repo, self._tree = house, repo, tree
        self.paths = TreePaths.of(entry.path for entry in house.git.entries(repo, tree))

    def files(self, place: SpecPlace) -> dict[str, bytes]:
        """What the reader of a spec wants of this tree."""
        names = format_of(place).wanted(place, self.paths)
        return {
            name: data for name in names if (data := self._house.git.read(self._repo, self._tree, name)) is not None
        }


def _linted(head: _Side, place: SpecPlace, context: LintContext) -> Reading:
    reading = format_of(place).read(place, head.files(place), context.config)
    return replace(reading, findings=lint(reading, context))


def _before(base: _Side, place: SpecPlace, head: Spec | None, config: RepositoryConfig) -> Spec | None:
    return format_of(place).before(place, head, base.files(place), config)
