"""Eight agents side by side on a budget that covers three calls: the real loop, client and database, a model that takes its time."""

import asyncio
import threading
import time
from functools import partial
from pathlib import Path

import pytest

from bot.adapters.model.openai_chat import OpenAIChat
from bot.adapters.model.prices import ModelPrices
from bot.adapters.store import SqlStore
from bot.agents.allowance import OUTPUT_TOKENS, Allowance, prompt_bound
from bot.agents.loop import Means, work
from bot.agents.outcome import AgentOutcome
from bot.agents.roles.reviewer import reviewer
from bot.agents.roles.role import Opening
from bot.agents.tools.tool import describe
from bot.core.chat import Message, Speaker
from bot.core.policy.model import Cap, Price
from bot.core.policy.purse import Caps
from bot.core.pulls import Secret
from bot.errors import BudgetSpent
from bot.ids import agent_key
from tests.adapters.store.values import run
from tests.agents.scene import FixedClock
from tests.support.plain_desk import plain_desk
from tests.support.scripted_model import Answer, ScriptedModel, Seen

AGENTS = 8
LATENCY = 0.3
"""Seconds of a model call: long enough that all eight ask before the first is answered."""

PRICE = Price(prompt=10.0, cached=10.0, completion=50.0)
RUN = run().run_id
ROLE = reviewer()
FIRST = [Message(Speaker.SYSTEM, ROLE.system), Message(Speaker.USER, "Look.")]
PROMPT = prompt_bound(FIRST, [describe(tool) for tool in ROLE.tools], None)
DEAREST = PROMPT + OUTPUT_TOKENS
DEAREST_USD = (PROMPT * PRICE.prompt + OUTPUT_TOKENS * PRICE.completion) / 1e6


@pytest.fixture(autouse=True)
def the_run(store: SqlStore) -> None:
    store.create_run(run())


def side_by_side(store: SqlStore, folder: Path, model: ScriptedModel, caps: Caps) -> list[AgentOutcome | BaseException]:
    """All agents at once, each in a checkout of its own, to their ends."""

    async def whole() -> list[AgentOutcome | BaseException]:
        client = OpenAIChat(Secret("k" * 20), ModelPrices({"m": PRICE}), base_url=model.base_url)
        allowance = Allowance(60, partial(store.reserve, RUN, caps=caps), store.let_go, PRICE)
        means = Means(client, "m", store, allowance, FixedClock(), lambda kind, data: None)
        agents = (
            work(agent_key(RUN, ROLE.name, f"T-{n}", 1), ROLE, Opening("Look."), plain_desk(folder / str(n)), means)
            for n in range(AGENTS)
        )
        try:
            return await asyncio.gather(*agents, return_exceptions=True)
        finally:
            await client.aclose()

    return asyncio.run(whole())


def as_dear_as_can_be(seen: Seen) -> Answer:
    """An answer that uses all that was allowed for it, and hands in."""
    usage = {"prompt_tokens": PROMPT, "completion_tokens": seen.body["max_completion_tokens"]}
    return Answer(calls=[("finish", {"summary": "Fine.", "findings": []})], usage=usage)


@pytest.mark.parametrize("caps", [Caps(Cap(tokens=3 * DEAREST)), Caps(Cap(usd=3 * DEAREST_USD))], ids=["tokens", "usd"])
def test_three_calls_are_paid_three_are_made_and_not_a_token_more(store: SqlStore, tmp_path: Path, caps: Caps) -> None:
    with ScriptedModel(as_dear_as_can_be, before=lambda seen: time.sleep(LATENCY)) as model:
        ended = side_by_side(store, tmp_path, model, caps)
    spent = store.spent(RUN)
    assert sorted(type(one).__name__ for one in ended) == ["AgentOutcome"] * 3 + ["BudgetSpent"] * 5
    assert (len(model.requests), spent.calls) == (3, 3)
    assert 3 * DEAREST - 1 <= spent.usage.total <= 3 * DEAREST, "of a fraction of a cent not even a token is given"
    assert spent.usd is not None
    assert spent.usd <= 3 * DEAREST_USD + 1e-9


def test_agents_that_cost_less_than_they_might_use_what_is_left_and_never_more(store: SqlStore, tmp_path: Path) -> None:
    def restless(seen: Seen) -> Answer:
        usage = {"prompt_tokens": 2_000 + 1_500 * seen.turn, "completion_tokens": 1_000}
        return Answer(calls=[("read", {"path": f"{seen.turn}.py"})], usage=usage)

    cap = 3 * DEAREST
    with ScriptedModel(restless) as model:
        ended = side_by_side(store, tmp_path, model, Caps(Cap(tokens=cap)))
    assert [type(one) for one in ended] == [BudgetSpent] * AGENTS
    total = store.spent(RUN).usage.total
    assert cap - 2 * 8_500 < total <= cap, "it was used to the last call that was sure to fit"


def test_an_agent_that_died_between_reserving_and_the_answer_reserves_again(store: SqlStore, tmp_path: Path) -> None:
    caps, asked, hold = Caps(Cap(tokens=DEAREST)), threading.Event(), threading.Event()

    def before(seen: Seen) -> None:
        asked.set()
        assert hold.wait(10)

    with ScriptedModel(as_dear_as_can_be, before) as model:

        async def dying() -> None:
            client = OpenAIChat(Secret("k" * 20), ModelPrices({"m": PRICE}), base_url=model.base_url)
            allowance = Allowance(60, partial(store.reserve, RUN, caps=caps), store.let_go, PRICE)
            means = Means(client, "m", store, allowance, FixedClock(), lambda kind, data: None)
            key = agent_key(RUN, ROLE.name, "T-1", 1)
            task = asyncio.create_task(work(key, ROLE, Opening("Look."), plain_desk(tmp_path), means))
            await asyncio.to_thread(asked.wait, 10)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert store.load(key).turns == 0
            hold.set()
            await work(key, ROLE, Opening("Look."), plain_desk(tmp_path), means)
            await client.aclose()

        asyncio.run(dying())
    assert store.spent(RUN).calls == 1
