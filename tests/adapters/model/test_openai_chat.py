"""The client against a real endpoint on loopback that misbehaves in the ways real ones do."""

import asyncio
import logging
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.adapters.model.openai_chat import OpenAIChat, Patience
from bot.adapters.model.prices import ModelPrices
from bot.core.chat import Message, ModelReply, ModelRequest, Speaker, ToolCall, ToolSpec, Usage
from bot.core.policy.model import Price
from bot.core.pulls import Secret
from bot.errors import ModelFault, RateLimited, SpecbotError, Transient
from tests.support.scripted_model import Answer, Fault, ScriptedModel, Seen, in_order

KEY = "sk-test-0123456789abcdefghijklmnop"
PRICES = ModelPrices({"m": Price(prompt=2.0, cached=0.5, completion=8.0)})
QUICK = Patience(attempts=4, first_wait=0.001, longest_wait=2.0, request=5.0, connect=2.0)
TOOL = ToolSpec("bash", "Run a script.", {"type": "object", "properties": {"script": {"type": "string"}}})


def request(*messages: Message, model: str = "m", label: str = "implementer/T-1/1", effort: str = "") -> ModelRequest:
    talk = messages or (Message(Speaker.SYSTEM, "be kind"), Message(Speaker.USER, "do it"))
    return ModelRequest(model, talk, (TOOL,), 1000, "implementer/T-1/abc", label, effort=effort)


