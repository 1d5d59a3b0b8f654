"""The task workflow: one implementer on one task, and the commit that its work becomes."""

from bot.agents.loop import work
from bot.agents.outcome import AgentOutcome
from bot.agents.roles.implementer import (
    NAME,
    ImplementerBriefing,
    implementer,
    implementer_opening,
    repair_message,
)
from bot.agents.roles.role import Beginning, Continuation
from bot.agents.roles.task_text import AGENTS_MD
from bot.core.plans.model import Plan, Task
from bot.core.plans.territory import territory
from bot.core.proofs.model import Verification
from bot.core.proofs.trusted import RUNNER, TESTS
from bot.core.runs import Run, Stage
from bot.ids import AgentKey, RunId, agent_key
from bot.workflows.admission import live_run
from bot.workflows.candidate import make_candidate
from bot.workflows.desks import desk_for, means_for
from bot.workflows.environment import prepared
from bot.workflows.house import House, in_thread
from bot.workflows.notes import Facts, Specs, find, keep, need

REPAIRS = 1
"""How often failing proofs go back to the agent; a second repair rarely mends what the first could not, and costs the same."""


async def implement(house: House, run_id: RunId, attempt: int) -> str:
    """Let the plan's one task be worked on (`attempt` 1) or repaired (from 2 on); the agent's status as a word.

    Stores `AgentOutcome` and, when files were changed, `Work`. Repeating it after a crash goes on where the agent's journal stands.
    """
    run = await in_thread(lambda: live_run(house, run_id))
    stage = Stage.IMPLEMENT if attempt == 1 else Stage.REPAIR
    await in_thread(lambda: house.store.update_run(run_id, stage=stage))
    plan, facts = await in_thread(lambda: (need(house, run_id, Plan), need(house, run_id, Facts)))
    task = plan.tasks[0]
    means = await in_thread(lambda: means_for(house, run, house.implementer_model))
    key = implementer_key(run_id, task, attempt)
    beginning = await _beginning(house, run, task, attempt)
    specs = await in_thread(lambda: need(house, run_id, Specs))
    land = territory(plan, task, specs.scope, facts.config)
    async with desk_for(house, run, key, facts.head_tree, land) as desk:
        outcome = await work(key, implementer(), beginning, desk, means)
        await in_thread(lambda: keep(house, run_id, outcome))
        await in_thread(lambda: make_candidate(house, run, key, desk.checkout, outcome))
    return outcome.status.value


def implementer_key(run_id: RunId, task: Task, attempt: int) -> AgentKey:
    return agent_key(run_id, NAME, task.task_id, attempt)


async def _beginning(house: House, run: Run, task: Task, attempt: int) -> Beginning:
    """A first attempt begins a conversation; a repair goes on in it, with what did not hold."""
    if attempt > 1:
        earlier = implementer_key(run.run_id, task, attempt - 1)
        verification = await in_thread(lambda: need(house, run.run_id, Verification))
        return Continuation(earlier, repair_message(verification))
    facts, specs = await in_thread(lambda: (need(house, run.run_id, Facts), need(house, run.run_id, Specs)))
    environment = await prepared(house, run, facts)
    return await in_thread(
        lambda: implementer_opening(_briefing(house, run, task, facts, specs, environment.description))
    )


def _briefing(house: House, run: Run, task: Task, facts: Facts, specs: Specs, environment: str) -> ImplementerBriefing:
    in_force = specs.in_force
    return ImplementerBriefing(
        specs=in_force,
        criteria=tuple(c for spec in in_force for c in spec.criteria if c.name in task.proves or c.commands),
        task=task,
        scope=specs.scope,
        protected=facts.config.protected,
        trusted=(*TESTS[:4], *RUNNER[:6], *facts.config.trusted),
        paths=tuple(entry.path for entry in house.git.entries(run.repo, facts.head_tree)),
        environment=environment,
        agents_md=house.git.read(run.repo, facts.base_tree, AGENTS_MD),
    )


def last_outcome(house: House, run_id: RunId) -> AgentOutcome | None:
    """How the run's newest implementer ended."""
    return find(house, run_id, AgentOutcome)
