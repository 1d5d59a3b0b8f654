"""The rounds of a run: start what may start, take in what was handed in, prove it, and let it be mended.

Two kinds of steps take turns. *Schedule* never waits: it marks what is to start, and repeated after a crash it names the same tasks again.
*Integrate* waits until an agent has ended, and merges. Which task ended first is recorded by the step, so the order is the same when replayed.
"""

import json
from itertools import count

from bot.core.feedback.work import is_answering
from bot.core.plans.model import Plan
from bot.core.plans.progress import Progress, TaskState, first_round, next_round, taken_up
from bot.core.plans.repair import ROUNDS, repair_of
from bot.core.plans.schedule import schedule
from bot.core.proofs.model import Verification
from bot.core.runs import Run, Stage
from bot.errors import SpecbotError
from bot.ids import RunId
from bot.workflows.admission import live_run
from bot.workflows.engine import AGENTS, Engine
from bot.workflows.house import House, in_thread, log
from bot.workflows.integrating import integrate, tell_task
from bot.workflows.lifecycle import TASK
from bot.workflows.locks import start_of
from bot.workflows.notes import Facts, TaskResult, Work, find, keep, need, result_name
from bot.workflows.posting import progress
from bot.workflows.proving import Proof, prove_candidate
from bot.workflows.reuse import forget_what_failed
from bot.workflows.reviewing import REVIEWS, reviewed
from bot.workflows.steps import Ended, step, unpack
from bot.workflows.unmended import without_the_repair

LOOK_SECONDS = 0.5
"""How often a waiting run looks whether one of its agents has ended in another process; of this process's it hears at once. A look costs some
milliseconds, and sixty runs may be waiting."""


async def work_off(house: House, engine: Engine, run_id: RunId) -> str:
    """All rounds, with a review of what is proven; the last proof. What the first review shows goes back to be mended, once; where that
    cannot be done, what is proven stands as it is. Raises `Ended` when a task met something that ends the run."""
    first = int(await step(house, run_id, "take up the plan", take_up))
    proof, reviews = "", 0
    for number in range(first, ROUNDS + 1):
        try:
            await _one_round(house, engine, run_id, number)
        except Ended as end:
            if not reviews:
                raise
            await without_the_repair(house, run_id, number, end)
            break
        proof = await step(house, run_id, f"prove the candidate {number}", prove)
        if proof in (Proof.DONE, Proof.PERSON):
            reviews += 1
            proof = await reviewed(house, run_id, proof, reviews)
            if reviews == REVIEWS:
                break
        if proof != Proof.FAILED or number == ROUNDS:
            break
        if await step(house, run_id, f"plan the repair {number}", plan_repair) == "none":
            break
    return proof


async def _one_round(house: House, engine: Engine, run_id: RunId, number: int) -> None:
    for turn in count(1):
        word = json.loads(await step(house, run_id, f"schedule {number}.{turn}", start_tasks))
        for task_id, attempt, segment in word["start"]:
            name = result_name(task_id, attempt, segment)
            await engine.start_child(
                AGENTS, TASK, f"{run_id}/{TASK}/{name}", run_id, task_id, str(attempt), str(segment)
            )
        if word["over"]:
            break
        if word["news"]:
            await step(house, run_id, f"show {number}.{turn}", show)
        await step(house, run_id, f"integrate {number}.{turn}", take_in_news)
    if word["halted"]:
        unpack(json.loads(word["halted"]))


async def prove(house: House, run_id: RunId) -> str:
    """The candidate's proof; what it shows not to hold is not taken over by later runs."""
    if await in_thread(lambda: _nothing_to_prove(house, run_id)):
        return Proof.UNCHANGED
    proof = await prove_candidate(house, run_id)
    await in_thread(lambda: forget_what_failed(house, run_id))
    return proof


def _nothing_to_prove(house: House, run_id: RunId) -> bool:
    """Who answers people need not change anything."""
    return find(house, run_id, Work) is None and is_answering(need(house, run_id, Plan))


async def take_up(house: House, run_id: RunId) -> str:
    """The round to begin with; stores `Progress`. In a later segment the run goes on where it stood, and nothing is in flight."""
    return await in_thread(lambda: _take_up(house, run_id))