class Sleeps:
    """Remembers the waits instead of sleeping them."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        await asyncio.sleep(0)


def ask(
    server: ScriptedModel, *requests: ModelRequest, patience: Patience = QUICK, sleep: Sleeps | None = None
) -> list[ModelReply]:
    async def talk() -> list[ModelReply]:
        model = OpenAIChat(Secret(KEY), PRICES, base_url=server.base_url, patience=patience, sleep=sleep or Sleeps())
        try:
            return [await model.complete(each) for each in requests or (request(),)]
        finally:
            await model.aclose()

    return asyncio.run(talk())


def failing(
    *faults: Fault, patience: Patience = QUICK, sleep: Sleeps | None = None
) -> tuple[SpecbotError, ScriptedModel]:
    with ScriptedModel(in_order(*faults)) as server, pytest.raises(SpecbotError) as caught:
        ask(server, patience=patience, sleep=sleep)
    return caught.value, server


def test_an_answer_comes_with_calls_usage_and_cost() -> None:
    answer = Answer(
        "looking",
        [("bash", {"script": "ls"})],
        usage={"prompt_tokens": 1000, "completion_tokens": 50, "prompt_tokens_details": {"cached_tokens": 800}},
    )
    with ScriptedModel(in_order(answer)) as server:
        (reply,) = ask(server)
    assert reply.text == "looking"
    assert [(c.name, c.arguments) for c in reply.calls] == [("bash", '{"script": "ls"}')]
    assert reply.finish_reason == "tool_calls"
    assert reply.usage == Usage(prompt=1000, cached=800, completion=50)
    assert reply.cost_usd == pytest.approx((200 * 2.0 + 800 * 0.5 + 50 * 8.0) / 1e6)


def test_the_request_says_who_asks_and_what_for() -> None:
    with ScriptedModel(in_order(Answer("ok"))) as server:
        ask(server, request(label="reviewer/ünï/7"))
    (seen,) = server.requests
    assert seen.label == "reviewer/ünï/7"
    assert seen.body["prompt_cache_key"] == "implementer/T-1/abc"
    assert seen.body["max_completion_tokens"] == 1000
    assert "stream" not in seen.body
    assert seen.body["tools"][0]["function"]["name"] == "bash"
    assert seen.headers["authorization" if "authorization" in seen.headers else "Authorization"] == f"Bearer {KEY}"


def test_unknown_price_is_unknown_not_zero() -> None:
    with ScriptedModel(in_order(Answer("ok"))) as server:
        (reply,) = ask(server, request(model="other"))
    assert reply.cost_usd is None
    assert not PRICES.known("other")


def test_usage_that_is_not_reported_is_estimated() -> None:
    with ScriptedModel(in_order(Answer("four char" * 10, usage={}))) as server:
        (reply,) = ask(server)
    assert reply.usage.prompt > 20
    assert reply.usage.completion > 10


@pytest.mark.parametrize(
    "fault",
    [
        Fault(500), Fault(503), Fault(529), Fault(408), Fault(429), Fault(drop=True), Fault(truncate=True),
        Fault(200, "<html>gateway</html>"), Fault(200, {"choices": []}), Fault(200, {"error": {"message": "overloaded", "code": 502}}),
        Fault(200, {"choices": [{"message": {"content": "cut"}, "finish_reason": None}]}),
    ],
    ids=["500", "503", "529", "408", "429", "drop", "truncate", "html", "no choice", "error in disguise", "no finish reason"],
)  # fmt: skip
def test_what_passes_is_tried_again(fault: Fault) -> None:
    sleep = Sleeps()
    with ScriptedModel(in_order(fault, fault, Answer("at last"))) as server:
        (reply,) = ask(server, sleep=sleep)
    assert reply.text == "at last"
    assert len(server.requests) == 3
    assert len(sleep.seconds) == 2
    assert all(a.body == server.requests[0].body for a in server.requests)


def test_what_does_not_pass_is_transient_after_four_attempts() -> None:
    sleep = Sleeps()
    error, server = failing(*[Fault(500)] * 9, sleep=sleep)
    assert isinstance(error, Transient)
    assert not isinstance(error, RateLimited)
    assert len(server.requests) == 4
    assert sleep.seconds == sorted(sleep.seconds)


def test_a_short_retry_after_is_obeyed() -> None:
    sleep = Sleeps()
    with ScriptedModel(in_order(Fault(429, headers={"Retry-After": "1.5"}), Answer("ok"))) as server:
        ask(server, sleep=sleep)
    assert sleep.seconds == [1.5]


@pytest.mark.parametrize(("headers", "seconds"), [({"Retry-After": "120"}, 120), ({"Retry-After-Ms": "90000"}, 90)])
def test_a_long_retry_after_is_a_pause_for_the_workflow(headers: dict[str, str], seconds: float) -> None:
    sleep = Sleeps()
    error, server = failing(Fault(429, headers=headers), sleep=sleep)
    assert isinstance(error, RateLimited)
    assert error.retry_after == seconds
    assert sleep.seconds == []
    assert len(server.requests) == 1


def test_a_limit_that_never_ends_names_a_pause() -> None:
    error, _ = failing(*[Fault(429)] * 9)
    assert isinstance(error, RateLimited)
    assert error.retry_after
    assert error.retry_after > 0


@pytest.mark.parametrize(
    ("status", "body", "word"),
    [
        (401, {"error": {"message": f"Incorrect API key provided: {KEY}"}}, "OPENAI_API_KEY"),
        (403, {"error": {"message": "no"}}, "OPENAI_API_KEY"),
        (404, {"error": {"message": "no such model"}}, "OPENAI_BASE_URL"),
        (400, {"error": {"message": "too long", "code": "context_length_exceeded"}}, "longer"),
        (429, {"error": {"message": "You exceeded your quota", "code": "insufficient_quota"}}, "quota"),
        (422, {"error": {"message": "- a\n+ b", "code": "recording_mismatch"}}, "record"),
        (409, {"error": {"message": "conflict"}}, "endpoint"),
    ],
)
def test_what_only_a_person_can_mend_is_a_model_fault_at_once(status: int, body: object, word: str) -> None:
    error, server = failing(Fault(status, body), Fault(500))
    assert type(error) is ModelFault
    assert word in error.hint
    assert len(server.requests) == 1
    assert KEY not in str(error)


def test_the_content_filter_is_a_model_fault() -> None:
    with (
        ScriptedModel(in_order(Answer("", finish_reason="content_filter"))) as server,
        pytest.raises(ModelFault, match="filter"),
    ):
        ask(server)


def test_an_answer_cut_by_the_length_limit_is_handed_over_because_it_was_paid_for() -> None:
    with ScriptedModel(
        in_order(Answer("", [("create", '{"path": "a.py", "content": "x = ')], finish_reason="length"))
    ) as server:
        (reply,) = ask(server)
    assert reply.finish_reason == "length"
    assert reply.calls[0].arguments.endswith("x = ")
    assert reply.cost_usd


@pytest.mark.parametrize("status", [400, 422])
def test_a_parameter_the_endpoint_does_not_know_is_left_out_from_then_on(status: int) -> None:
    def old_server(seen: Seen) -> Answer | Fault:
        body = seen.body
        for name in ("prompt_cache_key", "max_completion_tokens"):
            if name in body:
                return Fault(status, {"error": {"message": f"Unrecognized request argument supplied: {name}"}})
        return Answer("ok")

    with ScriptedModel(old_server) as server:
        ask(server, request(), request())
    assert ["prompt_cache_key" in r.body for r in server.requests].count(True) == 1
    assert len(server.requests) == 4
    assert server.requests[-1].body["max_tokens"] == 1000


def test_the_effort_is_sent_when_somebody_decided_it() -> None:
    with ScriptedModel(in_order(Answer("ok"), Answer("ok"))) as server:
        ask(server, request(effort="high"), request())
    assert [r.body.get("reasoning_effort") for r in server.requests] == ["high", None]


def test_an_effort_that_a_model_does_not_take_is_left_out_for_it_alone(caplog: pytest.LogCaptureFixture) -> None:
    def plain_model(seen: Seen) -> Answer | Fault:
        if "reasoning_effort" in seen.body and seen.body["model"] == "plain":
            return Fault(400, {"error": {"message": "Unrecognized request argument supplied: reasoning_effort"}})
        return Answer("ok")

    with ScriptedModel(plain_model) as server:
        ask(server, *(request(model=name, effort="low") for name in ("plain", "plain", "m")))
    sent = [(r.body["model"], r.body.get("reasoning_effort")) for r in server.requests]
    assert sent == [("plain", "low"), ("plain", None), ("plain", None), ("m", "low")]
    assert "plain does not take the effort low" in caplog.text


@pytest.mark.parametrize("effort", ["", "high"])
def test_a_model_that_takes_tools_only_without_thinking_is_asked_so(effort: str) -> None:
    """OpenAI's models from 5.6 on, in chat completions: also refused when nothing was said about effort."""
    words = "Function tools with reasoning_effort are not supported for m in /v1/chat/completions. To use function tools, use /v1/responses or set reasoning_effort to 'none'."

    def newest(seen: Seen) -> Answer | Fault:
        if "tools" in seen.body and seen.body.get("reasoning_effort") != "none":
            return Fault(400, {"error": {"message": words, "param": "reasoning_effort", "code": None}})
        return Answer("ok")

    with ScriptedModel(newest) as server:
        ask(server, request(effort=effort), request(effort=effort), replace(request(effort=effort), tools=()))
    assert [r.body.get("reasoning_effort") for r in server.requests] == [effort or None, "none", "none", effort or None]


