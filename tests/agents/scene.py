"""One agent with everything around it: a model endpoint over HTTP, the real client, a journal and a desk."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from bot.adapters.model.openai_chat import OpenAIChat, Patience
from bot.adapters.model.prices import ModelPrices
from bot.agents.allowance import Allowance
from bot.agents.desk import Desk
from bot.agents.loop import Means, work
from bot.agents.outcome import AgentOutcome
from bot.agents.roles.implementer import implementer
from bot.agents.roles.role import Beginning, Opening, Role
from bot.core.chat import Message, Speaker
from bot.core.plans.territory import Territory
from bot.core.policy.model import Price
from bot.core.ports import Model
from bot.core.pulls import Secret
from bot.core.runs import Budget
from bot.ids import AgentKey
from tests.support.memory_journal import MemoryJournal
from tests.support.memory_purse import MemoryPurse
from tests.support.plain_desk import contents, plain_desk
from tests.support.scripted_model import DirectModel, Script, ScriptedModel

T = TypeVar("T")

KEY = AgentKey("run-1-2-abc-1/implementer/T-1/1")
START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
BUDGET = Budget(usd=1.0, tokens=1_000_000, minutes=30, turns=60)
PRICES = ModelPrices({"m": Price(1.0, 0.1, 5.0)})
FILES = {"a.py": "one = 1\ntwo = 2\n", "docs/readme.md": "# Read me\n"}


class FixedClock:
    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        return self.time


class Scene:
    """`with Scene(tmp_path, script) as scene: outcome = scene.work()`."""

    def __init__(
        self,
        folder: Path,
        script: Script,
        *,
        files: Mapping[str, str] = FILES,
        role: Role | None = None,
        budget: Budget = BUDGET,
        direct: bool = False,
        territory: Territory | None = None,
    ) -> None:
        self.desk: Desk = plain_desk(folder, files, territory=territory)
        self.model: ScriptedModel | DirectModel = DirectModel(script) if direct else ScriptedModel(script)
        self.role = role or implementer()
        self.budget = budget
        self.journal = MemoryJournal()
        self.clock = FixedClock()
        self.told: list[tuple[str, Mapping[str, Any]]] = []
        self.model_name = "m"
        self.more: Mapping[str, Any] = {}
        self._stack = ExitStack()

    def __enter__(self) -> "Scene":
        if isinstance(self.model, ScriptedModel):
            self._stack.enter_context(self.model)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def work(self, beginning: Beginning | None = None, key: AgentKey = KEY) -> AgentOutcome:
        return self.play(lambda means: work(key, self.role, beginning or Opening("Do it."), self.desk, means))

    def play(self, story: Callable[[Means], Coroutine[Any, Any, T]]) -> T:
        """A story on an event loop of its own, with a client that is closed at its end."""

        purse = MemoryPurse(self.budget, self.journal.spent, self.clock, START)
        allowance = purse.allowance(PRICES.price(self.model_name))

        async def over_http(url: str) -> T:
            client = OpenAIChat(Secret("k" * 20), PRICES, base_url=url, patience=Patience(first_wait=0.001))
            try:
                return await story(self._means(client, allowance))
            finally:
                await client.aclose()

        if isinstance(self.model, ScriptedModel):
            return asyncio.run(over_http(self.model.base_url))
        return asyncio.run(story(self._means(self.model, allowance)))

    def _means(self, model: Model, allowance: Allowance) -> Means:
        return Means(model, self.model_name, self.journal, allowance, self.clock, self._tell, **self.more)

    def messages(self, key: AgentKey = KEY) -> tuple[Message, ...]:
        return self.journal.load(key).messages

    def results(self, key: AgentKey = KEY) -> list[str]:
        return [m.text for m in self.messages(key) if m.speaker is Speaker.TOOL]

    def files(self) -> dict[str, str]:
        return contents(self.desk)

    def _tell(self, kind: str, data: Mapping[str, Any]) -> None:
        self.told.append((kind, data))
