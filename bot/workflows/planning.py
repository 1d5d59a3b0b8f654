"""Step: plan what is unproven. The specs' own tasks where they pass, else the planner's plan; one agent's where a team does not pay."""

from bot.core.ci import CiRepair
from bot.core.plans.from_ci import ci_plan
from bot.core.plans.from_spec import single_plan, split
from bot.core.plans.model import Plan
from bot.core.plans.teams import spec_plan
from bot.core.runs import Run, Stage
from bot.ids import RunId
from bot.workflows.admission import live_run
from bot.workflows.asking_planner import Wanted, ask_planner, taken_over, wanted_of
from bot.workflows.house import House, in_thread
from bot.workflows.notes import find, keep
from bot.workflows.posting import progress

ASKED_FROM = 3
"""Unproven criteria from which on a planner is asked. A team needs three tasks, and hardly ever makes several of one criterion: below that one
agent does it anyway, and a plan would only cost."""


async def plan(house: House, run_id: RunId) -> str:
    """How many tasks, as a word; stores the `Plan` and shows it. A run that has a plan keeps it: what was approved is what is done.

    Ends the run when only a person can make it plannable.
    """
    run = await in_thread(lambda: _begin(house, run_id))
    made = await in_thread(lambda: find(house, run_id, Plan))
    if made is None:
        made = await _made(house, run)
        await in_thread(lambda: keep(house, run_id, made))
    await in_thread(lambda: house.store.update_run(run_id, stage=Stage.IMPLEMENT))
    await progress(house, run_id)
    return str(len(made.tasks))


def _begin(house: House, run_id: RunId) -> Run:
    live_run(house, run_id)
    return house.store.update_run(run_id, stage=Stage.PLAN)


async def _made(house: House, run: Run) -> Plan:
    wanted = await in_thread(lambda: wanted_of(house, run))
    repair = await in_thread(lambda: find(house, run.run_id, CiRepair))
    if repair is not None:
        return ci_plan(repair, wanted.unproven)
    own = await in_thread(lambda: spec_plan(wanted.specs, wanted.unproven, wanted.ground))
    if own.plan is not None:
        return own.plan
    if not _is_for_a_planner(wanted):
        return single_plan(wanted.specs, wanted.unproven)
    earlier = await in_thread(lambda: taken_over(house, run, wanted))
    return earlier or await ask_planner(house, run, wanted, own.reasons)


def _is_for_a_planner(wanted: Wanted) -> bool:
    return len(split(wanted.specs, wanted.unproven)[0]) >= ASKED_FROM
