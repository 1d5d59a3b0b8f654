"""The port `Purse` in memory, for agents without a database: the same decisions over one run's budget."""

from collections.abc import Callable
from datetime import datetime

from bot.agents.allowance import Allowance
from bot.core.policy.model import Cap, Price
from bot.core.policy.purse import Account, Answer, Reserved, Scope, Wanted, decide
from bot.core.ports import Clock
from bot.core.runs import Budget, Spent
from bot.ids import AgentKey


class MemoryPurse:
    """`spent` says what all calls have cost so far, `began` when the minutes began to count."""

    def __init__(self, budget: Budget, spent: Callable[[], Spent], clock: Clock, began: datetime | None = None) -> None:
        self.budget, self._spent, self._clock = budget, spent, clock
        self._began = began or clock.now()
        self.held: dict[AgentKey, Wanted] = {}

    def reserve(self, wanted: Wanted) -> Answer:
        self.held.pop(wanted.agent, None)
        spent = self._spent()
        account = Account(
            Scope.RUN,
            Cap(self.budget.usd, self.budget.tokens, self.budget.minutes),
            tokens=spent.usage.total,
            usd=spent.usd,
            seconds=(self._clock.now() - self._began).total_seconds(),
        )
        answer = decide(wanted, (account,))
        if isinstance(answer, Reserved):
            self.held[wanted.agent] = wanted
        return answer

    def let_go(self, agent: AgentKey) -> None:
        self.held.pop(agent, None)

    def allowance(self, price: Price | None) -> Allowance:
        return Allowance(self.budget.turns, self.reserve, self.let_go, price)
