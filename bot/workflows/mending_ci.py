"""Step of a repair after others' red checks: when nothing came of it, the head stands as it was proven before."""

from bot.ids import RunId
from bot.workflows.here import live_here
from bot.workflows.house import House, in_thread
from bot.workflows.notes import Facts, Specs, need
from bot.workflows.proving import proof_of, verify


async def back_to_the_head(house: House, run_id: RunId) -> str:
    """The proof of the head, from results that are there already: the verdict on it must not change because somebody else's check is red."""
    run = await in_thread(lambda: live_here(house, run_id))
    facts, specs = await in_thread(lambda: (need(house, run_id, Facts), need(house, run_id, Specs)))
    return proof_of(await verify(house, run, facts, specs, facts.head_tree))
