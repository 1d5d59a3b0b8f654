"""What a model call costs, from configuration: nobody's price list is built in, because each goes stale silently."""

import json
from collections.abc import Mapping
from typing import Any

from bot.core.chat import Usage
from bot.core.policy.model import Price
from bot.errors import ConfigFault

RECORDED = "recorded/"
"""Names of recorded models start like this; playing one costs nothing, and that is known, not assumed."""

_TOKENS = 1_000_000
"""Providers print prices for a million tokens."""


class ModelPrices:
    """Prices by model name. A model that is not named has no known price, which is not the same as none."""

    def __init__(self, prices: Mapping[str, Price]) -> None:
        self._prices = dict(prices)

    def known(self, model: str) -> bool:
        return self.price(model) is not None

    def cost(self, model: str, usage: Usage) -> float | None:
        """USD for the usage, None when the price is unknown."""
        price = self.price(model)
        if price is None:
            return None
        fresh = max(usage.prompt - usage.cached, 0)
        total = fresh * price.prompt + usage.cached * price.cached + usage.completion * price.completion
        return total / _TOKENS

    def price(self, model: str) -> Price | None:
        """The model's price, None when it is unknown."""
        if model.startswith(RECORDED):
            return Price(0.0, 0.0, 0.0)
        return self._prices.get(model)


def read_prices(text: str) -> dict[str, Price]:
    """Prices from JSON, `{"model": {"prompt": x, "cached": y, "completion": z}}`, USD for a million tokens each.

    `cached` may be left out: it is then the price of a prompt token. Empty text is no prices. Raises `ConfigFault` naming all faults.
    """
    if not text.strip():
        return {}
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigFault(f"the prices are not JSON: {error}", hint=_HINT) from None
    if not isinstance(whole, dict):
        raise ConfigFault("the prices are not a JSON object", hint=_HINT)
    faults: list[str] = []
    prices = {name: price for name, value in whole.items() if (price := _price(name, value, faults))}
    if faults:
        raise ConfigFault("; ".join(faults), hint=_HINT)
    return prices


_HINT = 'write {"model": {"prompt": 1.25, "cached": 0.125, "completion": 10}} in USD for a million tokens'


def _price(name: str, value: Any, faults: list[str]) -> Price | None:
    if not isinstance(value, dict):
        faults.append(f"the price of {name!r} is not an object")
        return None
    before = len(faults)
    faults += [
        f"the price of {name!r} has an unknown part {key!r}"
        for key in sorted(value.keys() - {"prompt", "cached", "completion"})
    ]
    faults += [f"the price of {name!r} lacks {part!r}" for part in ("prompt", "completion") if part not in value]
    numbers: dict[str, float] = {}
    for part, number in value.items():
        if isinstance(number, bool) or not isinstance(number, int | float) or not 0 <= number < float("inf"):
            faults.append(f"the price of {name!r}, {part!r}, is not a number of at least 0")
        else:
            numbers[part] = float(number)
    if len(faults) > before:
        return None
    return Price(numbers["prompt"], numbers.get("cached", numbers["prompt"]), numbers["completion"])