def test_an_effort_that_is_always_refused_ends() -> None:
    refusal = Fault(400, {"error": {"message": "set reasoning_effort to 'none'", "param": "reasoning_effort"}})
    error, server = failing(*[refusal] * 9)
    assert isinstance(error, ModelFault)
    assert [r.body.get("reasoning_effort") for r in server.requests] == [None, "none", None]


def test_agents_that_learn_of_an_unknown_parameter_at_the_same_time_all_go_on() -> None:
    together = threading.Barrier(4, timeout=10)

    def old_server(seen: Seen) -> Answer | Fault:
        if "prompt_cache_key" in seen.body:
            return Fault(400, {"error": {"message": "unknown", "param": "prompt_cache_key"}})
        return Answer("ok")

    with ScriptedModel(old_server, before=lambda seen: "prompt_cache_key" in seen.body and together.wait()) as server:

        async def talk() -> list[ModelReply]:
            model = OpenAIChat(Secret(KEY), PRICES, base_url=server.base_url, patience=QUICK)
            try:
                return await asyncio.gather(*[model.complete(request()) for _ in range(4)])
            finally:
                await model.aclose()

        assert [reply.text for reply in asyncio.run(talk())] == ["ok"] * 4


def test_the_library_is_loaded_beside_other_work_when_asked() -> None:
    asked = "import sys, bot.adapters.model.openai_chat as m; print('openai' in sys.modules); m.warm_up().join(); print('openai' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["False", "True"]


