"""Which model works for which role."""

from types import SimpleNamespace
from typing import cast

from bot.core.policy.model import ROLES, RepositoryConfig, RoleConfig
from bot.workflows.house import House
from bot.workflows.spending import model_of, models_of

HOUSE = cast(House, SimpleNamespace(implementer_model="plain", reviewer_model="careful"))


def test_without_decisions_the_operator_s_models_work() -> None:
    found = {role: model_of(HOUSE, RepositoryConfig(), role) for role in ROLES}
    assert found.pop("reviewer") == "careful"
    assert set(found.values()) == {"plain"}
    assert models_of(HOUSE, RepositoryConfig()) == {"plain", "careful"}


def test_the_owners_decide_for_each_role_and_every_model_s_price_counts() -> None:
    config = RepositoryConfig(roles=(RoleConfig("planner", model="big"), RoleConfig("reviewer", effort="low")))
    assert model_of(HOUSE, config, "planner") == "big"
    assert model_of(HOUSE, config, "reviewer") == "careful"
    assert models_of(HOUSE, config) == {"plain", "careful", "big"}
