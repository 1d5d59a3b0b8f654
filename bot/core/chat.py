"""What is said between an agent and a model: plain values, the same for every provider."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Speaker(StrEnum):
    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool the model wants to use. `arguments` is the JSON text exactly as sent, possibly malformed."""

    call_id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `calls` only from the assistant; `call_id` only on a tool's result."""

    speaker: Speaker
    text: str
    calls: tuple[ToolCall, ...] = ()
    call_id: str = ""


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool as a model sees it. `parameters` is a JSON Schema object."""

    name: str
    description: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One call. The messages are append-only from turn to turn, so that a provider's prompt cache serves the prefix.

    `cache_key` is the same for all turns of one agent and may be for all agents of its role. `label` (role/task/turn) is for logs and recordings, never for the model.
    `endpoint` names one that the operator has configured, "" for the default; `effort` is how long a reasoning model shall think (`low`, `medium`,
    `high` and what else its provider knows), "" for its own default.
    """

    model: str
    messages: tuple[Message, ...]
    tools: tuple[ToolSpec, ...]
    max_output_tokens: int
    cache_key: str
    label: str
    endpoint: str = ""
    effort: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call or of many. `cached` is part of `prompt`."""

    prompt: int = 0
    cached: int = 0
    completion: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(self.prompt + other.prompt, self.cached + other.cached, self.completion + other.completion)

    @property
    def total(self) -> int:
        return self.prompt + self.completion


@dataclass(frozen=True, slots=True)
class ModelReply:
    """What came back. `cost_usd` is None when no price is configured for the model: unknown, not zero."""

    text: str
    calls: tuple[ToolCall, ...]
    finish_reason: str
    usage: Usage
    cost_usd: float | None
    seconds: float
    model: str
