"""Prices come from configuration and are never guessed."""

import pytest

from bot.adapters.model.prices import ModelPrices, read_prices
from bot.core.chat import Usage
from bot.core.policy.model import Price
from bot.errors import ConfigFault


def test_prices_are_read_with_cached_defaulting_to_prompt() -> None:
    prices = read_prices('{"a": {"prompt": 2, "cached": 0.5, "completion": 8}, "b": {"prompt": 1, "completion": 2}}')
    assert prices == {"a": Price(2.0, 0.5, 8.0), "b": Price(1.0, 1.0, 2.0)}
    assert read_prices("  ") == {}


def test_a_recorded_model_is_known_to_cost_nothing() -> None:
    prices = ModelPrices({})
    assert prices.known("recorded/honest")
    assert prices.cost("recorded/honest", Usage(10_000, 0, 500)) == 0.0
    assert prices.cost("anything else", Usage(1, 0, 1)) is None


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(ConfigFault) as caught:
        read_prices(
            '{"a": {"prompt": -1}, "b": 3, "c": {"prompt": true, "completion": 1, "promt": 2}, "d": {"prompt": NaN, "completion": 1}}'
        )
    for part in (
        "'a' lacks 'completion'",
        "'a', 'prompt'",
        "'b' is not an object",
        "'c', 'prompt'",
        "'promt'",
        "'d', 'prompt'",
    ):
        assert part in caught.value.message


@pytest.mark.parametrize("text", ["{", "[]", "3", "[" * 100_000])
def test_what_is_no_object_is_refused(text: str) -> None:
    with pytest.raises(ConfigFault):
        read_prices(text)
