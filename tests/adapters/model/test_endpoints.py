"""Several endpoints behind one port: each request reaches the one it names, with that one's own key."""

import asyncio

import pytest

from bot.app import build_model
from bot.core.chat import Message, ModelReply, ModelRequest, Speaker
from bot.errors import ConfigFault, ModelFault
from bot.settings import load_settings
from tests.support.scripted_model import Answer, Fault, ScriptedModel, in_order


def request(endpoint: str) -> ModelRequest:
    return ModelRequest("m", (Message(Speaker.USER, "go"),), (), 100, "", "planner/plan/1", endpoint=endpoint)


def ask(environment: dict[str, str], endpoint: str) -> ModelReply:
    model = build_model(load_settings(environment))

    async def talk() -> ModelReply:
        try:
            return await model.complete(request(endpoint))
        finally:
            await model.aclose()

    return asyncio.run(talk())


def keys(server: ScriptedModel) -> list[str]:
    return [{name.lower(): value for name, value in r.headers.items()}["authorization"] for r in server.requests]


def test_a_request_goes_where_it_says_with_the_key_of_that_place() -> None:
    with (
        ScriptedModel(lambda seen: Answer("default")) as default,
        ScriptedModel(lambda seen: Answer("lab")) as lab,
    ):
        environment = {
            "OPENAI_BASE_URL": default.base_url,
            "OPENAI_API_KEY": "sk-default",
            "SPECBOT_ENDPOINTS": f'{{"lab": {{"url": "{lab.base_url}", "key_env": "LAB_KEY"}}}}',
            "LAB_KEY": "sk-lab",
            "SPECBOT_PRICES": '{"m": {"prompt": 1, "completion": 1}}',
        }
        assert ask(environment, "").text == "default"
        reply = ask(environment, "lab")
    assert reply.text == "lab"
    assert reply.cost_usd
    assert keys(default) == ["Bearer sk-default"]
    assert keys(lab) == ["Bearer sk-lab"]


def test_an_unknown_name_is_refused_before_anything_is_sent() -> None:
    with ScriptedModel(lambda seen: Answer("ok")) as server:
        environment = {
            "OPENAI_BASE_URL": server.base_url,
            "SPECBOT_ENDPOINTS": f'{{"lab": {{"url": "{server.base_url}"}}}}',
        }
        with pytest.raises(ConfigFault, match="the endpoint `lob` is not configured") as caught:
            ask(environment, "lob")
    assert "it has lab" in caught.value.hint
    assert server.requests == []


def test_a_refused_key_names_the_setting_it_came_from() -> None:
    with ScriptedModel(in_order(Fault(401, {"error": {"message": "no"}}))) as server:
        environment = {"SPECBOT_ENDPOINTS": f'{{"lab": {{"url": "{server.base_url}", "key": "sk-lab"}}}}'}
        with pytest.raises(ModelFault) as caught:
            ask(environment, "lab")
    assert "the key of `lab` in SPECBOT_ENDPOINTS" in caught.value.hint
