"""What one task may write. Told to its agent at once and enforced on the diff at its end, by one and the same judge. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.core.plans.model import Plan, Task
from bot.core.plans.ownership import owns
from bot.core.policy.model import RepositoryConfig
from bot.core.policy.paths import Changed, FaultKind, PathFault, judge_changes
from bot.core.specs.layouts import is_spec

_FILE = "100644"

LOCKED = "It is a locked contract: read it and leave it as it is. While it differs from what was locked, the work counts as tampered with."

_SAYS_IT_ALREADY = (FaultKind.NAME, FaultKind.GIT_FOLDER, FaultKind.SCOPE, FaultKind.SPEC)
"""Kinds of faults beside which it does not matter whose path it is."""


@dataclass(frozen=True, slots=True)
class _Touched:
    """A regular file that was changed, for a question about its path alone."""

    path: str
    old_mode: str = _FILE
    new_mode: str = _FILE


@dataclass(frozen=True, slots=True)
class Territory:
    """`tasks` are those whose paths may be written (for an implementer its own, for the fixer all that have met), `others` the rest of the plan.

    A task that names no path owns all of `scope`; so does a territory without tasks. `scope` are gitignore patterns, empty for everything.
    `also` are exact paths that may be written whatever scope and owners say: those in conflict. `locked` are the contracts' paths: changing
    them is a fault that nobody puts back, because it is judged as tampering. What the repository protects, specs and unsafe
    names are out of bounds always.
    """

    scope: tuple[str, ...]
    config: RepositoryConfig
    tasks: tuple[Task, ...] = ()
    others: tuple[Task, ...] = ()
    also: frozenset[str] = frozenset()
    locked: frozenset[str] = frozenset()

    def why_not(self, path: str) -> str:
        """Why a regular file at `path` may not be written, as sentences; "" when it may."""
        return " ".join(dict.fromkeys(fault.reason for fault in self.judge((_Touched(path),))))

    def judge(self, changes: Sequence[Changed], *, tree_paths: Collection[str] = ()) -> tuple[PathFault, ...]:
        """Every reason against the changes, in their order, as `judge_changes` has them; `tree_paths` are the files before the change.

        A change of a regular file's content is at fault exactly if `why_not` has something against its path, as long as there are not too many.
        """
        specs = frozenset(change.path for change in changes if is_spec(change.path, self.config))
        faults = judge_changes(
            changes, scope=self.scope, protected=self.config.protected, spec_paths=specs, tree_paths=tree_paths
        )
        if any(fault.kind is FaultKind.FILES for fault in faults):
            return faults
        free = self.also | self.locked
        kept = [fault for fault in faults if not (fault.kind is FaultKind.SCOPE and fault.path in free)]
        said = {fault.path for fault in kept if fault.kind in _SAYS_IT_ALREADY}
        foreign = [
            PathFault(FaultKind.OWNER, change.path, self._foreign(change.path))
            for change in changes
            if change.path not in said and change.path not in free and not self._owned(change.path)
        ]
        locked = [PathFault(FaultKind.LOCKED, c.path, LOCKED) for c in changes if c.path in self.locked]
        place = {change.path: number for number, change in enumerate(changes)}
        return tuple(sorted((*kept, *foreign, *locked), key=lambda fault: place[fault.path]))

    def _owned(self, path: str) -> bool:
        return not self.tasks or any(owns(task, path) for task in self.tasks)

    def _foreign(self, path: str) -> str:
        holders = [task.task_id for task in self.others if task.owns and owns(task, path)]
        if holders:
            return f"It belongs to {' and '.join(holders)}."
        return "The task does not own this path, and no other task does."


def territory(
    plan: Plan,
    task: Task,
    scope: tuple[str, ...],
    config: RepositoryConfig,
    locked: frozenset[str] = frozenset(),
) -> Territory:
    """What one task of the plan may write. `locked` are the paths of the run's contracts."""
    others = tuple(other for other in plan.tasks if other.task_id != task.task_id)
    return Territory(scope, config, (task,), others, locked=locked)


def to_put_back(faults: Iterable[PathFault]) -> tuple[PathFault, ...]:
    """The faults whose changes are undone. A contract that was changed stays as the agent left it, so that the proof sees it, unless what lies
    there now could not even be looked at (a link, a submodule)."""
    return tuple(fault for fault in faults if fault.kind is not FaultKind.LOCKED)
