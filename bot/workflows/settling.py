"""The settle workflow: a run that was ended from outside gets its last words, and what its agent made is kept."""

from bot.agents.outcome import AgentOutcome, AgentStatus
from bot.core.plans.model import Plan
from bot.core.runs import Run, RunState, Stage
from bot.errors import SpecbotError
from bot.ids import RunId
from bot.workflows.candidate import make_candidate
from bot.workflows.house import House, in_thread, log
from bot.workflows.implementing import implementer_key
from bot.workflows.notes import Facts, Specs, Trouble, Work, find, keep
from bot.workflows.posting import write_everywhere
from bot.workflows.publishing import keep_work
from bot.workflows.run import REPAIRS
from bot.workflows.steps import Ended, step

INTERRUPTED = AgentOutcome(AgentStatus.LIMIT, "Unfinished work of a run that was ended.", "the run was ended", 0)
"""Stands in the message of the commit that keeps unfinished work."""


async def settle(house: House, run_id: RunId, state: str, reason: str) -> str:
    """Settle one run that is to have ended in this state for this reason."""
    try:
        await step(house, run_id, "end", lambda h, r: _end(h, r, RunState(state), reason))
        await step(house, run_id, "keep the work", _keep_the_work)
        return await step(house, run_id, "last words", _last_words)
    except Ended as end:
        return f"{end.state.value}: {end.reason}"


async def _end(house: House, run_id: RunId, state: RunState, reason: str) -> str:
    """Mark the run as ended. One that ended by itself meanwhile keeps its own verdict."""
    run = await in_thread(lambda: house.store.update_run(run_id, state=state, reason=reason))
    if (run.state, run.reason) != (state, reason):
        raise Ended(run.state, "it ended by itself before it was stopped")
    return state.value


async def _keep_the_work(house: House, run_id: RunId) -> str:
    """Unpublished work goes to the run's own branch, also what an interrupted agent had not handed in."""
    return await in_thread(lambda: _keep_work(house, run_id))


def _keep_work(house: House, run_id: RunId) -> str:
    with house.pens.of(run_id):
        run = house.store.run(run_id)
        if run is None or run.published:
            return "nothing to keep"
        _salvage(house, run)
        work = find(house, run_id, Work)
        if work is None:
            return "nothing to keep"
        try:
            keep_work(house, run, work.commit)
        except SpecbotError as fault:
            log.warning("work not kept", run=run_id, reason=fault.message)
            return f"not kept: {fault.message}"
    return "kept"


def _salvage(house: House, run: Run) -> None:
    """Make a commit of the newest snapshot of the run's implementer, if there is one."""
    facts, plan = find(house, run.run_id, Facts), find(house, run.run_id, Plan)
    if facts is None or plan is None or find(house, run.run_id, Specs) is None:
        return
    for attempt in range(REPAIRS + 1, 0, -1):
        agent = implementer_key(run.run_id, plan.tasks[0], attempt)
        if house.journal.load(agent).snapshot is None:
            continue
        checkout = house.git.checkout(run.repo, facts.head_tree, f"{agent}/salvage")
        try:
            make_candidate(house, run, agent, checkout, find(house, run.run_id, AgentOutcome) or INTERRUPTED)
        finally:
            house.git.discard(checkout)
        return


async def _last_words(house: House, run_id: RunId) -> str:
    return await in_thread(lambda: _say(house, run_id))


def _say(house: House, run_id: RunId) -> str:
    with house.pens.of(run_id):
        run = house.store.update_run(run_id, stage=Stage.ENDED)
        keep(house, run_id, Trouble(run.reason, "`/specbot retry` starts again"))
        write_everywhere(house, run)
        house.store.emit(run_id, "ended", run.state.value)
    return run.state.value
