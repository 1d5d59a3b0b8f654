"""Step: plan what is unproven. The specs' own tasks as one task for one agent."""

from bot.core.plans.checks import Ground
from bot.core.plans.from_spec import single_plan
from bot.core.plans.teams import spec_plan
from bot.core.proofs.model import Verification
from bot.core.runs import Stage
from bot.ids import RunId
from bot.workflows.admission import live_run
from bot.workflows.house import House, in_thread
from bot.workflows.notes import Specs, keep, need
from bot.workflows.posting import progress


async def plan(house: House, run_id: RunId) -> str:
    """How many tasks, as a word; stores the `Plan` and shows it."""
    count = await in_thread(lambda: _plan(house, run_id))
    await progress(house, run_id)
    return str(count)


def _plan(house: House, run_id: RunId) -> int:
    live_run(house, run_id)
    house.store.update_run(run_id, stage=Stage.PLAN)
    verdicts = need(house, run_id, Verification).verdicts
    unproven = tuple(verdict.name for verdict in verdicts if not verdict.verdict.done)
    specs = need(house, run_id, Specs)

    made = spec_plan(specs.in_force, unproven, Ground(scope=specs.scope)).plan or single_plan(specs.in_force, unproven)
    keep(house, run_id, made)
    house.store.update_run(run_id, stage=Stage.IMPLEMENT)
    return len(made.tasks)
