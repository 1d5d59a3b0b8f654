"""What comes next in a conversation, told from its messages alone.

The whole state of an agent is its transcript: counts, nudges and half-answered turns are read off it afresh each time. So it makes no
difference whether the process lived through the conversation or has just loaded it after a crash.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from bot.agents.outcome import AgentOutcome, AgentStatus
from bot.agents.tools.tool import AnyTool, Ending, Misused, Understood, read_call
from bot.core.chat import Message, Speaker, ToolCall
from bot.core.steady import steady

CALLS_PER_TURN = 16
"""Calls run from one answer. Models that work in parallel send up to about ten; more is a loop inside one answer."""

REPEATS = 3
"""The same call with the same result this often, and nothing new between, is a circle: two may be a second look (other agents stop
after four to six, some never)."""

MISUSES = 3
"""Answers in a row that name no tool or do not fit one, each told to the model; after one more it has shown that it cannot."""

SILENT = 2
"""Answers in a row without a call, each followed by a reminder; after one more the agent has failed."""

REMIND = "Your answer called no tool. Go on with your task by calling one; call `finish` when the work is done, or `blocked` when it cannot be."

REMIND_REVIEWER = (
    "Your answer called no tool. Go on with your task by calling one; call `finish` when the review is done."
)

NUDGE = (
    "You have made the same call with the same result several times, and nothing new came of it. Step back: say what you expected, look"
    " at something you have not looked at yet, or try another way. When there is none, hand in what you have and say what is missing."
)

NOT_RUN_MANY = f"not run: at most {CALLS_PER_TURN} calls of one answer are run; send the rest again"
NOT_RUN_ENDED = "not run: the work was handed in before this call"
HANDED_IN = "handed in"


@dataclass(frozen=True, slots=True)
class Use:
    """Answer this call: `number` from 1 within its answer, `turn` from 1 within the conversation."""

    call: ToolCall
    understood: Understood
    turn: int
    number: int


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer this call with words, without running anything."""

    call: ToolCall
    text: str


@dataclass(frozen=True, slots=True)
class Say:
    """Tell the model something of our own."""

    text: str


@dataclass(frozen=True, slots=True)
class Ask:
    """It is the model's turn."""


@dataclass(frozen=True, slots=True)
class End:
    """The work has ended."""

    outcome: AgentOutcome


Step = Use | Reply | Say | Ask | End


@dataclass(frozen=True, slots=True)
class _Turn:
    """One answer of the model with the results that its calls have so far, and the messages of ours that followed."""

    answer: Message
    results: tuple[Message, ...]
    said: tuple[Message, ...]

    @property
    def open_calls(self) -> tuple[ToolCall, ...]:
        return self.answer.calls[len(self.results) :]


def next_step(tools: Sequence[AnyTool], messages: Sequence[Message]) -> Step:
    """What comes next. `messages` begins with the system prompt and holds at least one user message. Total and pure."""
    turns = _turns(_current(messages))
    if not turns:
        return Ask()
    last = turns[-1]
    number = turn_count(messages)
    if last.open_calls:
        return _answer(tools, last, number)
    if last.said:
        return Ask()
    if not last.answer.calls:
        return _after_silence(tools, turns, number)
    return (
        _handed_in(tools, last, number)
        or _after_misuse(tools, turns, number)
        or _after_circle(tools, turns, number)
        or Ask()
    )


def turn_count(messages: Sequence[Message]) -> int:
    """The model's answers in a conversation."""
    return sum(1 for message in messages if message.speaker is Speaker.ASSISTANT)


def closed(messages: Sequence[Message]) -> tuple[Message, ...]:
    """The conversation with every call answered, so that something can be said after it."""
    turns = _turns(messages)
    open_calls = turns[-1].open_calls if turns else ()
    return (
        *messages,
        *(Message(Speaker.TOOL, "not run: the work was interrupted", call_id=call.call_id) for call in open_calls),
    )


def _current(messages: Sequence[Message]) -> Sequence[Message]:
    """The part after the last message that set a task: habits of before a repair are forgiven."""
    ours = {NUDGE, REMIND, REMIND_REVIEWER}
    starts = [i for i, m in enumerate(messages) if m.speaker is Speaker.USER and m.text not in ours]
    return messages[starts[-1] + 1 :] if starts else messages


