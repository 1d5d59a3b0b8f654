"""How much a run may cost, and what may be granted on top."""

import pytest

from bot.core.policy.budgets import Extra, Granted, Grants, budget_for, caps_for
from bot.core.policy.model import Cap, RepositoryConfig
from bot.core.runs import Budget
from bot.core.specs.model import BudgetWish
from bot.errors import Refused


def test_the_smaller_wins() -> None:
    config = RepositoryConfig(budget_usd=5.0, budget_tokens=1_000, budget_minutes=30, budget_turns=9)
    assert budget_for(config, []) == Budget(5.0, 1_000, 30, 9)
    wishes = [BudgetWish(usd=2.0, tokens=5_000), BudgetWish(usd=3.0, minutes=10)]
    assert budget_for(config, wishes) == Budget(2.0, 1_000, 10, 9)
    assert budget_for(RepositoryConfig(), [BudgetWish(usd=9.0)]).usd == 9.0


def test_a_grant_comes_on_top_of_the_smallest() -> None:
    config = RepositoryConfig(budget_usd=5.0, budget_tokens=1_000, budget_minutes=30, budget_turns=9)
    assert budget_for(config, [BudgetWish(usd=2.0)], Extra(1.5, 500, 20)) == Budget(3.5, 1_500, 50, 9)
    assert budget_for(RepositoryConfig(), [], Extra(usd=2.0)).usd is None, "what has no limit gets none by a grant"


def test_a_repeated_command_grants_once() -> None:
    one, other = Granted("comment:1:1", "ada", Extra(usd=2.0)), Granted("comment:2:1", "ada", Extra(tokens=5))
    grants = Grants().including(one).including(other).including(one)
    assert grants.extra == Extra(usd=2.0, tokens=5)


def test_every_cap_is_there_and_grants_raise_those_of_run_and_spec_only() -> None:
    config = RepositoryConfig(spec_cap=Cap(tokens=100), month_cap=Cap(usd=50.0, minutes=600))
    caps = caps_for(config, budget_for(config, []), {"a.md": Extra(tokens=7), "b.md": Extra()}, operator=Cap(usd=9.0))
    assert caps.run == Cap(None, 2_000_000, 45.0)
    assert caps.specs == (("a.md", Cap(tokens=107)), ("b.md", Cap(tokens=100)))
    assert (caps.repository, caps.installation) == (Cap(usd=50.0, minutes=600), Cap(usd=9.0))


@pytest.mark.parametrize(
    ("config", "wish", "operator", "named"),
    [
        (RepositoryConfig(), BudgetWish(usd=1.0), Cap(), "the budget of 1.00 USD"),
        (RepositoryConfig(budget_usd=1.0), BudgetWish(), Cap(), "the budget of 1.00 USD"),
        (RepositoryConfig(spec_cap=Cap(usd=2.0)), BudgetWish(), Cap(), "the budget of the spec a.md of 2.00 USD"),
        (RepositoryConfig(month_cap=Cap(usd=3.0)), BudgetWish(), Cap(), "monthly budget of 3.00 USD"),
        (RepositoryConfig(), BudgetWish(), Cap(usd=4.0), "this installation of 4.00 USD"),
    ],
)
def test_dollars_without_a_price_are_refused_wherever_they_stand(
    config: RepositoryConfig, wish: BudgetWish, operator: Cap, named: str
) -> None:
    budget = budget_for(config, [wish])
    with pytest.raises(Refused) as caught:
        caps_for(config, budget, {"a.md": Extra()}, operator=operator, unpriced=["local/llama"])
    assert named in caught.value.message
    assert "local/llama" in caught.value.message
    assert "tokens" in caught.value.hint
    assert caps_for(config, budget, {"a.md": Extra()}, operator=operator)


def test_tokens_count_without_a_price() -> None:
    config = RepositoryConfig()
    budget = budget_for(config, [BudgetWish(tokens=10)])
    assert caps_for(config, budget, {}, operator=Cap(), unpriced=["local/llama"]).run.tokens == 10
