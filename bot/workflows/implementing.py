"""The task workflow: one implementer on one task of the plan, and what it hands in."""

from dataclasses import replace

from bot.agents.loop import work
from bot.agents.outcome import OUTCOME, AgentOutcome, AgentStatus
from bot.agents.roles.implementer import (
    ImplementerBriefing,
    fresh_start,
    implementer,
    implementer_opening,
    repair_message,
)
from bot.agents.roles.responder import ResponderBriefing, responder, responder_opening
from bot.agents.roles.role import Beginning, Continuation, Opening
from bot.core.ci import CiRepair
from bot.core.feedback.model import Feedback
from bot.core.feedback.work import REVIEW
from bot.core.plans.model import Plan, Task
from bot.core.plans.progress import Progress
from bot.core.plans.repair import own_part
from bot.core.proofs.contracts import contracted
from bot.core.proofs.model import Verification
from bot.core.proofs.trusted import RUNNER, TESTS
from bot.core.runs import Run
from bot.errors import Defect
from bot.ids import AgentKey, RunId, TaskId, TreeSha
from bot.workflows.candidate import hand_in, territory_of
from bot.workflows.desks import desk_for, means_for
from bot.workflows.environment import for_agents
from bot.workflows.here import live_here
from bot.workflows.house import House, in_thread
from bot.workflows.locks import contracts_of, with_locked
from bot.workflows.notes import Facts, Specs, TaskResult, find, keep, need, result_name
from bot.workflows.reuse import remember, taken_over
from bot.workflows.task_agents import task_agent
from bot.workflows.ways import ways_for

CONTINUES = 2
"""The attempt that goes on in the first agent's conversation; later ones start with a clean context."""


async def implement(house: House, run_id: RunId, task_id: TaskId, attempt: int, segment: int) -> str:
    """Let one task be worked on, by an implementer or, where it is to answer people, by a responder; the agent's status as a word.

    Stores `TaskResult` and `AgentOutcome`. Repeating it after a crash goes on where the agent's journal stands.
    """
    run = await in_thread(lambda: live_here(house, run_id))
    plan = await in_thread(lambda: need(house, run_id, Plan))
    task = plan.task(task_id)
    began = await in_thread(lambda: _start(house, run, task_id))
    start = await in_thread(lambda: with_locked(house, run, began, contracts_of(house, run_id)))
    role = responder() if task_id == REVIEW else implementer()
    if attempt == 1 and task_id != REVIEW:
        known = await in_thread(lambda: taken_over(house, run, task, start))
        if known is not None:
            await _hand_over(house, run_id, known, attempt, segment)
            return "taken over"
    means = await in_thread(lambda: means_for(house, run, role.name))
    key = task_agent(run_id, task_id, attempt)
    beginning = await _beginning(house, run, plan, task, attempt, start)
    land = await in_thread(lambda: territory_of(house, run_id, task))
    async with desk_for(house, run, key, start, land) as desk:
        outcome = await work(key, role, beginning, desk, means)
        await in_thread(lambda: keep(house, run_id, outcome))
        result = await in_thread(lambda: hand_in(house, run, task, key, desk.checkout, start, outcome))
        if (
            result.tree is None and start != began
        ):  # what an earlier agent did to a contract is undone, and that is a change
            result = replace(result, tree=start)
        if attempt == 1 and task_id != REVIEW:
            await in_thread(lambda: remember(house, run, task, start, result))
        await _hand_over(house, run_id, result, attempt, segment)
    return outcome.status.value


async def give_up(house: House, run_id: RunId, task_id: TaskId, attempt: int, segment: int, ended: str) -> str:
    """Something that no agent answers for has ended the task: the run hears of it."""
    await _hand_over(house, run_id, TaskResult(task_id, None, ended=ended), attempt, segment)
    return "given up"


async def _hand_over(house: House, run_id: RunId, result: TaskResult, attempt: int, segment: int) -> None:
    """Store the result and wake the run, which waits for it."""
    await in_thread(lambda: keep(house, run_id, result, result_name(result.task_id, attempt, segment)))
    house.bells.ring(run_id)


