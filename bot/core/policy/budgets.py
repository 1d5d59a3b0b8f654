"""How much a run may cost, and what is left of it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.policy.model import RepositoryConfig
from bot.core.runs import Budget, Spent
from bot.core.specs.model import BudgetWish
from bot.errors import Refused


def budget_for(config: RepositoryConfig, wishes: Iterable[BudgetWish], *, price_known: bool) -> Budget:
    """The caps on one run: the smallest of what the repository allows and its specs wish for.

    Raises `Refused` when one of them is in dollars and the model's price is unknown: such a cap could not be kept.
    """
    every = tuple(wishes)
    usd = _smallest(config.budget_usd, *(wish.usd for wish in every))
    if usd is not None and not price_known:
        raise Refused(
            f"the budget of {usd:.2f} USD cannot be kept, because the price of the model is unknown",
            hint="set a price for the model, or give the budget in tokens",
        )
    tokens = min([config.budget_tokens, *(wish.tokens for wish in every if wish.tokens is not None)])
    minutes = min([config.budget_minutes, *(wish.minutes for wish in every if wish.minutes is not None)])
    return Budget(usd=usd, tokens=tokens, minutes=minutes, turns=config.budget_turns)


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is left, never below zero; `usd` is None without a cap in dollars. `reasons` say what is spent, empty while all of it lasts."""

    usd: float | None
    tokens: int
    seconds: float
    turns: int
    reasons: tuple[str, ...]

    @property
    def spent(self) -> bool:
        return bool(self.reasons)


def remaining(budget: Budget, spent: Spent, *, seconds: float, turns: int) -> Remaining:
    """What is left after `spent`, `seconds` of work and `turns` turns. A call of unknown price ends a budget in dollars."""
    reasons: list[str] = []
    usd_left: float | None = None
    if budget.usd is not None:
        if spent.usd is None:
            usd_left = 0.0
            reasons.append("a model call has no known price, so the budget in dollars cannot be kept")
        else:
            usd_left = max(0.0, budget.usd - spent.usd)
            if not usd_left:
                reasons.append(f"the budget of {budget.usd:.2f} USD is spent ({spent.usd:.2f} USD)")
    tokens_left = max(0, budget.tokens - spent.usage.total)
    if not tokens_left:
        reasons.append(f"the budget of {budget.tokens:,} tokens is spent ({spent.usage.total:,})")
    seconds_left = max(0.0, budget.minutes * 60 - seconds)
    if not seconds_left:
        reasons.append(f"the time of {budget.minutes:g} minutes is over")
    turns_left = max(0, budget.turns - turns)
    if not turns_left:
        reasons.append(f"all {budget.turns} turns are taken")
    return Remaining(usd_left, tokens_left, seconds_left, turns_left, tuple(reasons))


def _smallest(*values: float | None) -> float | None:
    return min((value for value in values if value is not None), default=None)
