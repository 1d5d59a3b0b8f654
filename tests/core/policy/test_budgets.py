"""How much a run may cost, and what is left."""

import pytest

from bot.core.chat import Usage
from bot.core.policy.budgets import budget_for, remaining
from bot.core.policy.model import RepositoryConfig
from bot.core.runs import Budget, Spent
from bot.core.specs.model import BudgetWish
from bot.errors import Refused


def test_the_smaller_wins() -> None:
    config = RepositoryConfig(budget_usd=5.0, budget_tokens=1_000, budget_minutes=30, budget_turns=9)
    assert budget_for(config, [], price_known=True) == Budget(5.0, 1_000, 30, 9)
    wishes = [BudgetWish(usd=2.0, tokens=5_000), BudgetWish(usd=3.0, minutes=10)]
    assert budget_for(config, wishes, price_known=True) == Budget(2.0, 1_000, 10, 9)
    assert budget_for(RepositoryConfig(), [BudgetWish(usd=9.0)], price_known=True).usd == 9.0


def test_dollars_without_a_price_are_refused_and_tokens_count() -> None:
    for config, wish in ((RepositoryConfig(), BudgetWish(usd=1.0)), (RepositoryConfig(budget_usd=1.0), BudgetWish())):
        with pytest.raises(Refused) as caught:
            budget_for(config, [wish], price_known=False)
        assert "tokens" in caught.value.hint
    assert budget_for(RepositoryConfig(), [BudgetWish(tokens=10)], price_known=False).tokens == 10


def test_what_is_left() -> None:
    budget = Budget(usd=2.0, tokens=100, minutes=1, turns=5)
    left = remaining(budget, Spent(Usage(prompt=30, cached=10, completion=20), 2, 0.5), seconds=15, turns=2)
    assert (left.usd, left.tokens, left.seconds, left.turns, left.reasons) == (1.5, 50, 45, 3, ())
    assert not left.spent


@pytest.mark.parametrize(
    ("spent", "seconds", "turns", "words"),
    [
        (Spent(Usage(), 1, 2.0), 0, 0, "USD is spent"),
        (Spent(Usage(), 1, 2.5), 0, 0, "2.50 USD"),
        (Spent(Usage(), 1, None), 0, 0, "no known price"),
        (Spent(Usage(prompt=100), 1, 0.0), 0, 0, "100 tokens"),
        (Spent(), 60, 0, "1 minutes"),
        (Spent(), 0, 5, "5 turns"),
    ],
)
def test_each_cap_ends_the_work_with_its_reason(spent: Spent, seconds: float, turns: int, words: str) -> None:
    left = remaining(Budget(usd=2.0, tokens=100, minutes=1, turns=5), spent, seconds=seconds, turns=turns)
    assert left.spent
    assert len(left.reasons) == 1
    assert words in left.reasons[0]
    assert min(left.usd or 0, left.tokens, left.seconds, left.turns) >= 0


def test_without_a_cap_in_dollars_the_price_does_not_matter() -> None:
    left = remaining(Budget(usd=None, tokens=100, minutes=1, turns=5), Spent(Usage(), 1, None), seconds=0, turns=0)
    assert left.usd is None
    assert not left.spent
