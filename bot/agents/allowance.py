"""What a run may still use, asked before each model call: hard caps, because models predict their own cost badly."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.core.runs import Budget, Spent


@dataclass(frozen=True, slots=True)
class Allowance:
    """The run's budget and how much of it is gone.

    `spent` says what all agents of the run have used so far, this one's stored calls included; it may block (it runs in a thread).
    `until` is when the run's minutes are over.
    """

    budget: Budget
    until: datetime
    spent: Callable[[], Spent]


@dataclass(frozen=True, slots=True)
class OwnLimits:
    """What one agent may use, whatever is left of the run's budget; None where there is no such limit."""

    turns: int | None = None
    tokens: int | None = None

    def used_up(self, turns: int, tokens: int, next_prompt: int) -> str:
        """Which limit stands against one more call of an agent that has used so much, in words; "" when none does."""
        if self.turns is not None and turns >= self.turns:
            return f"all {self.turns} turns that its role may take are used"
        if self.tokens is not None and self.tokens - tokens <= next_prompt:
            return f"{tokens:,} of the {self.tokens:,} tokens that its role may use are used, and the next call needs about {next_prompt:,}"
        return ""

    def tokens_left(self, tokens: int, others: int) -> int:
        """Of `others` tokens that are left elsewhere, what this agent may use."""
        return others if self.tokens is None else min(others, self.tokens - tokens)


def tokens_left(budget: Budget, spent: Spent) -> int:
    return budget.tokens - spent.usage.total


def used_up(budget: Budget, spent: Spent, until: datetime, now: datetime, next_prompt: int) -> str:
    """Which cap stands against one more call, in words; "" when none does.

    `next_prompt` estimates the tokens of the call to come, so that a long conversation does not overshoot by a whole prompt.
    """
    if spent.calls >= budget.turns:
        return f"all {budget.turns} turns of the budget are used"
    if tokens_left(budget, spent) <= next_prompt:
        return (
            f"{spent.usage.total:,} of {budget.tokens:,} tokens are used, and the next call needs about {next_prompt:,}"
        )
    if now >= until:
        return f"the {budget.minutes:g} minutes of the budget are over"
    return _money(budget.usd, spent.usd)


def _money(usd: float | None, spent: float | None) -> str:
    if usd is None:
        return ""
    if spent is None:
        return "the budget is in USD, and the price of a call is not known"
    return f"${spent:.2f} of ${usd:.2f} are spent" if spent >= usd else ""
