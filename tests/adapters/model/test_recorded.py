"""A recorded model plays its lines where the run goes as recorded, and fails it where not."""

import asyncio
import json
import urllib.request
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest

from bot.adapters.model.openai_chat import OpenAIChat, Patience
from bot.adapters.model.prices import ModelPrices
from bot.adapters.model.recorded import RecordedModel
from bot.adapters.model.recording import Turn, read_recording, turn_of_label
from bot.core.chat import Message, ModelReply, ModelRequest, Speaker
from bot.errors import ModelFault, UserFault

RECORDING = "\n".join(
    json.dumps(line)
    for line in (
        {"role": "implementer", "task": "T-1", "turn": 1, "answer": {"text": "look", "calls": [{"name": "bash", "arguments": {"script": "pytest"}}]}},
        {
            "role": "implementer", "task": "T-1", "turn": 2,
            "after": [{"tool": "bash", "result": "exit status 1\n1 failed in 0.10s"}],
            "answer": {"calls": [{"name": "finish", "arguments": {"summary": "done"}}]},
        },
        {"role": "reviewer", "task": "candidate", "turn": 1, "answer": {"text": "fine"}},
    )
)  # fmt: skip

ASKED = (Message(Speaker.SYSTEM, "s" * 4_000), Message(Speaker.USER, "do it"))


def request(*messages: Message, label: str = "implementer/T-1/1") -> ModelRequest:
    return ModelRequest("recorded/test", (*ASKED, *messages), (), 100, "key", label)


def playing(story: Callable[[OpenAIChat, RecordedModel], Coroutine[Any, Any, object]], text: str = RECORDING) -> object:
    with RecordedModel("test", read_recording(text)) as server:

        async def play() -> object:
            client = OpenAIChat(None, ModelPrices({}), base_url=server.base_url, patience=Patience(first_wait=0.001))
            try:
                return await story(client, server)
            finally:
                await client.aclose()

        return asyncio.run(play())


def second(first: ModelReply, result: str, label: str = "implementer/T-1/2") -> ModelRequest:
    call = first.calls[0]
    return request(
        Message(Speaker.ASSISTANT, first.text, first.calls),
        Message(Speaker.TOOL, result, call_id=call.call_id),
        label=label,
    )


def test_the_lines_are_played_when_the_tools_show_the_same_but_for_time() -> None:
    async def story(client: OpenAIChat, server: RecordedModel) -> None:
        first = await client.complete(request())
        assert (first.text, first.calls[0].name, first.finish_reason) == ("look", "bash", "tool_calls")
        assert first.cost_usd == 0.0
        assert first.model == "recorded/test"
        last = await client.complete(second(first, "exit status 1\n1 failed in 7.25s"))
        assert json.loads(last.calls[0].arguments) == {"summary": "done"}
        assert last.usage.prompt > last.usage.cached == 896
        assert first.usage.cached == 0

    playing(story)


def test_another_result_fails_the_run_with_a_readable_difference() -> None:
    async def story(client: OpenAIChat, server: RecordedModel) -> None:
        first = await client.complete(request())
        with pytest.raises(ModelFault) as caught:
            await client.complete(second(first, "exit status 0\n1 passed in 0.10s"))
        for part in ("implementer/T-1/2", "-exit status 1", "+exit status 0", "-1 failed", "+1 passed"):
            assert part in caught.value.message
        assert "record anew" in caught.value.hint
        assert len(server.stats()["mismatches"]) == 1

    playing(story)


@pytest.mark.parametrize(
    ("label", "word"),
    [
        ("implementer/T-1/3", "has 2 turns"),
        ("implementer/T-9/1", "it has implementer/T-1, reviewer/candidate"),
        ("planner/x/1", "it has"),
    ],
)
def test_a_turn_that_was_not_recorded_fails_the_run(label: str, word: str) -> None:
    async def story(client: OpenAIChat, server: RecordedModel) -> None:
        with pytest.raises(ModelFault, match=word):
            await client.complete(request(label=label))

    playing(story)


def test_missing_and_additional_results_are_differences_too() -> None:
    async def story(client: OpenAIChat, server: RecordedModel) -> None:
        first = await client.complete(request())
        with pytest.raises(ModelFault, match="-result 1 of bash"):
            await client.complete(request(Message(Speaker.ASSISTANT, first.text), label="implementer/T-1/2"))
        with pytest.raises(ModelFault, match=r"\+result 1 of bash"):
            await client.complete(second(first, "x", label="reviewer/candidate/1"))

    playing(story)


def test_a_request_without_a_label_is_refused() -> None:
    async def story(client: OpenAIChat, server: RecordedModel) -> None:
        with pytest.raises(ModelFault, match="role/task/turn"):
            await client.complete(request(label=""))

    playing(story)


def test_the_same_request_gets_the_same_answer_and_is_counted() -> None:
    async def story(client: OpenAIChat, server: RecordedModel) -> object:
        one, two = await client.complete(request()), await client.complete(request())
        assert replace(one, seconds=0) == replace(two, seconds=0)

        def stats() -> object:
            with urllib.request.urlopen(server.stats_url) as answer:
                return json.load(answer)

        return await asyncio.to_thread(stats)

    assert playing(story) == {
        "calls": [{"role": "implementer", "task": "T-1", "turn": 1, "count": 2, "answered": 2}],
        "total": 2,
        "mismatches": [],
    }


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/chat/completions", b"{"),
        ("/v1/chat/completions", b"[]"),
        ("/v1/other", b"{}"),
        ("/v1/chat/completions", b""),
    ],
)
def test_nonsense_is_answered_with_an_error(path: str, body: bytes) -> None:
    with RecordedModel("test", {}) as server:
        ask = urllib.request.Request(server.base_url.removesuffix("/v1") + path, data=body, method="POST")
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(ask)
        with caught.value:
            assert caught.value.code in (400, 404)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("{", "line 1"),
        ('{"role": "a"}', "line 1"),
        (RECORDING + "\n" + RECORDING.splitlines()[0], "line 4 of the recording repeats implementer/T-1/1"),
    ],
)
def test_a_broken_recording_names_its_line(text: str, word: str) -> None:
    with pytest.raises(UserFault, match=word):
        read_recording(text)


def test_labels_may_hold_slashes_in_the_task() -> None:
    assert turn_of_label("implementer/specs/a.md:T-1/12") == Turn("implementer", "specs/a.md:T-1", 12)
    assert [turn_of_label(bad) for bad in ("", "a", "a/b", "a/b/c", "a//1", "/b/1", "a/b/²")] == [None] * 7
