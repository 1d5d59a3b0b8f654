"""How much of what is sent to a model its provider has seen before: that part a prompt cache can serve."""

import json
from collections.abc import Sequence

from tests.support.scripted_model import Seen


def prompt(seen: Seen) -> bytes:
    """The request in the order in which providers feed it to the model: tools, then messages. No closing bracket: more may follow."""
    return (json.dumps(seen.body["tools"]) + "".join(json.dumps(message) for message in seen.body["messages"])).encode()


def common(one: bytes, other: bytes) -> int:
    """How many bytes both begin with."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low


def known(prompts: Sequence[bytes]) -> list[int]:
    """Of each prompt, how many bytes it shares with the earlier one that it shares most with."""
    return [
        max((common(prompt, earlier) for earlier in prompts[:place]), default=0) for place, prompt in enumerate(prompts)
    ]


def known_share(prompts: Sequence[bytes]) -> float:
    """Of all bytes but those of the first prompt, the part that some earlier prompt began with."""
    return sum(known(prompts)) / sum(len(prompt) for prompt in prompts[1:])
