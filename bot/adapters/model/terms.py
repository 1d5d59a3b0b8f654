"""What an endpoint takes of the parameters that we can do without, learned from its refusals. Values only."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.core.chat import ModelRequest

CACHE_KEY = "prompt_cache_key"
EFFORT = "reasoning_effort"
LENGTH, OLD_LENGTH = "max_completion_tokens", "max_tokens"

_WANTS_NONE = re.compile(r"reasoning_effort to\W{0,3}none")
"""OpenAI's models from 5.6 on refuse function tools in chat completions unless `reasoning_effort` is `none`, also where none was sent: they
have a default of their own. The refusal says so in these words (read in public reports of 5.6 and 6)."""


class EffortWay(StrEnum):
    """ASKED: as the request says. NONE: with tools always `none`, because the model takes tools with nothing else. LEFT_OUT: never sent."""

    ASKED = "asked"
    NONE = "none"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class Terms:
    """How one model at one endpoint is to be asked. Each refusal leads only forward, so that trying again comes to an end."""

    length: str = LENGTH
    cache_key: bool = True
    effort: EffortWay = EffortWay.ASKED

    def effort_for(self, request: ModelRequest) -> str:
        """What is sent as `reasoning_effort`, "" for nothing."""
        if self.effort is EffortWay.LEFT_OUT:
            return ""
        return "none" if self.effort is EffortWay.NONE and request.tools else request.effort

    def optional(self, request: ModelRequest) -> frozenset[str]:
        """Parameters of this request that may be refused without end of the call."""
        names = {CACHE_KEY} if self.cache_key else set()
        if self.length == LENGTH:
            names.add(LENGTH)
        if self.effort_for(request) or (self.effort is EffortWay.ASKED and request.tools):
            names.add(EFFORT)
        return frozenset(names)

    def without(self, parameter: str, words: str) -> "Terms":
        """The terms after that parameter was refused, in the endpoint's `words`."""
        if parameter == CACHE_KEY:
            return replace(self, cache_key=False)
        if parameter == LENGTH:
            return replace(self, length=OLD_LENGTH)
        if self.effort is EffortWay.ASKED and _WANTS_NONE.search(words):
            return replace(self, effort=EffortWay.NONE)
        return replace(self, effort=EffortWay.LEFT_OUT)
