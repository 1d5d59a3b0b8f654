"""A conflict between a task's work and what was merged before it, given to the one fixer; called where results are put together, so one at a time.

The fixer works on the merged tree, with its marks. What it hands in is cut down to what it may write, and refused while a mark is left; whether
it is right, the proofs on the merged tree say.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import count

from bot.agents.loop import work
from bot.agents.outcome import AgentOutcome, AgentStatus
from bot.agents.roles.fixer import NAME, FixerBriefing, fixer, fixer_opening
from bot.core.plans.leftovers import leftovers
from bot.core.plans.model import Plan, Task
from bot.core.plans.ownership import owns
from bot.core.plans.territory import Territory
from bot.core.ports import Checkout, Merged
from bot.core.proofs.contracts import contracted
from bot.core.runs import Run
from bot.errors import Defect
from bot.ids import AgentKey, TaskId, TreeSha, agent_key
from bot.reporting.conflicts import gave_up, unresolved
from bot.workflows.bounds import allowed_part
from bot.workflows.desks import desk_for, means_for
from bot.workflows.environment import for_agents
from bot.workflows.house import House, in_thread
from bot.workflows.locks import contracts_of
from bot.workflows.notes import Facts, Specs, need
from bot.workflows.ways import ways_for

LARGEST_FILE = 100 << 20
"""Bytes of one file that is searched for marks: no larger one can be pushed to GitHub."""


@dataclass(frozen=True, slots=True)
class Collision:
    """A task's work (`theirs`) that does not go together with the candidate so far (`ours`); both were made from `base`, `merged` is what git
    made of them. `before` are the tasks whose work came into the candidate since `base`, `summaries` what their agents and the task's said."""

    task: Task
    before: tuple[Task, ...]
    base: TreeSha
    ours: TreeSha
    theirs: TreeSha
    merged: Merged
    summaries: Mapping[TaskId, str] = field(default_factory=dict)

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(path for path, _ in self.merged.conflicts)

    @property
    def met(self) -> tuple[Task, ...]:
        """Those of `before` that own a path in conflict; all of them when none does."""
        return tuple(t for t in self.before if any(owns(t, path) for path in self.paths)) or self.before


@dataclass(frozen=True, slots=True)
class Fixed:
    """The resolved tree, with a sentence for each path of the fixer's that was put back; or None and the `reason`. `summary` is the fixer's own
    words (untrusted)."""

    tree: TreeSha | None
    reason: str = ""
    summary: str = ""
    dropped: tuple[str, ...] = ()


async def fix(house: House, run: Run, collision: Collision, attempt: int = 1) -> Fixed:
    """Let the fixer resolve the collision. Repeating it after a crash goes on where its journal stands, and after its end costs no call.

    `attempt` is the task's; a fixer of the same task and attempt that worked on another conflict is left alone, and the next number is taken.
    """
    facts, specs, plan = await in_thread(
        lambda: (need(house, run.run_id, Facts), need(house, run.run_id, Specs), need(house, run.run_id, Plan))
    )
    environment = await for_agents(house, run, facts)
    opening = fixer_opening(await in_thread(lambda: _briefing(house, run, collision, environment.description)))
    locked = await in_thread(lambda: contracts_of(house, run.run_id))
    land = replace(_land(plan, facts, specs, collision), locked=frozenset(one.path for one in locked))
    key = await in_thread(lambda: _key(house, run, collision, attempt))
    means = await in_thread(lambda: means_for(house, run, NAME))
    async with desk_for(house, run, key, collision.merged.tree, land) as desk:
        outcome = await work(key, fixer(), opening, desk, means)
        if outcome.status is not AgentStatus.FINISHED:
            why = outcome.reason or outcome.summary
            return Fixed(None, gave_up(collision.task.task_id, collision.paths, outcome.status.value, why))
        return await in_thread(lambda: _resolved(house, run, key, desk.checkout, collision, land, outcome))


def _land(plan: Plan, facts: Facts, specs: Specs, collision: Collision) -> Territory:
    """What both sides own, and the files in conflict."""
    tasks = (collision.task, *collision.met)
    names = {task.task_id for task in tasks}
    others = tuple(task for task in plan.tasks if task.task_id not in names)
    return Territory(specs.scope, facts.config, tasks, others, frozenset(collision.paths))


def _key(house: House, run: Run, collision: Collision, attempt: int) -> AgentKey:
    """The first key from `attempt` on that is free or this very conflict's: its opening names the tree that the merge made."""
    for number in count(attempt):
        key = agent_key(run.run_id, NAME, collision.task.task_id, number)
        said = house.journal.load(key).messages
        if not said or any(collision.merged.tree in message.text for message in said[:2]):
            return key
    raise Defect("counting ended")


def _briefing(house: House, run: Run, collision: Collision, environment: str) -> FixerBriefing:
    facts, specs = need(house, run.run_id, Facts), need(house, run.run_id, Specs)
    in_force = specs.in_force
    proves = {name for task in (collision.task, *collision.met) for name in task.proves}
    return FixerBriefing(
        specs=in_force,
        criteria=contracted(
            (c for spec in in_force for c in spec.criteria if c.name in proves), contracts_of(house, run.run_id)
        ),
        ours=collision.met,
        theirs=collision.task,
        merged=collision.merged,
        ours_diff=house.git.diff(run.repo, collision.base, collision.ours),
        theirs_diff=house.git.diff(run.repo, collision.base, collision.theirs),
        protected=facts.config.protected,
        environment=environment,
        summaries=collision.summaries,
        agents_md=ways_for(house, run, facts, specs.scope).root,
    )


def _resolved(
    house: House,
    run: Run,
    key: AgentKey,
    checkout: Checkout,
    collision: Collision,
    land: Territory,
    outcome: AgentOutcome,
) -> Fixed:
    """What the fixer left, as far as it may stand and nothing of the conflict is in it. Read from the journal, so that repeating it is safe."""
    merged = collision.merged.tree
    snapshot = house.journal.load(key).snapshot
    if snapshot is None:
        raise Defect(f"{key} has ended and left no files", hint="report this")
    house.git.restore(checkout, snapshot.tree, snapshot.bundle)
    left = house.git.keep_snapshot(checkout, snapshot.tree)
    tree, dropped = allowed_part(house, run.repo, land, merged, left)
    remains = _remains(house, run, collision, tree)
    if remains:
        return Fixed(None, unresolved(collision.task.task_id, collision.paths, remains), outcome.summary, dropped)
    return Fixed(tree, "", outcome.summary, dropped)


def _remains(house: House, run: Run, collision: Collision, tree: TreeSha) -> tuple[tuple[str, str], ...]:
    """What of the conflict is still in the tree."""
    git, merged = house.git, collision.merged.tree
    conflicts = frozenset(collision.paths)
    changed = {change.path for change in git.changed(run.repo, merged, tree)}
    before = [entry for entry in git.entries(run.repo, merged) if entry.path in conflicts]
    after = [entry for entry in git.entries(run.repo, tree) if entry.path in conflicts | changed]
    marked = git.contents(run.repo, before, limit=LARGEST_FILE)
    links = {entry.path: b"" for entry in after}
    return leftovers(conflicts, marked, {**links, **git.contents(run.repo, after, limit=LARGEST_FILE)})
