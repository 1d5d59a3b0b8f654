"""From what an agent left in its checkout to what is handed in: only the paths that its task may write."""

from bot.agents.outcome import AgentOutcome
from bot.core.plans.model import Plan, Task
from bot.core.plans.territory import Territory, territory
from bot.core.ports import Checkout
from bot.core.runs import Run
from bot.ids import AgentKey, RunId, TreeSha
from bot.workflows.bounds import allowed_part
from bot.workflows.house import House
from bot.workflows.locks import contracts_of
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
    if house.git.snapshot(checkout) != snapshot.tree:
        house.git.restore(checkout, snapshot.tree, snapshot.bundle)
    left = house.git.keep_snapshot(checkout, snapshot.tree)
    tree, dropped = allowed_part(house, run.repo, territory_of(house, run.run_id, task), start, left)
    return TaskResult(task.task_id, outcome, None if tree == start else tree, dropped)


def territory_of(house: House, run_id: RunId, task: Task) -> Territory:
    """What a task of the run's plan may write."""
    facts, specs, plan = need(house, run_id, Facts), need(house, run_id, Specs), need(house, run_id, Plan)
    locked = frozenset(one.path for one in contracts_of(house, run_id))
    return territory(plan, task, specs.scope, facts.config, locked)


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
