"""An agent's desk for the time of its work: a checkout in its own sandbox, the prepared environment, and what it may still spend."""

import json
import math
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from bot.agents.allowance import Allowance, OwnLimits
from bot.agents.desk import Desk
from bot.agents.loop import Means
from bot.agents.roles.reviewer import NAME as REVIEWER
from bot.core.policy.budgets import budget_for
from bot.core.policy.model import ROLES, RepositoryConfig
from bot.core.runs import Budget, Run
from bot.ids import AgentKey, TreeSha
from bot.reporting.masking import Redactor
from bot.workflows.checkouts import fresh_checkout
from bot.workflows.environment import prepared
from bot.workflows.house import House, in_thread
from bot.workflows.notes import Facts, Specs, need

AGENTS_PER_KEY = 4
"""Agents that share one cache key: about four turns a minute each (a turn with its tools takes some 15 seconds) make 16 requests a minute, and
OpenAI's guide says that beyond about 15 for one key and beginning the cache is hit less often."""


@asynccontextmanager
async def desk_for(house: House, run: Run, agent: AgentKey, tree: TreeSha) -> AsyncIterator[Desk]:
    """A desk with exactly `tree` on it; cleared away afterwards, whatever happened."""
    facts = await in_thread(lambda: need(house, run.run_id, Facts))
    environment = await prepared(house, run, facts)
    async with fresh_checkout(house, run.repo, tree, agent) as checkout:
        yield Desk(checkout, facts.head_tree, house.git, house.sandbox, environment)


def budget_of(house: House, run: Run) -> Budget:
    """The run's caps: the smaller of what the owners allow and the specs wish. Raises `Refused` for USD without a price."""
    facts, specs = need(house, run.run_id, Facts), need(house, run.run_id, Specs)
    wishes = [reading.spec.budget for reading in specs.readings if reading.spec]
    priced = all(house.model.knows_price(name) for name in models_of(house, facts.config))
    return budget_for(facts.config, wishes, price_known=priced)


def model_of(house: House, config: RepositoryConfig, role: str) -> str:
    """The model of a role: the owners' choice, else the operator's."""
    default = house.reviewer_model if role == REVIEWER else house.implementer_model
    return config.role(role).model or default


def models_of(house: House, config: RepositoryConfig) -> frozenset[str]:
    """Every model that a run may call; a budget in USD needs all their prices."""
    return frozenset(model_of(house, config, role) for role in ROLES)


def means_for(house: House, run: Run, role: str) -> Means:
    """What an agent of that role works with in this run. Its turns and tools show in the run's log as they happen."""
    budget = budget_of(house, run)
    config = need(house, run.run_id, Facts).config
    decided = config.role(role)
    redactor = Redactor(house.secrets)

    def tell(kind: str, data: Mapping[str, Any]) -> None:
        house.store.emit(run.run_id, f"agent.{kind}", json.dumps(data))

    return Means(
        model=house.model,
        model_name=model_of(house, config, role),
        journal=house.journal,
        allowance=Allowance(
            budget, run.created_at + timedelta(minutes=budget.minutes), lambda: house.store.spent(run.run_id)
        ),
        clock=house.clock,
        tell=tell,
        mask=redactor.mask,
        mask_json=redactor.mask_json,
        endpoint=decided.endpoint,
        effort=decided.effort,
        own=OwnLimits(decided.turns, decided.tokens),
        lanes=math.ceil(config.at_once / AGENTS_PER_KEY),
    )
