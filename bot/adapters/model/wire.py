"""Our chat values as the JSON of the chat completions API, and its answers as ours.

The answer is read by our own small models instead of the library's: it must survive what compatible servers really send
(missing usage, arguments as an object, an error with status 200) and must not survive a missing finish reason.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from bot.adapters.model.terms import CACHE_KEY, EFFORT, Terms
from bot.core.chat import Message, ModelRequest, Speaker, ToolCall, Usage

CHARACTERS_PER_TOKEN = 4
"""Used only where the endpoint reports no usage: a budget in tokens must count something. The usual rule of thumb for English."""


class Malformed(Exception):
    """The answer cannot be used: not JSON, cut off, or without a choice."""


class _Function(BaseModel):
    name: str | None = None
    arguments: str | dict[str, Any] | None = None


class _Call(BaseModel):
    id: str | None = None
    function: _Function


class _Part(BaseModel):
    text: str | None = None


class _Message(BaseModel):
    content: str | list[_Part] | None = None
    refusal: str | None = None
    tool_calls: list[_Call] | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _PromptDetails(BaseModel):
    cached_tokens: int | None = None


class _Usage(BaseModel):
    prompt_tokens: int = 0
    completion_tokens: int = 0
    prompt_tokens_details: _PromptDetails | None = None


class Answer(BaseModel):
    """A chat completion as far as we need it."""

    choices: list[_Choice]
    usage: _Usage | None = None
    model: str | None = None

    @property
    def finish_reason(self) -> str:
        return self.choices[0].finish_reason or ""

    @property
    def text(self) -> str:
        message = self.choices[0].message
        content = message.content
        text = "".join(part.text or "" for part in content) if isinstance(content, list) else content
        return text or message.refusal or ""

    def calls(self, turn: int) -> tuple[ToolCall, ...]:
        """The tool calls; ids that are missing or doubled are replaced, because results are matched by them."""
        found: list[ToolCall] = []
        for number, call in enumerate(self.choices[0].message.tool_calls or [], start=1):
            given = call.id or ""
            unique = given if given and given not in {c.call_id for c in found} else f"call_{turn}_{number}"
            arguments = call.function.arguments
            text = arguments if isinstance(arguments, str) else json.dumps(arguments or {})
            found.append(ToolCall(unique, call.function.name or "", text))
        return tuple(found)

    def counted(self, request: Mapping[str, Any]) -> Usage:
        """What the endpoint says it used, else an estimate."""
        if self.usage is None or self.usage.prompt_tokens + self.usage.completion_tokens == 0:
            said = len(self.text) + sum(len(c.arguments) for c in self.calls(0))
            return Usage(len(json.dumps(request)) // CHARACTERS_PER_TOKEN, 0, said // CHARACTERS_PER_TOKEN)
        details = self.usage.prompt_tokens_details
        cached = (details.cached_tokens if details else None) or 0
        prompt = max(self.usage.prompt_tokens, 0)
        return Usage(prompt, min(max(cached, 0), prompt), max(self.usage.completion_tokens, 0))


def read_answer(text: str) -> Answer:
    """The answer in a response's body. Raises `Malformed` in words when it is cut off, corrupt or an error in disguise."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        raise Malformed(f"the answer is not JSON ({len(text)} characters): it was cut off or is corrupt") from None
    if isinstance(whole, dict) and whole.get("error") and not whole.get("choices"):
        raise Malformed(f"the endpoint answered with an error: {json.dumps(whole['error'])}")
    try:
        answer = Answer.model_validate(whole)
    except ValidationError as error:
        raise Malformed(f"the answer has another shape than a chat completion ({error.error_count()} faults)") from None
    if not answer.choices:
        raise Malformed("the answer holds no choice")
    if not answer.finish_reason:
        raise Malformed("the answer has no finish reason: it was cut off")
    return answer


def write_request(request: ModelRequest, terms: Terms) -> dict[str, Any]:
    """The request's body on these terms. Equal requests give equal bodies, and a longer conversation begins with the shorter one's messages."""
    body: dict[str, Any] = {"model": request.model, "messages": write_messages(request.messages)}
    if request.tools:
        body["tools"] = [
            {
                "type": "function",
                "function": {"name": t.name, "description": t.description, "parameters": dict(t.parameters)},
            }
            for t in request.tools
        ]
    body[terms.length] = request.max_output_tokens
    if terms.cache_key and request.cache_key:
        body[CACHE_KEY] = request.cache_key
    if effort := terms.effort_for(request):
        body[EFFORT] = effort
    return body


def write_messages(messages: Sequence[Message]) -> list[dict[str, Any]]:
    return [_message(message) for message in messages]


def _message(message: Message) -> dict[str, Any]:
    if message.speaker is Speaker.TOOL:
        return {"role": "tool", "tool_call_id": message.call_id, "content": message.text}
    if message.speaker is not Speaker.ASSISTANT:
        return {"role": message.speaker.value, "content": message.text}
    if not message.calls:
        return {"role": "assistant", "content": message.text or "(no answer)"}
    calls = [
        {
            "id": c.call_id,
            "type": "function",
            "function": {"name": c.name or "unnamed", "arguments": _sendable(c.arguments)},
        }
        for c in message.calls
    ]
    return {"role": "assistant", "content": message.text or None, "tool_calls": calls}


def _sendable(arguments: str) -> str:
    """Arguments as an endpoint takes them back: several refuse a conversation that holds anything but a JSON object here."""
    try:
        if isinstance(json.loads(arguments), dict):
            return arguments
    except (ValueError, RecursionError):
        pass
    return json.dumps({"malformed": arguments})
