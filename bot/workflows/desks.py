"""An agent's desk for the time of its work: a checkout in its own sandbox, the prepared environment, and what it may still spend."""

import json
import math
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from bot.agents.allowance import OwnLimits
from bot.agents.desk import Desk
from bot.agents.loop import Means
from bot.core.plans.territory import Territory
from bot.core.runs import Run
from bot.ids import AgentKey, TreeSha
from bot.reporting.masking import Redactor
from bot.workflows.checkouts import fresh_checkout
from bot.workflows.environment import for_agents
from bot.workflows.house import House, in_thread
from bot.workflows.notes import Facts, need
from bot.workflows.spending import allowance_for, model_of, wished_model

AGENTS_PER_KEY = 4
"""Agents that share one cache key: about four turns a minute each (a turn with its tools takes some 15 seconds) make 16 requests a minute, and
OpenAI's guide says that beyond about 15 for one key and beginning the cache is hit less often."""


@asynccontextmanager
async def desk_for(
    house: House, run: Run, agent: AgentKey, tree: TreeSha, land: Territory | None = None
) -> AsyncIterator[Desk]:
    """A desk with exactly `tree` on it, for an agent that may write `land`; cleared away afterwards, whatever happened."""
    facts = await in_thread(lambda: need(house, run.run_id, Facts))
    environment = await for_agents(house, run, facts)
    async with fresh_checkout(house, run.repo, tree, agent) as checkout:
        yield Desk(checkout, facts.head_tree, house.git, house.sandbox, environment, territory=land)


def means_for(house: House, run: Run, role: str) -> Means:
    """What an agent of that role works with in this run. Its turns and tools show in the run's log as they happen."""
    config = need(house, run.run_id, Facts).config
    decided, wished = config.role(role), wished_model(house, run, role)
    model = wished or model_of(house, config, role)
    named = next((one.endpoint for one in config.roles if one.model == wished), "") if wished else decided.endpoint
    redactor = Redactor(house.secrets)

    def tell(kind: str, data: Mapping[str, Any]) -> None:
        house.store.emit(run.run_id, f"agent.{kind}", json.dumps(data))

    return Means(
        model=house.model,
        model_name=model,
        journal=house.journal,
        allowance=allowance_for(house, run, model),
        clock=house.clock,
        tell=tell,
        mask=redactor.mask,
        mask_json=redactor.mask_json,
        endpoint=named,
        effort=decided.effort,
        own=OwnLimits(decided.turns, decided.tokens),
        lanes=math.ceil(config.at_once / AGENTS_PER_KEY),
    )
