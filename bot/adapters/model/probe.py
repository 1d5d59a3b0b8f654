"""Tries an endpoint the way agents use it, and says what would go wrong before a run finds it out.

Every call costs tokens: `expected_tokens` says about how many, so that it can be told beforehand.
"""

import asyncio
import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.adapters.model.openai_chat import OpenAIChat, Patience
from bot.adapters.model.terms import EffortWay
from bot.core.chat import Message, ModelReply, ModelRequest, Speaker, ToolSpec
from bot.core.visible import visible
from bot.errors import RateLimited, SpecbotError

PATIENCE: Final = Patience(attempts=1, request=120.0)
"""One try each: a refusal is what we want to see. Two minutes are enough for a slow model to add two numbers."""

OUTPUT_TOKENS: Final = 2_000
"""Room for a model that thinks before it adds two numbers; others use twenty."""

TOKENS_PER_CALL: Final = 500
"""About what one small call uses: 250 for prompt and tools, the rest for an answer with some thinking."""

LEAST_CONTEXT: Final = 32_000
"""Tokens that an agent cannot do without: an answer of up to 16,000, and a briefing with a spec, a list of files and some reading."""

FIRST_CONTEXT: Final = 8_000
"""Tokens of the first long prompt; each further one is twice as long."""

_TALK: Final = 5
"""Calls besides those that run side by side: an answer, a tool, its result, two tools at once, an effort."""

_CONTEXT_KEYS: Final = ("context_length", "max_model_len", "context_window", "max_context_length", "max_input_tokens")
"""As servers call the context window in their list of models: none of it is part of OpenAI's own API."""

_NUMBERS: Final = {
    "type": "object",
    "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}},
    "required": ["a", "b"],
}
_RESULT: Final = {"type": "object", "properties": {"result": {"type": "integer"}}, "required": ["result"]}
TOOLS: Final = (
    ToolSpec("add", "Add two numbers.", _NUMBERS),
    ToolSpec("finish", "Hand in the result.", _RESULT),
)
_SYSTEM: Final = Message(Speaker.SYSTEM, "You are being tried out. Every answer must call at least one tool.")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing tried. `way_out` is "" when it is well; `needed` False for what agents can work without."""

    what: str
    found: str
    way_out: str = ""
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried: `at_once` calls side by side; prompts up to `context_up_to` tokens, 0 for none, because long prompts cost money."""

    model: str
    at_once: int = 4
    context_up_to: int = 0

    @property
    def expected_tokens(self) -> int:
        """About how many tokens all calls use together."""
        return (_TALK + self.at_once) * TOKENS_PER_CALL + sum(_lengths(self.context_up_to))


class Heard:
    """The bodies of answers by the label of their requests: what the client's own values do not show any more."""

    def __init__(self) -> None:
        self._bodies: dict[str, Any] = {}

    def __call__(self, request: ModelRequest, text: str) -> None:
        try:
            self._bodies[request.label] = json.loads(text)
        except (ValueError, RecursionError):
            self._bodies[request.label] = None

    def usage(self, label: str) -> Mapping[str, Any]:
        body = self._bodies.get(label)
        usage = body.get("usage") if isinstance(body, dict) else None
        return usage if isinstance(usage, dict) else {}


async def probe(client: OpenAIChat, heard: Heard, trial: Trial) -> tuple[Finding, ...]:
    """Everything that was found, in the order in which it was tried; only the first when nothing answers. `client` must report to `heard`."""
    return await _Probe(client, heard, trial).run()


