"""Step: read and lint the specs that the pull request adds or edits, and compare them with the base's."""

from enum import StrEnum

from bot.core.ports import ChangeKind
from bot.core.pulls import RepoRef
from bot.core.specs.compare import compare
from bot.core.specs.formats.native import read_native
from bot.core.specs.linter import LintContext, lint
from bot.core.specs.model import Reading, Spec, Status
from bot.core.specs.places import is_spec
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
    changed = [
        change.path
        for change in house.git.changed(run.repo, facts.base_tree, facts.head_tree)
        if change.kind is not ChangeKind.DELETED and is_spec(change.path, facts.config)
    ]
    paths = frozenset(entry.path for entry in house.git.entries(run.repo, facts.head_tree)) if changed else frozenset()
    context = LintContext(tree_paths=paths, config=facts.config)
    readings = tuple(_linted(house, run.repo, facts.head_tree, path, context) for path in changed)
    ready = [r.spec for r in readings if r.spec and r.spec.status is Status.READY]
    comparisons = tuple(compare(spec, _spec_at(house, run.repo, facts.base_tree, spec.path)) for spec in ready)
    keep(house, run_id, Specs(readings, comparisons))
    if not readings:
        return SpecState.NONE
    if any(reading.blocked for reading in readings):
        return SpecState.BLOCKED
    return SpecState.READY if ready else SpecState.DRAFT


def _linted(house: House, repo: RepoRef, tree: TreeSha, path: str, context: LintContext) -> Reading:
    reading = read_native(path, house.git.read(repo, tree, path) or b"")
    return Reading(path, reading.spec, lint(reading, context))


def _spec_at(house: House, repo: RepoRef, tree: TreeSha, path: str) -> Spec | None:
    data = house.git.read(repo, tree, path)
    return read_native(path, data).spec if data is not None else None
