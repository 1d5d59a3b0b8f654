"""An agent's desk for the time of its work: a checkout in its own sandbox, the prepared environment, and what it may still spend."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from bot.agents.desk import Desk
from bot.agents.loop import Means
from bot.core.runs import Run
from bot.ids import AgentKey, TreeSha
from bot.reporting.masking import Redactor
from bot.workflows.checkouts import fresh_checkout
from bot.workflows.environment import prepared
from bot.workflows.house import House, in_thread
from bot.workflows.notes import Facts, need
from bot.workflows.spending import allowance_for


@asynccontextmanager
async def desk_for(house: House, run: Run, agent: AgentKey, tree: TreeSha) -> AsyncIterator[Desk]:
    """A desk with exactly `tree` on it; cleared away afterwards, whatever happened."""
    facts = await in_thread(lambda: need(house, run.run_id, Facts))
    environment = await prepared(house, run, facts)
    async with fresh_checkout(house, run.repo, tree, agent) as checkout:
        yield Desk(checkout, facts.head_tree, house.git, house.sandbox, environment)


def means_for(house: House, run: Run, model_name: str) -> Means:
    """What an agent of the run works with. Its turns and tools show in the run's log as they happen."""
    redactor = Redactor(house.secrets)

    def tell(kind: str, data: Mapping[str, Any]) -> None:
        house.store.emit(run.run_id, f"agent.{kind}", json.dumps(data))

    return Means(
        model=house.model,
        model_name=model_name,
        journal=house.journal,
        allowance=allowance_for(house, run, model_name),
        clock=house.clock,
        tell=tell,
        mask=redactor.mask,
        mask_json=redactor.mask_json,
    )
