"""From what an agent left in its checkout to what is handed in: only the paths that its task may write."""

from bot.agents.outcome import AgentOutcome
from bot.core.plans.model import Task
from bot.core.policy.paths import judge_changes, judge_sizes
from bot.core.ports import Checkout
from bot.core.runs import Run
from bot.core.specs.layouts import is_spec
from bot.ids import AgentKey, TreeSha
from bot.workflows.house import House
from bot.workflows.notes import Facts, Specs, TaskResult, need


def hand_in(
    house: House, run: Run, task: Task, agent: AgentKey, checkout: Checkout, start: TreeSha, outcome: AgentOutcome
) -> TaskResult:
    """The agent's last kept state of the files, against `start`, with which it began. Its objects lie in the mirror.

    The state comes from the journal, so that repeating this gives the very same result.
    """
    snapshot = house.journal.load(agent).snapshot
    if snapshot is None:
        return TaskResult(task.task_id, outcome)
    house.git.restore(checkout, snapshot.tree, snapshot.bundle)
    left = house.git.keep_snapshot(checkout, snapshot.tree)
    tree, dropped = allowed_part(house, run, task, start, left)
    return TaskResult(task.task_id, outcome, None if tree == start else tree, dropped)


def handed_in_again(
    house: House, run: Run, task: Task, agent: AgentKey, start: TreeSha, outcome: AgentOutcome, place: str
) -> TaskResult:
    """As `hand_in`, from the journal alone: the agent's checkout is gone, or was on another machine. `place` names the one that is used: two
    that do this at the same time must not share it."""
    checkout = house.git.checkout(run.repo, start, f"{agent}/{place}")
    try:
        return hand_in(house, run, task, agent, checkout, start, outcome)
    finally:
        house.git.discard(checkout)


def left_by(house: House, run: Run, agent: AgentKey, base: TreeSha) -> TreeSha | None:
    """All files as the agent of another run left them, also what was not its to write; their objects lie in the mirror. `base` is the tree that
    its bundles build on. None when it kept nothing."""
    snapshot = house.journal.load(agent).snapshot
    if snapshot is None:
        return None
    checkout = house.git.checkout(run.repo, base, f"{run.run_id}/{agent}")
    try:
        house.git.restore(checkout, snapshot.tree, snapshot.bundle)
        return house.git.keep_snapshot(checkout, snapshot.tree)
    finally:
        house.git.discard(checkout)


def allowed_part(house: House, run: Run, task: Task, start: TreeSha, left: TreeSha) -> tuple[TreeSha, tuple[str, ...]]:
    """`left` without what the task was not to touch, and one sentence for each path that was put back."""
    facts, specs = need(house, run.run_id, Facts), need(house, run.run_id, Specs)
    before = {entry.path: entry for entry in house.git.entries(run.repo, start)}
    changes = house.git.changed(run.repo, start, left)
    sizes = {entry.path: entry.size for entry in house.git.entries(run.repo, left)}
    faults = judge_changes(
        changes,
        scope=specs.scope,
        protected=facts.config.protected,
        owns=task.owns,
        spec_paths=frozenset(change.path for change in changes if is_spec(change.path, facts.config)),
        tree_paths=frozenset(before),
    ) + judge_sizes({change.path: sizes.get(change.path, 0) for change in changes})
    if not faults:
        return left, ()
    foreign = {fault.path for fault in faults}
    put = {path: before[path] for path in foreign if path in before}
    drop = [path for path in foreign if path not in before]
    return house.git.with_files(run.repo, left, put, drop), tuple(f"{f.path}: {f.reason}" for f in faults)
