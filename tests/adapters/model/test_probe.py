"""An endpoint is tried against servers with one defect each; the defect is found and nothing else."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner

from bot.adapters.model.openai_chat import OpenAIChat
from bot.adapters.model.prices import ModelPrices
from bot.adapters.model.probe import PATIENCE, Finding, Heard, Trial, probe
from bot.commands.doctor import command
from bot.core.pulls import Secret
from tests.support.scripted_model import Answer, Fault, ScriptedModel, Seen

KEY = "sk-of-the-probe-0123456789"
LISTED = {"object": "list", "data": ["?", {"id": "other"}, {"id": "m", "max_model_len": 131_072}]}


def good(seen: Seen) -> Answer | Fault:
    """A model that does what it is asked."""
    asked = seen.body["messages"][-1]
    if asked["role"] == "tool":
        return Answer("", [("finish", {"result": 5})])
    if "twice" in asked["content"]:
        return Answer("", [("add", {"a": 1, "b": 2}), ("add", {"a": 3, "b": 4})])
    if "Call `add`" in asked["content"]:
        return Answer("", [("add", {"a": 2, "b": 3})])
    return Answer("", [("finish", {"result": 4})])


def tried(
    script: Callable[[Seen], Answer | Fault], *, models: Any = LISTED, up_to: int = 0
) -> tuple[dict[str, Finding], ScriptedModel]:
    async def talk(url: str) -> tuple[Finding, ...]:
        heard = Heard()
        client = OpenAIChat(Secret(KEY), ModelPrices({}), base_url=url, patience=PATIENCE, heard=heard)
        try:
            return await probe(client, heard, Trial("m", at_once=4, context_up_to=up_to))
        finally:
            await client.aclose()

    with ScriptedModel(script) as server:
        server.models = models
        found = asyncio.run(talk(server.base_url))
    return {finding.what: finding for finding in found}, server


def faults(found: dict[str, Finding]) -> list[str]:
    return [what for what, finding in found.items() if finding.way_out]


def test_a_good_endpoint_has_no_fault() -> None:
    found, server = tried(good)
    assert faults(found) == []
    assert found["context"].found == "131,072 tokens, as the endpoint says"
    assert found["usage"].found == "is reported, with cached tokens"
    assert found["several calls in one answer"].found == "2 came"
    assert found["side by side"].found == "4 of 4 calls at once were answered"
    assert found["finish reasons"].found == "tool_calls"
    assert len(server.requests) == 9


def test_a_wrong_key_is_the_only_finding() -> None:
    found, server = tried(lambda seen: Fault(401, {"error": {"message": f"bad key {KEY}"}}))
    (finding,) = found.values()
    assert "401" in finding.found
    assert "check OPENAI_API_KEY" in finding.way_out
    assert finding.needed
    assert KEY not in finding.found
    assert len(server.requests) == 1


def test_a_model_without_tools_is_of_no_use() -> None:
    found, _ = tried(lambda seen: Answer("4"))
    assert found["tool calls"].found == "no tool was called"
    assert found["tool calls"].needed
    assert faults(found) == ["tool calls"]


def test_arguments_that_are_no_object_are_of_no_use() -> None:
    found, _ = tried(lambda seen: Answer("", [("add", "2, 3")]) if "a=2" in str(seen.body) else good(seen))
    assert "no JSON object" in found["tool calls"].found


def test_a_result_that_is_not_used_and_calls_one_by_one_are_said() -> None:
    def slow(seen: Seen) -> Answer | Fault:
        if seen.body["messages"][-1]["role"] == "tool":
            return Answer("thanks")
        return Answer("", [("add", {"a": 1, "b": 2})])

    found, _ = tried(slow)
    assert faults(found) == ["a tool's result", "several calls in one answer"]
    assert not any(finding.needed for finding in found.values() if finding.way_out)


@pytest.mark.parametrize(
    ("usage", "said"),
    [({}, "is not reported"), ({"prompt_tokens": 9, "completion_tokens": 2}, "is reported, without cached tokens")],
)
def test_usage_that_is_not_reported_is_said(usage: dict[str, Any], said: str) -> None:
    def silent(seen: Seen) -> Answer | Fault:
        answer = good(seen)
        return Answer(answer.text, answer.calls, usage=usage) if isinstance(answer, Answer) else answer

    found, _ = tried(silent)
    assert faults(found) == ["usage"]
    assert found["usage"].found == said
    assert not found["usage"].needed


@pytest.mark.parametrize(("limited", "needed"), [(3, False), (4, True)])
def test_a_rate_limit_under_concurrency_is_counted(limited: int, needed: bool) -> None:
    def tight(seen: Seen) -> Answer | Fault:
        if seen.label in [f"probe/beside-{n}/1" for n in range(limited)]:
            return Fault(429, {"error": {"message": "slow down"}})
        return good(seen)

    found, server = tried(tight)
    assert faults(found) == ["side by side"]
    assert found["side by side"].found == f"{4 - limited} of 4 calls at once were answered, {limited} were rate limited"
    assert "at_once: 1" in found["side by side"].way_out
    assert found["side by side"].needed is needed
    assert len(server.requests) == 9  # a refused call is not tried again


def test_efforts_that_have_no_effect_are_said() -> None:
    def plain(seen: Seen) -> Answer | Fault:
        if "reasoning_effort" in seen.body:
            return Fault(400, {"error": {"message": "Unrecognized request argument supplied: reasoning_effort"}})
        return good(seen)

    def newest(seen: Seen) -> Answer | Fault:
        if seen.body.get("reasoning_effort") != "none":
            return Fault(400, {"error": {"message": "set reasoning_effort to 'none'", "param": "reasoning_effort"}})
        return good(seen)

    assert tried(plain)[0]["effort"].found == "is not taken"
    found, _ = tried(newest)
    assert found["effort"].found == "only `none` is taken"
    assert faults(found) == ["effort"]


@pytest.mark.parametrize(
    ("models", "found", "needed"),
    [
        (None, "the endpoint does not say", False),
        ({"data": [{"id": "m"}]}, "the endpoint does not say", False),
        ([{"id": "m", "meta": {"n_ctx": 4_096}}], "4,096 tokens, as the endpoint says", True),
    ],
)
def test_a_context_that_is_short_or_not_said(models: Any, found: str, needed: bool) -> None:
    finding = tried(good, models=models)[0]["context"]
    assert (finding.found, finding.needed, bool(finding.way_out)) == (found, needed, True)


def test_a_context_is_tried_with_growing_prompts_when_somebody_wants_to_pay_for_it() -> None:
    def short(seen: Seen) -> Answer | Fault:
        words = str(seen.body["messages"][-1]["content"]).count("word ")
        if words > 16_000:
            return Fault(400, {"error": {"message": "too long", "code": "context_length_exceeded"}})
        return Answer("", good(seen).calls, usage={"prompt_tokens": words + 300, "completion_tokens": 1})  # type: ignore[union-attr]

    found, _ = tried(short, up_to=40_000)
    assert found["context"].found == "takes about 16,300 tokens, refuses about 32,000"
    assert found["context"].needed
    assert Trial("m", 4, 40_000).expected_tokens == 9 * 500 + 8_000 + 16_000 + 32_000 + 40_000


def test_the_command_says_the_cost_beforehand_and_ends_by_what_it_found() -> None:
    with ScriptedModel(good) as server:
        server.models = LISTED
        environment = {
            "OPENAI_BASE_URL": server.base_url,
            "SPECBOT_ENDPOINTS": json.dumps({"lab": {"url": server.base_url, "key": KEY}}),
            "SPECBOT_PRICES": '{"m": {"prompt": 1, "completion": 10}}',
        }
        words = ["--model", "--endpoint", "lab", "--model-name", "m", "--json"]
        done = CliRunner().invoke(command, words, env=environment)
        assert done.exit_code == 0, done.output
        assert "trying m at lab: about 4,500 tokens, at most about $0.05" in done.stderr
        said = json.loads(done.stdout)
        assert {one["what"] for one in said if one["ok"]} >= {"answer", "tool calls", "usage", "context"}
        assert KEY not in done.output
        wrong = CliRunner().invoke(command, ["--model", "--endpoint", "lob"], env=environment)
        assert "the endpoint `lob` is not configured" in str(wrong.exception)
    with ScriptedModel(lambda seen: Answer("4")) as server:
        done = CliRunner().invoke(command, ["--model"], env={"OPENAI_BASE_URL": server.base_url})
    assert done.exit_code == 1
    assert "no  tool calls: no tool was called" in done.stdout
