"""The bound on a prompt: what was reported counts as reported, what is new at a token a byte."""

from bot.agents.allowance import MESSAGE_TOKENS, prompt_bound
from bot.core.chat import Message, Speaker, ToolCall, ToolSpec, Usage

SYSTEM, BRIEFING = Message(Speaker.SYSTEM, "s" * 100), Message(Speaker.USER, "b" * 200)
ANSWER = Message(Speaker.ASSISTANT, "a" * 1_000, calls=(ToolCall("c1", "bash", "{}"),))
RESULT = Message(Speaker.TOOL, "é" * 50, call_id="c1")
TOOL = ToolSpec("bash", "runs", {"type": "object"})


def test_a_first_prompt_is_bounded_by_its_bytes() -> None:
    bound = prompt_bound([SYSTEM, BRIEFING], [TOOL], None)
    assert bound == 300 + 2 * MESSAGE_TOKENS + len('bashruns{"type": "object"}') + MESSAGE_TOKENS


def test_what_the_endpoint_has_counted_is_not_reckoned_again() -> None:
    messages = [SYSTEM, BRIEFING, ANSWER, RESULT]
    assert prompt_bound(messages, [TOOL], Usage(80, 60, 30)) == 110 + MESSAGE_TOKENS + 100 + MESSAGE_TOKENS


def test_without_a_count_everything_is_reckoned() -> None:
    assert prompt_bound([SYSTEM, BRIEFING, ANSWER, RESULT], [], None) == 300 + 1_006 + 100 + 5 * MESSAGE_TOKENS


def test_broken_text_is_counted_too() -> None:
    assert prompt_bound([Message(Speaker.USER, "\ud800")], [], None) == 3 + MESSAGE_TOKENS