def _take_up(house: House, run_id: RunId) -> str:
    live_run(house, run_id)
    known = find(house, run_id, Progress)
    if known is None:
        known = first_round(need(house, run_id, Plan), *start_of(house, run_id))
    keep(house, run_id, taken_up(known))
    return str(known.round)


async def start_tasks(house: House, run_id: RunId) -> str:
    """JSON: `start`, every task that is or is to be in flight as [id, attempt, segment]; `over`; `halted`, how the run has to end, or "";
    `news`: whether there is something to show."""
    return await in_thread(lambda: _start_tasks(house, run_id))


async def show(house: House, run_id: RunId) -> str:
    """The sticky comment shows who works at what. That it cannot be written now must not keep anybody from working."""
    try:
        return await progress(house, run_id)
    except SpecbotError as fault:
        log.warning("progress not shown", run=run_id, reason=fault.message)
        return "not shown"


def _start_tasks(house: House, run_id: RunId) -> str:
    run = live_run(house, run_id)
    facts, plan, now = need(house, run_id, Facts), need(house, run_id, Plan), need(house, run_id, Progress)
    house.store.update_run(run_id, stage=Stage.IMPLEMENT if now.round == 1 else Stage.REPAIR)
    planned = schedule(plan, now, facts.config.at_once)
    moved = [task_id for task_id, _ in planned.hold]
    for task_id, reason in planned.hold:
        now = now.with_task(task_id, state=TaskState.HELD, reason=reason)
    for task_id in () if now.halted else planned.start:
        now = now.with_task(task_id, state=TaskState.WORKING, start=now.of(task_id).start or now.head)
        moved.append(task_id)
    keep(house, run_id, now)
    for task_id in moved:
        tell_task(house, run, now, task_id)
    flying = [task for task in now.tasks if task.state is TaskState.WORKING]
    word = {
        "start": [[task.task_id, task.attempt, run.segment] for task in flying],
        "over": not flying and (planned.over or bool(now.halted)),
        "halted": now.halted,
        "news": plan.is_team and bool(planned.start or planned.hold),
    }
    return json.dumps(word)


async def take_in_news(house: House, run_id: RunId) -> str:
    """Wait until an agent has ended; merge what has been handed in. How many tasks, as a word."""
    with house.bells.listening(run_id) as bell:
        while True:
            run, results = await in_thread(lambda: _news(house, run_id))
            for result in results:
                await integrate(house, run, result)
            go_on = await in_thread(lambda: _nothing_to_wait_for(house, run_id))
            if results or go_on:
                return str(len(results))
            await bell.heard(LOOK_SECONDS)


def _nothing_to_wait_for(house: House, run_id: RunId) -> bool:
    """Repeated after a crash, the step may have merged already what lets others start, or what was the last."""
    facts, plan, now = need(house, run_id, Facts), need(house, run_id, Plan), need(house, run_id, Progress)
    planned = schedule(plan, now, facts.config.at_once)
    more = planned.start and not now.halted  # a run that has to stop starts nobody, it only hears out those at work
    return bool(more) or all(task.state is not TaskState.WORKING for task in now.tasks)


def _news(house: House, run_id: RunId) -> tuple[Run, list[TaskResult]]:
    """What was handed in and is not merged yet, in the order of the plan."""
    run = live_run(house, run_id)
    flying = [task for task in need(house, run_id, Progress).tasks if task.state is TaskState.WORKING]
    names = [result_name(task.task_id, task.attempt, run.segment) for task in flying]
    return run, [found for name in names if (found := find(house, run_id, TaskResult, name)) is not None]


async def plan_repair(house: House, run_id: RunId) -> str:
    """`again` when there is a next round, else `none`; stores `Progress`, and `Plan` when it got one task more."""
    return await in_thread(lambda: _plan_repair(house, run_id))


def _plan_repair(house: House, run_id: RunId) -> str:
    live_run(house, run_id)
    plan, now = need(house, run_id, Plan), need(house, run_id, Progress)
    if any(not task.state.ended for task in now.tasks):  # repeated after a crash: the next round is planned already
        return "again"
    repair = repair_of(plan, now, need(house, run_id, Verification))
    if repair is None:
        return "none"
    keep(house, run_id, repair.plan)
    keep(house, run_id, next_round(now, repair.wanted))
    return "again"
