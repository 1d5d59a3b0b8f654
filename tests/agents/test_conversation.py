"""What comes next is told from the messages alone."""

import json
from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.agents.conversation import CALLS_PER_TURN, NUDGE, Ask, End, Reply, Say, Step, Use, closed, next_step
from bot.agents.outcome import AgentStatus
from bot.agents.roles.implementer import implementer
from bot.agents.tools.tool import Misused, Understood, describe, read_call
from bot.core.chat import Message, Speaker, ToolCall

TOOLS = implementer().tools
START = (Message(Speaker.SYSTEM, "s"), Message(Speaker.USER, "task"))


def says(*calls: tuple[str, Any], text: str = "") -> Message:
    listed = tuple(
        ToolCall(f"c{n}", name, a if isinstance(a, str) else json.dumps(a)) for n, (name, a) in enumerate(calls)
    )
    return Message(Speaker.ASSISTANT, text, listed)


def shows(text: str) -> Message:
    return Message(Speaker.TOOL, text, call_id="c0")


def step(*messages: Message) -> Step:
    return next_step(TOOLS, (*START, *messages))


def rounds(*pairs: tuple[str, str]) -> tuple[Message, ...]:
    """One answer for each (script, result)."""
    return tuple(message for script, result in pairs for message in (says(("bash", {"script": script})), shows(result)))


def test_the_model_begins() -> None:
    assert step() == Ask()


def test_calls_are_answered_in_order() -> None:
    answer = says(("read", {"path": "a"}), ("bash", {"script": "ls"}))
    first = step(answer)
    assert isinstance(first, Use)
    assert (first.call.name, first.turn, first.number) == ("read", 1, 1)
    second = step(answer, shows("x"))
    assert isinstance(second, Use)
    assert (second.call.name, second.turn, second.number) == ("bash", 1, 2)
    assert step(answer, shows("x"), shows("y")) == Ask()


def test_three_equal_rounds_are_a_circle() -> None:
    assert step(*rounds(("ls", "a"), ("ls", "a"))) == Ask()
    assert step(*rounds(("ls", "a"), ("ls", "a"), ("ls", "a"))) == Say(NUDGE)


def test_equal_but_for_time_is_equal() -> None:
    assert step(*rounds(*[("pytest", f"1 failed in 0.{n}s") for n in range(10, 13)])) == Say(NUDGE)


def test_another_result_is_progress() -> None:
    assert step(*rounds(*[("tail log", f"line {n}") for n in range(9)])) == Ask()


def test_the_same_failure_after_different_edits_is_work() -> None:
    pairs = [pair for n in range(6) for pair in ((f"sed -i {n}", "ok"), ("pytest", "1 failed"))]
    assert step(*rounds(*pairs)) == Ask()


def test_alternating_between_two_calls_is_a_circle() -> None:
    assert step(*rounds(*[("a", "x"), ("b", "y")] * 2)) == Ask()
    assert step(*rounds(*[("a", "x"), ("b", "y")] * 3)) == Say(NUDGE)


def test_circling_on_after_a_nudge_is_stuck_and_something_new_is_not() -> None:
    circle = (*rounds(*[("ls", "a")] * 3), Message(Speaker.USER, NUDGE))
    assert step(*circle) == Ask()
    after = step(*circle, *rounds(("ls", "a")))
    assert isinstance(after, End)
    assert after.outcome.status is AgentStatus.STUCK
    assert step(*circle, *rounds(("ls -a", "a b"))) == Ask()


def test_arguments_in_another_order_are_the_same_call() -> None:
    one, other = '{"script": "ls", "seconds": 5}', '{"seconds": 5,"script":"ls"}'
    messages = [m for a in (one, other, one) for m in (says(("bash", a)), shows("x"))]
    assert step(*messages) == Say(NUDGE)


def test_a_repair_forgives_what_was_before() -> None:
    circle = (*rounds(*[("ls", "a")] * 2), Message(Speaker.USER, "AC-1 failed"))
    assert step(*circle, *rounds(("ls", "a"))) == Ask()


def test_finish_beyond_the_calls_that_are_run_does_not_count() -> None:
    answer = says(*[("bash", {"script": str(n)}) for n in range(CALLS_PER_TURN)], ("finish", {"summary": "x"}))
    results = [shows(str(n)) for n in range(CALLS_PER_TURN)]
    assert isinstance(step(answer, *results), Reply)
    assert step(answer, *results, shows("not run")) == Ask()


def test_an_unfit_finish_does_not_end_the_work() -> None:
    answer = says(("finish", {"summary": ""}))
    reply = step(answer)
    assert isinstance(reply, Reply)
    assert reply.text.startswith("error: the arguments do not fit finish: summary")
    assert step(answer, shows(reply.text)) == Ask()


def test_open_calls_are_closed_before_something_is_said() -> None:
    messages = (*START, says(("read", {"path": "a"}), ("read", {"path": "b"})), shows("x"))
    assert [m.call_id for m in closed(messages)[len(messages) :]] == ["c1"]
    assert closed(START) == START


def test_schemas_are_plain_and_small() -> None:
    specs = [describe(tool) for tool in TOOLS]
    assert sum(len(json.dumps([s.name, s.description, s.parameters])) for s in specs) < 3_500
    text = json.dumps([s.parameters for s in specs])
    assert "$ref" not in text
    assert '"title"' not in text
    assert all(s.parameters["additionalProperties"] is False for s in specs)


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda c: st.lists(c) | st.dictionaries(st.text(), c),
    max_leaves=5,
)


@given(st.sampled_from([t.name for t in TOOLS]) | st.text(), st.text() | json_like.map(json.dumps))
def test_any_call_is_understood_or_answered(name: str, arguments: str) -> None:
    read = read_call(TOOLS, ToolCall("c", name, arguments))
    assert isinstance(read, Understood) or (isinstance(read, Misused) and read.words)


def test_deeply_nested_arguments_are_answered() -> None:
    assert isinstance(read_call(TOOLS, ToolCall("c", "bash", "[" * 200_000)), Misused)


answers = st.lists(
    st.lists(
        st.sampled_from([("bash", '{"script": "a"}'), ("bash", '{"script": "b"}'), ("bash", "{"), ("nope", "{}")]),
        max_size=3,
    ),
    min_size=1,
    max_size=30,
)


@given(answers)
def test_whatever_a_model_does_the_work_goes_on_or_ends(script: Sequence[Sequence[tuple[str, str]]]) -> None:
    """Played by the rules, a conversation alternates properly: every call answered, then one turn of the model or of ours."""
    messages = list(START)
    left = list(script)
    for _ in range(500):
        what = next_step(TOOLS, messages)
        if isinstance(what, End):
            assert what.outcome.status in (AgentStatus.STUCK, AgentStatus.FAILED)
            break
        if isinstance(what, Ask):
            if not left:
                break
            messages.append(says(*left.pop(0)))
        elif isinstance(what, Say):
            assert messages[-1].speaker is not Speaker.USER
            messages.append(Message(Speaker.USER, what.text))
        else:
            messages.append(Message(Speaker.TOOL, "same", call_id=what.call.call_id))
    else:
        raise AssertionError("the conversation never came to an end")
