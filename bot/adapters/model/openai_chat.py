"""A client for the OpenAI-compatible chat completions API at any base URL, with our own capped patience.

The library's retries are off: it obeys a `Retry-After` of any length without a word, and takes an answer that was cut off for a
whole one. Answers are not streamed, so that one is either complete or an error.
"""

import asyncio
import json
import logging
import random
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from bot.adapters.model.faults import Fault, Origin, Refusal, Remedy, classify
from bot.adapters.model.prices import ModelPrices
from bot.adapters.model.terms import EFFORT, Terms
from bot.adapters.model.wire import Malformed, read_answer, write_request
from bot.core.chat import ModelReply, ModelRequest
from bot.core.policy.model import Price
from bot.core.pulls import Secret
from bot.core.visible import visible

if TYPE_CHECKING:
    from openai import AsyncOpenAI

LABEL_HEADER: Final = "X-Specbot-Agent"
"""Who asks (role/task/turn, percent-encoded); a recorded model finds its line by it, others ignore it."""

OPENAI: Final = "https://api.openai.com/v1"

_NO_KEY = "none"
"""Sent where no key is configured: local servers want some key and check none."""

_log = logging.getLogger(__name__)


def warm_up() -> threading.Thread:
    """Begin to load the client library beside whatever the process does now, and return the thread that does it.

    For processes that will call a model sooner or later: the first call then need not wait for it. Whoever does not call this loses
    nothing but that time.
    """
    loading = threading.Thread(target=import_module, args=("openai",), name="openai")
    loading.start()
    return loading


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one `complete` may try. All in seconds but `attempts`.

    `attempts`: four in all ride out a restart of the endpoint. `first_wait` doubles each time. `longest_wait`: what may be slept
    inside a call; a longer `Retry-After` becomes `RateLimited`, because a pause of minutes belongs to the workflow, which
    survives restarts. `request`: a long answer of a slow model; ten minutes is also the library's own limit. `connect`: a host that
    does not answer by then is not there.
    """

    attempts: int = 4
    first_wait: float = 0.5
    longest_wait: float = 20.0
    request: float = 600.0
    connect: float = 10.0


class OpenAIChat:
    """The port `Model` on chat completions. One instance serves any number of agents at once; close it with `aclose`."""

    def __init__(
        self,
        key: Secret | None,
        prices: ModelPrices,
        *,
        base_url: str | None = None,
        origin: Origin | None = None,
        patience: Patience | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        heard: Callable[[ModelRequest, str], object] | None = None,
    ) -> None:
        """`heard` is given the body of each answer that came with success, as it came."""
        self._key = key.reveal() if key else _NO_KEY
        self._prices = prices
        self._base_url = base_url or OPENAI
        self._origin = origin or Origin()
        self._patience = patience or Patience()
        self._sleep = sleep
        self._heard = heard
        self._client: AsyncOpenAI | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._connecting = threading.Lock()
        self._terms: dict[str, Terms] = {}
        self._random = random.SystemRandom()

    def __repr__(self) -> str:
        return f"OpenAIChat({self._base_url!r})"

    def knows_price(self, model: str) -> bool:
        return self._prices.known(model)

    def price(self, model: str) -> Price | None:
        return self._prices.price(model)

    async def complete(self, request: ModelRequest) -> ModelReply:
        """One finished answer.

        Broken connections, 408, 425, 429, 5xx and answers that were cut off are tried again, `Patience.attempts` times in all, then
        raised as `Transient` or `RateLimited` (with seconds). What trying again does not mend is a `ModelFault`. A parameter that the
        endpoint does not take for this model is left out from then on. `finish_reason` is never empty; `length` is the caller's to handle: such an
        answer was paid for and must be booked.
        """
        attempt = 1
        while True:
            terms = self.terms(request.model)
            result = await self._attempt(request, terms)
            if isinstance(result, ModelReply):
                return result
            if result.remedy is Remedy.PARAMETER:
                self._do_without(request, terms, result)
                continue
            wait = self._wait(result, attempt)
            if wait is None:
                raise result.as_error()
            _log.warning(
                "model call %s: attempt %d failed, next in %.1f s: %s",
                request.label,
                attempt,
                wait,
                result.message[:200],
            )
            await self._sleep(wait)
            attempt += 1

    async def listed(self) -> object:
        """What the endpoint says of its models, as JSON; None when it has no such list or does not answer."""
        await asyncio.to_thread(import_module, "openai")
        import httpx2  # noqa: PLC0415 - see `_attempt`
        import openai  # noqa: PLC0415

        try:
            response = await (await self._connected()).get("/models", cast_to=httpx2.Response)
            return response.json()
        except (openai.OpenAIError, ValueError):
            return None

    async def aclose(self) -> None:
        """Close the connections; call it on the loop that made the calls. The next call opens new ones."""
        client, self._client, self._loop = self._client, None, None
        if client is not None:
            await client.close()

    def close(self) -> None:
        """`aclose` from outside of the loop that made the calls, while that loop still runs; else there is nothing left to close."""
        loop = self._loop
        if loop is not None and loop.is_running():
            asyncio.run_coroutine_threadsafe(self.aclose(), loop).result(self._patience.connect)

    def _wait(self, fault: Fault, attempt: int) -> float | None:
        """Seconds until the next attempt, None to give up."""
        patience = self._patience
        if fault.remedy not in (Remedy.WAIT, Remedy.PAUSE) or attempt >= patience.attempts:
            return None
        if fault.seconds is not None:
            return fault.seconds if fault.seconds <= patience.longest_wait else None
        doubled = patience.first_wait * float(1 << (attempt - 1))
        return min(doubled * self._random.uniform(0.75, 1.25), patience.longest_wait)

    def terms(self, model: str) -> Terms:
        """What the endpoint has been found to take for this model."""
        return self._terms.get(model, Terms())

    def _do_without(self, request: ModelRequest, sent: Terms, fault: Fault) -> None:
        """Ask on other terms from now on, unless another agent's refusal has changed them meanwhile."""
        if self.terms(request.model) != sent:
            return
        self._terms[request.model] = terms = sent.without(fault.parameter, fault.message)
        if fault.parameter == EFFORT and request.effort not in ("", terms.effort_for(request)):
            _log.warning("%s does not take the effort %s: %s", request.model, request.effort, fault.message[:200])

    async def _attempt(self, request: ModelRequest, terms: Terms) -> ModelReply | Fault:
        """One request. Every failure becomes a value here, so that no exception that holds the key can leave."""
        if self._client is None:
            await asyncio.to_thread(import_module, "openai")  # the first import takes too long for the event loop
        import openai  # noqa: PLC0415 - half a second and 50 MB that commands without a model need not pay

        body = write_request(request, terms)
        started = time.monotonic()
        try:
            client = await self._connected()
            async with asyncio.timeout(self._patience.request):
                text = await self._post(client, body, request.label)
        except openai.APIStatusError as error:
            words = self._clean(_words(error.body) or error.response.text)
            refusal = Refusal(error.status_code, error.response.headers, error.body, words)
            return classify(refusal, terms.optional(request), datetime.now(UTC), self._origin)
        except (openai.APITimeoutError, TimeoutError):
            return Fault(Remedy.WAIT, "the model endpoint did not answer in time", "try again later")
        except openai.APIConnectionError as error:
            why = self._clean(str(error.__cause__ or error))
            return Fault(
                Remedy.WAIT,
                f"the connection to the model endpoint failed: {why}",
                f"check {self._origin.address} and the network",
            )
        except openai.OpenAIError as error:
            return Fault(
                Remedy.NOTHING, f"the model call failed: {self._clean(str(error))}", "see the endpoint's words"
            )
        if self._heard:
            self._heard(request, text)
        return self._reply(request, body, text, time.monotonic() - started)

    async def _post(self, client: "AsyncOpenAI", body: dict[str, Any], label: str) -> str:
        import httpx2  # noqa: PLC0415 - comes with the library, see above

        response = await client.post(
            "/chat/completions",
            cast_to=httpx2.Response,
            body=body,
            options={"headers": {LABEL_HEADER: quote(label)}},
        )
        return response.text

    async def _connected(self) -> "AsyncOpenAI":
        """The client of the running loop: its connections belong to one loop, and tests and commands use several."""
        loop = asyncio.get_running_loop()
        if self._client is not None and self._loop is loop:
            return self._client
        # In a thread: it reads the machine's trust store, a tenth of a second in which the loop carries every other agent.
        return await asyncio.to_thread(self._connect, loop)

    def _connect(self, loop: asyncio.AbstractEventLoop) -> "AsyncOpenAI":
        """Make the loop's client, once for all agents that ask for it at the same time."""
        import httpx2  # noqa: PLC0415
        import openai  # noqa: PLC0415

        with self._connecting:
            if self._client is not None and self._loop is loop:
                return self._client
            timeout = httpx2.Timeout(self._patience.request, connect=self._patience.connect)
            self._client = openai.AsyncOpenAI(
                api_key=self._key, base_url=self._base_url, max_retries=0, timeout=timeout
            )
            self._loop = loop
            return self._client

    def _reply(self, request: ModelRequest, body: dict[str, Any], text: str, seconds: float) -> ModelReply | Fault:
        try:
            answer = read_answer(text)
        except Malformed as error:
            return Fault(Remedy.WAIT, self._clean(str(error)), "the endpoint broke off its answer; try again later")
        if answer.finish_reason == "content_filter":
            return Fault(
                Remedy.NOTHING,
                "the provider's content filter stopped the answer",
                "reword the spec, or use another model",
            )
        usage = answer.counted(body)
        turn = 1 + sum(1 for message in body["messages"] if message["role"] == "assistant")
        return ModelReply(
            text=answer.text,
            calls=answer.calls(turn),
            finish_reason=answer.finish_reason,
            usage=usage,
            cost_usd=self._prices.cost(request.model, usage),
            seconds=seconds,
            model=answer.model or request.model,
        )

    def _clean(self, text: str) -> str:
        """An endpoint's words without our key (some repeat it) and without control characters."""
        return visible(text.replace(self._key, "********") if self._key != _NO_KEY else text)


def _words(body: object) -> str:
    """What an error's body says for people."""
    if isinstance(body, dict):
        inner = body.get("error", body)
        message = inner.get("message") if isinstance(inner, dict) else inner
        return str(message) if message else json.dumps(body, default=str)
    return body if isinstance(body, str) else ""