def _turns(messages: Sequence[Message]) -> list[_Turn]:
    turns: list[_Turn] = []
    for message in messages:
        if message.speaker is Speaker.ASSISTANT:
            turns.append(_Turn(message, (), ()))
        elif turns and message.speaker is Speaker.TOOL:
            turns[-1] = _Turn(turns[-1].answer, (*turns[-1].results, message), ())
        elif turns:
            turns[-1] = _Turn(turns[-1].answer, turns[-1].results, (*turns[-1].said, message))
    return turns


def _answer(tools: Sequence[AnyTool], turn: _Turn, turn_number: int) -> Step:
    call, number = turn.open_calls[0], len(turn.results) + 1
    if number > CALLS_PER_TURN:
        return Reply(call, NOT_RUN_MANY)
    if _ending(tools, turn.answer.calls[: number - 1]):
        return Reply(call, NOT_RUN_ENDED)
    read = read_call(tools, call)
    if isinstance(read, Misused):
        return Reply(call, f"error: {read.words}")
    if isinstance(read.tool, Ending):
        return Reply(call, HANDED_IN)
    return Use(call, read, turn_number, number)


def _ending(tools: Sequence[AnyTool], calls: Sequence[ToolCall]) -> Understood | None:
    """The first call that ends the work, as far as calls are run at all."""
    reads = (read_call(tools, call) for call in calls[:CALLS_PER_TURN])
    return next((r for r in reads if isinstance(r, Understood) and isinstance(r.tool, Ending)), None)


def _handed_in(tools: Sequence[AnyTool], turn: _Turn, turns: int) -> End | None:
    ending = _ending(tools, turn.answer.calls)
    if ending is None or not isinstance(ending.tool, Ending):
        return None
    handed = ending.tool.hand_in(ending.arguments)
    return End(AgentOutcome(ending.tool.status, handed.summary, handed.reason, turns, handed.value))


def _after_silence(tools: Sequence[AnyTool], turns: Sequence[_Turn], number: int) -> Step:
    silent = 0
    for turn in reversed(turns):
        if turn.answer.calls:
            break
        silent += 1
    if silent > SILENT:
        return End(
            AgentOutcome(AgentStatus.FAILED, turns[-1].answer.text, f"{silent} answers in a row called no tool", number)
        )
    return Say(REMIND if any(tool.name == "blocked" for tool in tools) else REMIND_REVIEWER)


def _after_misuse(tools: Sequence[AnyTool], turns: Sequence[_Turn], number: int) -> End | None:
    misused = 0
    for turn in reversed(turns):
        if not turn.answer.calls or not all(isinstance(read_call(tools, call), Misused) for call in turn.answer.calls):
            break
        misused += 1
    if misused <= MISUSES:
        return None
    return End(
        AgentOutcome(
            AgentStatus.FAILED,
            turns[-1].answer.text,
            f"{misused} answers in a row held no call that could be run",
            number,
        )
    )


def _after_circle(tools: Sequence[AnyTool], turns: Sequence[_Turn], number: int) -> Say | End | None:
    """A nudge when the agent goes in circles, the end when it was nudged before."""
    used = [
        ((call.name, _canonical(call.arguments)), result.text)
        for turn in turns
        for call, result in zip(turn.answer.calls, turn.results, strict=True)
        if isinstance(read_call(tools, call), Understood)
    ]
    calls = [call for call, _ in used]
    if not used or calls.count(calls[-1]) < REPEATS:  # the usual case, told without comparing any result
        return None
    if _repeated([(call, steady(text)) for call, text in used]) < REPEATS:
        return None
    if not any(message.text == NUDGE for turn in turns for message in turn.said):
        return Say(NUDGE)
    reason = f"it went in circles: {calls[-1][0]} with the same arguments and the same result, again and again"
    return End(AgentOutcome(AgentStatus.STUCK, turns[-1].answer.text, reason, number))


def _canonical(arguments: str) -> str:
    return json.dumps(json.loads(arguments or "{}"), sort_keys=True)


def _repeated(pairs: Sequence[tuple[tuple[str, str], str]]) -> int:
    """How often the last pair occurred since something else happened for the first time.

    A test that fails the same way after each of three different edits is work, not a circle: the edits are new.
    """
    if not pairs:
        return 0
    first: dict[tuple[tuple[str, str], str], int] = {}
    for position, pair in enumerate(pairs):
        first.setdefault(pair, position)
    count = 0
    for position in range(len(pairs) - 1, -1, -1):
        pair = pairs[position]
        if pair == pairs[-1]:
            count += 1
        elif first[pair] == position:
            break
    return count
