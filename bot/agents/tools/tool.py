"""What a tool is, what its arguments look like to a model, and how a call of it is read."""

import json
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.agents.desk import Desk
from bot.agents.outcome import AgentStatus
from bot.core.chat import ToolCall, ToolSpec


class Arguments(BaseModel):
    """Base of all tools' arguments. Unknown ones are an error that names them, so that a misspelt option is not silently lost."""

    model_config = ConfigDict(extra="forbid", frozen=True)


A = TypeVar("A", bound=Arguments)


class ToolFault(Exception):
    """The call was understood and cannot be done; the words are for the model. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Tool(Generic[A]):
    """Something an agent uses. `use` returns what the model is shown, raises `ToolFault`. `writes`: it can change files."""

    name: str
    description: str
    arguments: type[A]
    use: Callable[[A, Desk], Coroutine[Any, Any, str]]
    writes: bool


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What an ending tool says: the agent's summary or reason, and the role's value as JSON."""

    summary: str = ""
    reason: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Ending(Generic[A]):
    """A tool that ends the work with a status."""

    name: str
    description: str
    arguments: type[A]
    status: AgentStatus
    hand_in: Callable[[A], HandedIn]


AnyTool = Tool[Any] | Ending[Any]


@dataclass(frozen=True, slots=True)
class Understood:
    """A call that names one of the tools and fits its arguments."""

    tool: AnyTool
    arguments: Any


@dataclass(frozen=True, slots=True)
class Misused:
    """A call that no tool can be run for; `words` tell the model what to change."""

    words: str


def read_call(tools: Sequence[AnyTool], call: ToolCall) -> Understood | Misused:
    """What a call asks for. Total: whatever a model sent, the answer is one of the two."""
    tool = next((t for t in tools if t.name == call.name), None)
    if tool is None:
        return Misused(f"there is no tool {call.name!r}; there are {', '.join(t.name for t in tools)}")
    try:
        value = json.loads(call.arguments or "{}")
    except RecursionError:
        return Misused("the arguments are nested too deeply")
    except ValueError as error:
        return Misused(_not_json(call.arguments, error))
    if not isinstance(value, dict):
        return Misused("the arguments must be a JSON object")
    try:
        return Understood(tool, tool.arguments.model_validate(value))
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in e['loc']) or 'arguments'}: {e['msg']}" for e in error.errors()[:5]
        )
        return Misused(f"the arguments do not fit {tool.name}: {faults}")


def _not_json(arguments: str, error: ValueError) -> str:
    position = getattr(error, "pos", 0)
    unterminated = "Unterminated" in str(error) or position >= len(arguments.rstrip())
    cut = " They end in the middle: if your answer grew too long, send smaller pieces." if unterminated else ""
    return f"the arguments are not valid JSON ({error}).{cut}"


def describe(tool: AnyTool) -> ToolSpec:
    """The tool as a model sees it."""
    whole = tool.arguments.model_json_schema()
    return ToolSpec(tool.name, tool.description, _plain(whole, whole.get("$defs", {})))


def _plain(schema: Any, definitions: Mapping[str, Any]) -> Any:
    """The schema without titles and references: shorter, and some servers resolve none."""
    if isinstance(schema, list):
        return [_plain(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _plain(definitions[schema["$ref"].rsplit("/", 1)[-1]], definitions)
    return {
        key: {name: _plain(part, definitions) for name, part in value.items()}
        if key == "properties"
        else _plain(value, definitions)
        for key, value in schema.items()
        if key not in ("title", "$defs")
    }