def _start(house: House, run: Run, task_id: TaskId) -> TreeSha:
    """The files that the task begins with: the candidate as it was when it was started."""
    at = need(house, run.run_id, Progress).of(task_id)
    if at.start is None:
        raise Defect(f"task {task_id} of {run.run_id} was never started", hint="report this")
    return house.git.tree(run.repo, at.start)


async def _beginning(house: House, run: Run, plan: Plan, task: Task, attempt: int, start: TreeSha) -> Beginning:
    """A first agent is told its task. The second goes on in that conversation with what did not hold, if there is one worth going on with;
    any other gets a clean context and hears what was tried."""
    earlier, before, merged = await in_thread(lambda: _earlier(house, run, task, attempt))
    verification = await in_thread(lambda: find(house, run.run_id, Verification))
    if attempt > 1 and verification is not None:
        own = own_part(task, plan, verification)
        if attempt == CONTINUES and merged and before is not None and before.status is AgentStatus.FINISHED:
            return Continuation(earlier, repair_message(own, team=plan.is_team), own_files=True)
        opening = await _opening(house, run, task, start)
        return fresh_start(opening, own, before.summary if before else "", merged=merged)
    return await _opening(house, run, task, start)


async def _opening(house: House, run: Run, task: Task, start: TreeSha) -> Opening:
    briefing = await _briefing(house, run, task, start)
    if task.task_id != REVIEW:
        return implementer_opening(briefing)
    return responder_opening(await in_thread(lambda: _with_feedback(house, run, briefing, start)))


def _with_feedback(house: House, run: Run, briefing: ImplementerBriefing, start: TreeSha) -> ResponderBriefing:
    return ResponderBriefing(
        briefing,
        diff=house.git.diff(run.repo, need(house, run.run_id, Facts).base_tree, start),
        verification=find(house, run.run_id, Verification),
        feedback=need(house, run.run_id, Feedback),
    )


def _earlier(house: House, run: Run, task: Task, attempt: int) -> tuple[AgentKey, AgentOutcome | None, bool]:
    """The agent before this one, how it ended (None when there was none, or none that came to an end), and whether its work is in the candidate."""
    key = task_agent(run.run_id, task.task_id, attempt - 1)
    finished = house.journal.load(key).finished if attempt > 1 else ""
    at = need(house, run.run_id, Progress).of(task.task_id)
    return key, OUTCOME.decode(finished) if finished else None, at.commit is not None


async def _briefing(house: House, run: Run, task: Task, start: TreeSha) -> ImplementerBriefing:
    facts, specs = await in_thread(lambda: (need(house, run.run_id, Facts), need(house, run.run_id, Specs)))
    environment = await for_agents(house, run, facts)
    return await in_thread(lambda: _briefed(house, run, task, start, facts, specs, environment.description))


def _briefed(
    house: House, run: Run, task: Task, start: TreeSha, facts: Facts, specs: Specs, environment: str
) -> ImplementerBriefing:
    in_force, plan = specs.in_force, need(house, run.run_id, Plan)
    locked, repair = contracts_of(house, run.run_id), find(house, run.run_id, CiRepair)
    criteria = contracted((c for spec in in_force for c in spec.criteria), locked)
    return ImplementerBriefing(
        specs=in_force,
        criteria=tuple(c for c in criteria if c.name in task.proves or (c.commands and not plan.is_team)),
        task=task,
        scope=specs.scope,
        protected=facts.config.protected,
        trusted=(*TESTS[:4], *RUNNER[:6], *facts.config.trusted),
        paths=tuple(entry.path for entry in house.git.entries(run.repo, facts.head_tree)),
        environment=environment,
        ways=ways_for(house, run, facts, task.owns or specs.scope),
        plan=plan,
        contracts=tuple(one.path for one in locked),
        ci=repair.failures if repair is not None else (),
    )


def last_outcome(house: House, run_id: RunId) -> AgentOutcome | None:
    """How the run's newest implementer ended."""
    return find(house, run_id, AgentOutcome)
