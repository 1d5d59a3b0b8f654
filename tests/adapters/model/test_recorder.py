"""A session is recorded as it goes by, and the recording can be played."""

import asyncio

import pytest

from bot.adapters.model.openai_chat import OpenAIChat, Patience
from bot.adapters.model.prices import ModelPrices
from bot.adapters.model.recorder import Recorder, main
from bot.adapters.model.recording import Turn, read_recording
from bot.core.chat import Message, ModelReply, ModelRequest, Speaker, ToolCall
from bot.core.pulls import Secret
from bot.errors import ModelFault
from tests.support.scripted_model import Answer, Fault, ScriptedModel, in_order

FIRST = (Message(Speaker.SYSTEM, "s"), Message(Speaker.USER, "u"))
SECOND = (
    *FIRST,
    Message(Speaker.ASSISTANT, "", (ToolCall("c1", "bash", "{}"),)),
    Message(Speaker.TOOL, "ok in 0.31s  \n", call_id="c1"),
)


def ask(url: str, *asked: tuple[str, tuple[Message, ...]]) -> list[ModelReply]:
    async def talk() -> list[ModelReply]:
        client = OpenAIChat(
            Secret("sk-recorded"), ModelPrices({}), base_url=url, patience=Patience(attempts=2, first_wait=0.001)
        )
        try:
            return [
                await client.complete(ModelRequest("m", messages, (), 100, "key", label)) for label, messages in asked
            ]
        finally:
            await client.aclose()

    return asyncio.run(talk())


def test_answers_are_kept_by_who_asked() -> None:
    kept: list[str] = []
    script = in_order(
        Answer("look", [("bash", {"script": "ls"})]),
        Answer("mine", [("bash", "not json")]),
        Fault(429, {"error": {"message": "busy"}}, headers={"Retry-After": "0"}),
        Answer("done", [("finish", {"summary": "x"})]),
    )
    with ScriptedModel(script) as model, Recorder(model.base_url, kept.append) as recorder:
        replies = ask(
            recorder.base_url,
            ("implementer/T-1/1", FIRST),
            ("implementer/T-2~2/1", FIRST),
            ("implementer/T-1/2", SECOND),
        )
        assert [reply.text for reply in replies] == ["look", "mine", "done"]
    turns = read_recording(kept[-1])
    assert recorder.recording() == kept[-1]
    assert list(turns) == [
        Turn("implementer", "T-1", 1),
        Turn("implementer", "T-2~2", 1),
        Turn("implementer", "T-1", 2),
    ]
    last = turns[Turn("implementer", "T-1", 2)]
    assert [(r.tool, r.result) for r in last.after] == [("bash", "ok in <duration>")]
    assert last.answer.calls[0].arguments == {"summary": "x"}
    assert turns[Turn("implementer", "T-2~2", 1)].answer.calls[0].arguments == "not json"
    assert "sk-recorded" not in kept[-1]
    authorized = [{k.lower(): v for k, v in seen.headers.items()}["authorization"] for seen in model.requests]
    assert set(authorized) == {"Bearer sk-recorded"}


def test_a_turn_that_was_asked_again_counts_as_it_was_answered_last() -> None:
    with ScriptedModel(in_order(Answer("first"), Answer("second"))) as model, Recorder(model.base_url) as recorder:
        ask(recorder.base_url, ("planner/plan/1", FIRST), ("planner/plan/1", FIRST))
    (turn,) = read_recording(recorder.recording()).values()
    assert turn.answer.text == "second"


def test_errors_pass_through_and_are_not_kept() -> None:
    refusal = Fault(400, {"error": {"message": "context length"}})
    with (
        ScriptedModel(in_order(refusal)) as model,
        Recorder(model.base_url) as recorder,
        pytest.raises(ModelFault, match="context length"),
    ):
        ask(recorder.base_url, ("planner/plan/1", FIRST))
    assert recorder.recording() == ""


def test_a_wrong_call_says_how() -> None:
    assert main([]) == 2
