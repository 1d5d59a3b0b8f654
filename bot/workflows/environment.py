"""The environment of a run's boxes, from the configuration and the base tree's manifests. Nothing that a pull request brings decides it, except
that a candidate is proven in one of its own when a person has approved its manifests."""

import json
from datetime import datetime

from bot.core.environments.approval import EnvironmentApproval, approval_record, approved_inputs, inputs_digest
from bot.core.environments.kinds import changed_inputs
from bot.core.ports import Environment
from bot.core.pulls import Person
from bot.core.runs import Run
from bot.ids import Sha, TreeSha
from bot.reporting.happenings import ENVIRONMENT
from bot.workflows.house import House, in_thread
from bot.workflows.notes import Facts, Manifests, Work, find, keep

MANIFEST_NAMES = ("pyproject.toml", "setup.cfg", "pytest.ini", "tox.ini")
"""Files that say what a Python project needs, besides `requirements*.txt`; looked for at the root."""

MANIFEST_BYTES = 256 * 1024
"""Of each; larger ones are no manifests."""


async def prepared(house: House, run: Run, facts: Facts, approved: TreeSha | None = None) -> Environment:
    """The environment of the base, made now or found again by its content; with `approved`, the one of that tree, whose changed manifests and
    lock files (`changed_inputs_of`) a person has approved. Raises `EnvironmentFault`."""
    tree = approved or facts.base_tree
    files = await in_thread(lambda: _manifests(house, run, tree))
    return await house.environments.prepare(run.repo, facts.config.environment, files, tree)


def changed_inputs_of(house: House, run: Run, facts: Facts, tree: TreeSha) -> tuple[str, ...]:
    """The manifests and lock files in which a tree differs from the base: until a person approves them, its environment is the base's."""
    changed = tuple(change.path for change in house.git.changed(run.repo, facts.base_tree, tree))
    return changed_inputs(changed, facts.config.environment.lock)


async def own_environment(house: House, run: Run, facts: Facts, tree: TreeSha) -> Environment | None:
    """The environment of a tree that changes manifests or lock files, once a person has approved what they say now. Else None: it is proven in
    the base's, which the run's log says, and its report how to change that. Raises `EnvironmentFault`."""
    changed = await in_thread(lambda: changed_inputs_of(house, run, facts, tree))
    approved = bool(changed) and await in_thread(lambda: _approved(house, run, facts, tree))
    await in_thread(lambda: _tell(house, run, facts, tree, () if approved else changed))
    return await prepared(house, run, facts, tree) if approved else None


async def for_agents(house: House, run: Run, facts: Facts) -> Environment:
    """What agents work in: the base's environment, or that of the head when its manifests were approved. Raises `EnvironmentFault`."""
    changed = await in_thread(lambda: changed_inputs_of(house, run, facts, facts.head_tree))
    approved = bool(changed) and await in_thread(lambda: _approved(house, run, facts, facts.head_tree))
    return await prepared(house, run, facts, facts.head_tree if approved else None)


def approve_environment(
    house: House, run: Run, facts: Facts, commit: Sha, by: Person, at: datetime, key: str
) -> tuple[str, ...]:
    """Record a person's word for the manifests and lock files of a commit, the run's head or its candidate, under a `key` of the command's own; which
    of them differ from the base, () when none does and nothing was recorded. The next verification of a tree with just these has an
    environment of its own."""
    tree = house.git.tree(run.repo, commit)
    changed = changed_inputs_of(house, run, facts, tree)
    if changed:
        inputs = inputs_digest(house.git.entries(run.repo, tree), facts.config.environment.lock)
        said = approval_record(EnvironmentApproval(inputs, commit, by, at))
        house.store.append_ledger(run.repo.repo_id, run.number, f"environment/{key}", said)
    return changed


def _tell(house: House, run: Run, facts: Facts, tree: TreeSha, waiting: tuple[str, ...]) -> None:
    if waiting:
        house.store.emit(run.run_id, ENVIRONMENT, json.dumps({"changed": waiting}))
    if waiting or find(house, run.run_id, Manifests) is not None:
        commit = _commit_of(house, run, facts, tree) if waiting else None
        keep(house, run.run_id, Manifests(waiting, commit))


def _commit_of(house: House, run: Run, facts: Facts, tree: TreeSha) -> Sha:
    """The commit under which a person can look at the tree and name it."""
    work = find(house, run.run_id, Work)
    return work.commit if work is not None and work.tree == tree else facts.head


def _approved(house: House, run: Run, facts: Facts, tree: TreeSha) -> bool:
    approved = approved_inputs(house.store.ledger(run.repo.repo_id, run.number))
    if not approved:
        return False
    return inputs_digest(house.git.entries(run.repo, tree), facts.config.environment.lock) in approved


def _manifests(house: House, run: Run, tree: TreeSha) -> dict[str, bytes]:
    """The manifests' contents, and every other path of the tree with nothing in it: places tell a project's layout."""
    files: dict[str, bytes] = {}
    for entry in house.git.entries(run.repo, tree):
        wanted = _is_manifest(entry.path) and entry.size <= MANIFEST_BYTES
        data = house.git.read(run.repo, tree, entry.path) if wanted else b""
        files[entry.path] = data or b""
    return files


def _is_manifest(path: str) -> bool:
    return path in MANIFEST_NAMES or (path.startswith("requirements") and path.endswith(".txt"))