class _Probe:
    def __init__(self, client: OpenAIChat, heard: Heard, trial: Trial) -> None:
        self._client, self._heard, self._trial = client, heard, trial
        self._seconds: list[float] = []
        self._reasons: set[str] = set()

    async def run(self) -> tuple[Finding, ...]:
        first = await self._ask("answer", *_user("Call `finish` with the result 4."))
        if isinstance(first, SpecbotError):
            return (Finding("answer", first.message[:300], first.hint or "see the endpoint's words"),)
        found = [Finding("answer", f"{visible(first.model)[:100]} answers, the key is accepted"), *await self._tools()]
        found += self._usage()
        found.append(await self._context())
        found.append(await self._effort())
        found.append(await self._side_by_side())
        found.append(Finding("finish reasons", ", ".join(sorted(self._reasons))))
        found.append(Finding("latency", f"{statistics.median(self._seconds):.1f} s for a small call (median)"))
        return tuple(found)

    async def _tools(self) -> list[Finding]:
        asked = _user("Call `add` with a=2 and b=3. When you have its result, call `finish` with it.")
        reply = await self._ask("tool", *asked)
        if isinstance(reply, SpecbotError):
            return [_failed("tool calls", reply)]
        call = next((c for c in reply.calls if c.name == "add"), None)
        if call is None or not isinstance(_arguments(call.arguments), dict):
            said = "no tool was called" if not reply.calls else "a tool was called with what is no JSON object"
            way_out = "agents work by tools alone: use a model that calls them, or switch them on at the server"
            return [Finding("tool calls", said, way_out)]
        results = tuple(Message(Speaker.TOOL, "5", call_id=each.call_id) for each in reply.calls)
        further = await self._ask("result", *asked, Message(Speaker.ASSISTANT, reply.text, reply.calls), *results)
        if isinstance(further, SpecbotError):
            return [Finding("tool calls", "work"), _failed("a tool's result", further)]
        goes_on = any(c.name == "finish" for c in further.calls)
        after = Finding("a tool's result", "is understood")
        if not goes_on:
            way_out = "the model did not go on with what its tool said; agents may need many turns or get stuck"
            after = Finding("a tool's result", "is not used", way_out, needed=False)
        return [Finding("tool calls", "work"), after, await self._parallel()]

    async def _parallel(self) -> Finding:
        reply = await self._ask("parallel", *_user("In one answer, call `add` twice: with 1 and 2, and with 3 and 4."))
        if isinstance(reply, SpecbotError):
            return replace(_failed("several calls in one answer", reply), needed=False)
        if len(reply.calls) > 1:
            return Finding("several calls in one answer", f"{len(reply.calls)} came")
        way_out = "agents work, with more turns: each turn pays for the whole conversation again"
        return Finding("several calls in one answer", "one at a time", way_out, needed=False)

    def _usage(self) -> list[Finding]:
        usage = self._heard.usage("probe/tool/1") or self._heard.usage("probe/answer/1")
        if not usage.get("prompt_tokens"):
            way_out = "tokens are estimated from characters, so budgets hold only roughly; have the server report usage"
            return [Finding("usage", "is not reported", way_out, needed=False)]
        details = usage.get("prompt_tokens_details")
        if isinstance(details, dict) and isinstance(details.get("cached_tokens"), int):
            return [Finding("usage", "is reported, with cached tokens")]
        way_out = "cached tokens are counted at the full price; the bill may be lower than what Specbot shows"
        return [Finding("usage", "is reported, without cached tokens", way_out, needed=False)]

    async def _context(self) -> Finding:
        tokens = _said_context(await self._client.listed(), self._trial.model)
        if self._trial.context_up_to:
            return await self._tried_context()
        if tokens is None:
            way_out = "--context-up-to TOKENS tries it with long prompts, which cost their tokens"
            return Finding("context", "the endpoint does not say", way_out, needed=False)
        return _context_finding(tokens, f"{tokens:,} tokens, as the endpoint says")

    async def _tried_context(self) -> Finding:
        taken = 0
        for tokens in _lengths(self._trial.context_up_to):
            long = _user("word " * tokens + "\nCall `finish` with the result 4.")
            reply = await self._ask(f"context-{tokens}", *long)
            if isinstance(reply, RateLimited):
                way_out = "the provider limits tokens a minute: try again later, or with fewer"
                return Finding("context", f"limited at about {tokens:,} tokens", way_out, needed=False)
            if isinstance(reply, SpecbotError):
                return _context_finding(taken, f"takes about {taken:,} tokens, refuses about {tokens:,}")
            taken = self._heard.usage(f"probe/context-{tokens}/1").get("prompt_tokens") or tokens
        return _context_finding(taken, f"takes {taken:,} tokens, more was not tried")

    async def _effort(self) -> Finding:
        reply = await self._ask("effort", *_user("Call `finish` with the result 4."), effort="low")
        if isinstance(reply, SpecbotError):
            return replace(_failed("effort", reply), needed=False)
        way = self._client.terms(self._trial.model).effort
        if way is EffortWay.NONE:
            way_out = "with tools this model takes `none` only: it does not think, and `effort` in roles has no effect"
            return Finding("effort", "only `none` is taken", way_out, needed=False)
        if way is EffortWay.LEFT_OUT:
            return Finding("effort", "is not taken", "`effort` in roles has no effect here", needed=False)
        return Finding("effort", "is taken")

    async def _side_by_side(self) -> Finding:
        count = self._trial.at_once
        asked = _user("Call `finish` with the result 4.")
        replies = await asyncio.gather(*[self._ask(f"beside-{n}", *asked) for n in range(count)])
        good = sum(isinstance(reply, ModelReply) for reply in replies)
        limited = sum(isinstance(reply, RateLimited) for reply in replies)
        found = f"{good} of {count} calls at once were answered" + (f", {limited} were rate limited" if limited else "")
        if good == count:
            return Finding("side by side", found)
        way_out = f"set `agents: {{at_once: {max(good, 1)}}}` in `.github/specbot.yml`, or have the limit raised"
        return Finding("side by side", found, way_out, needed=good == 0)

    async def _ask(self, what: str, *messages: Message, effort: str = "") -> ModelReply | SpecbotError:
        request = ModelRequest(
            self._trial.model, (_SYSTEM, *messages), TOOLS, OUTPUT_TOKENS, "", f"probe/{what}/1", effort=effort
        )
        try:
            reply = await self._client.complete(request)
        except SpecbotError as error:
            return error
        self._seconds.append(reply.seconds)
        self._reasons.add(visible(reply.finish_reason)[:40])
        return reply


def _user(text: str) -> tuple[Message, ...]:
    return (Message(Speaker.USER, text),)


def _arguments(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _failed(what: str, error: SpecbotError) -> Finding:
    return Finding(what, error.message[:300], error.hint or "see the endpoint's words")


def _context_finding(tokens: int, found: str) -> Finding:
    if tokens >= LEAST_CONTEXT:
        return Finding("context", found)
    return Finding("context", found, f"agents need about {LEAST_CONTEXT:,}: serve the model with a longer context")


def _lengths(up_to: int) -> Sequence[int]:
    """Prompts of growing length, the last one as long as is allowed."""
    lengths: list[int] = []
    tokens = FIRST_CONTEXT
    while tokens < up_to:
        lengths.append(tokens)
        tokens *= 2
    return [*lengths, up_to] if up_to else []


def _said_context(models: object, name: str) -> int | None:
    """The context window in a list of models, wherever known servers put it."""
    entries = models.get("data") if isinstance(models, dict) else models
    for entry in entries if isinstance(entries, list) else []:
        if not isinstance(entry, dict) or entry.get("id") != name:
            continue
        meta = entry.get("meta")
        inner = meta.get("n_ctx") if isinstance(meta, dict) else None
        said = [entry.get(key) for key in _CONTEXT_KEYS] + [inner]
        return next((value for value in said if isinstance(value, int) and value > 0), None)
    return None