def test_agents_that_ask_first_at_the_same_time_share_one_client() -> None:
    with ScriptedModel(lambda seen: Answer("ok")) as server:

        async def talk() -> tuple[int, list[ModelReply]]:
            model = OpenAIChat(Secret(KEY), PRICES, base_url=server.base_url, patience=QUICK)
            try:
                clients = await asyncio.gather(*[model._connected() for _ in range(8)])
                return len(set(map(id, clients))), await asyncio.gather(*[model.complete(request()) for _ in range(8)])
            finally:
                await model.aclose()

        clients, replies = asyncio.run(talk())
    assert clients == 1
    assert [reply.text for reply in replies] == ["ok"] * 8


def test_a_400_that_always_names_the_parameter_ends() -> None:
    error, server = failing(*[Fault(400, {"error": {"message": "prompt_cache_key is bad"}})] * 5)
    assert isinstance(error, ModelFault)
    assert len(server.requests) == 2


def test_a_stalled_answer_times_out() -> None:
    patience = Patience(attempts=2, first_wait=0.001, request=0.1)
    error, server = failing(Fault(stall=True), Fault(stall=True), patience=patience)
    assert isinstance(error, Transient)
    assert len(server.requests) == 2


def test_nobody_listening_is_transient() -> None:
    with ScriptedModel(in_order()) as server:
        pass
    with pytest.raises(Transient, match="connection"):
        ask(server)


def test_cancelling_aborts_the_request() -> None:
    with ScriptedModel(in_order(Fault(stall=True))) as server:

        async def talk() -> None:
            model = OpenAIChat(Secret(KEY), PRICES, base_url=server.base_url)
            task = asyncio.create_task(model.complete(request()))
            await asyncio.to_thread(server.arrived.wait, 10)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await model.aclose()

        asyncio.run(talk())
    assert len(server.requests) == 1


def test_the_key_is_in_no_error_log_or_repr(caplog: pytest.LogCaptureFixture) -> None:
    leaks: list[Callable[[], Fault]] = [
        lambda: Fault(401, {"error": {"message": f"bad {KEY}"}}),
        lambda: Fault(500, f"trace: Authorization: Bearer {KEY}"),
        lambda: Fault(200, {"error": {"message": KEY}}),
    ]
    caplog.set_level(logging.DEBUG, logger="bot")
    for leak in leaks:
        error, _ = failing(*[leak()] * 5)
        chain = "".join(traceback.format_exception(error))
        assert KEY not in chain + repr(error) + repr(vars(error))
        assert error.__context__ is None
    assert KEY not in caplog.text
    assert KEY not in repr(OpenAIChat(Secret(KEY), PRICES))


def test_arguments_that_are_no_json_object_are_sent_back_in_a_form_every_endpoint_takes() -> None:
    talk = (
        Message(Speaker.USER, "go"),
        Message(
            Speaker.ASSISTANT, "", (ToolCall("c1", "bash", '{"script": '), ToolCall("c2", "bash", '{"script": "ls"}'))
        ),
        Message(Speaker.TOOL, "malformed", call_id="c1"),
        Message(Speaker.TOOL, "ok", call_id="c2"),
        Message(Speaker.ASSISTANT, ""),
        Message(Speaker.USER, "use a tool"),
    )
    with ScriptedModel(in_order(Answer("ok"))) as server:
        ask(server, request(*talk))
    sent = server.requests[0].body["messages"]
    assert sent[1]["tool_calls"][0]["function"]["arguments"] == '{"malformed": "{\\"script\\": "}'
    assert sent[1]["tool_calls"][1]["function"]["arguments"] == '{"script": "ls"}'
    assert sent[1]["content"] is None
    assert sent[4]["content"]


def test_doubled_call_ids_are_made_unique() -> None:
    message = {
        "content": None,
        "tool_calls": [{"id": "x", "function": {"name": "read", "arguments": {"path": "a"}}}] * 2,
    }
    with ScriptedModel(
        in_order(Fault(200, {"choices": [{"message": message, "finish_reason": "tool_calls"}]}))
    ) as server:
        (reply,) = ask(server)
    assert len({c.call_id for c in reply.calls}) == 2
    assert reply.calls[1].arguments == '{"path": "a"}'


def test_one_client_serves_several_event_loops() -> None:
    with ScriptedModel(in_order(Answer("one"), Answer("two"))) as server:
        model = OpenAIChat(Secret(KEY), PRICES, base_url=server.base_url)

        async def once() -> str:
            try:
                return (await model.complete(request())).text
            finally:
                await model.aclose()

        assert [asyncio.run(once()), asyncio.run(once())] == ["one", "two"]
