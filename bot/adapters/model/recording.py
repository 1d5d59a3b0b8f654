"""A recorded conversation as a file, and how one is made from a session that was answered by hand.

    python -m bot.adapters.model.recording IN OUT

IN is what a relay wrote (lines `{"request": …, "answer": …}`), OUT the recording: JSON lines, one for each answer of the model, with
what it saw of its tools just before, so that a player can tell whether a run goes the recorded way.
"""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.core.steady import steady
from bot.errors import UserFault

CACHE_KEY_LINE: Final = 50
"""Characters of `role/task` that a cache key carries before its tag; a recording is made from it, for the relay keeps no headers."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RecordedResult(_Strict):
    """One tool result that the model saw, steadied (`bot.core.steady`)."""

    tool: str
    result: str


class RecordedCall(_Strict):
    name: str
    arguments: dict[str, Any] | str


class RecordedAnswer(_Strict):
    text: str = ""
    calls: tuple[RecordedCall, ...] = ()


class RecordedTurn(_Strict):
    """One line: whose turn it is, what came `after` its last answer, and what it says now. Turns count from 1."""

    role: str
    task: str
    turn: int
    after: tuple[RecordedResult, ...] = ()
    answer: RecordedAnswer


@dataclass(frozen=True, slots=True)
class Turn:
    """Which turn a request is."""

    role: str
    task: str
    number: int

    def __str__(self) -> str:
        return f"{self.role}/{self.task}/{self.number}"


def read_recording(text: str) -> dict[Turn, RecordedTurn]:
    """The turns of a recording's JSON lines. Raises `UserFault` naming the line that is none, or that comes twice."""
    turns: dict[Turn, RecordedTurn] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            recorded = RecordedTurn.model_validate_json(line)
        except ValidationError as error:
            raise UserFault(
                f"line {number} of the recording is no turn: {error.errors()[0]['msg']}", hint="record it anew"
            ) from None
        turn = Turn(recorded.role, recorded.task, recorded.turn)
        if turn in turns:
            raise UserFault(f"line {number} of the recording repeats {turn}", hint="keep one of the two")
        turns[turn] = recorded
    return turns


def write_recording(turns: Iterable[RecordedTurn]) -> str:
    return "".join(json.dumps(turn.model_dump(), ensure_ascii=False) + "\n" for turn in turns)


def turn_of_label(label: str) -> Turn | None:
    """The turn that a label (`role/task/turn`) names; None when it is no label."""
    role, _, rest = label.partition("/")
    task, _, number = rest.rpartition("/")
    if not (role and task and number.isascii() and number.isdigit()):
        return None
    return Turn(role, task, int(number))


def seen_results(messages: Sequence[Mapping[str, Any]]) -> tuple[RecordedResult, ...]:
    """The tool results after the model's last answer in a chat completions request, steadied."""
    last = _last_answer(messages)
    if last is None:
        return ()
    names = {call["id"]: call["function"]["name"] for call in messages[last].get("tool_calls") or ()}
    return tuple(
        RecordedResult(
            tool=names.get(message.get("tool_call_id"), "unknown"), result=steady(str(message.get("content") or ""))
        )
        for message in messages[last + 1 :]
        if message.get("role") == "tool"
    )


def steadied(results: Iterable[RecordedResult]) -> tuple[RecordedResult, ...]:
    """Recorded results under today's rules, so that a better rule does not make old recordings useless."""
    return tuple(RecordedResult(tool=r.tool, result=steady(r.result)) for r in results)


def from_relay(lines: Iterable[str]) -> tuple[RecordedTurn, ...]:
    """A recording from a relay's lines, in their order. A turn that was asked twice (after a crash) keeps its first answer.

    Raises `UserFault` for a line without a turn, and for two different answers to one turn.
    """
    turns: dict[Turn, RecordedTurn] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        recorded = _from_relay_line(line, number)
        if recorded is None:
            continue
        turn = Turn(recorded.role, recorded.task, recorded.turn)
        if turns.setdefault(turn, recorded).answer != recorded.answer:
            raise UserFault(
                f"line {number} answers {turn} in another way than before",
                hint="record the session anew, without interruption",
            )
    return tuple(turns.values())


def _from_relay_line(line: str, number: int) -> RecordedTurn | None:
    """The turn in one line; None for an answer that was an HTTP error on purpose."""
    try:
        whole = json.loads(line)
        body, answer = whole["request"], whole["answer"]
        if "status" in answer:
            return None
        role, task = _role_and_task(str(body.get("prompt_cache_key", "")))
        messages = body["messages"]
        turn = 1 + sum(1 for message in messages if message["role"] == "assistant")
        said = RecordedAnswer.model_validate({"text": answer.get("text") or "", "calls": answer.get("calls") or ()})
        return RecordedTurn(role=role, task=task, turn=turn, after=seen_results(messages), answer=said)
    except (ValueError, KeyError, TypeError) as error:
        raise UserFault(
            f"line {number} is no request of ours: {error}", hint="record with the relay's --record"
        ) from None


def _role_and_task(cache_key: str) -> tuple[str, str]:
    line, _, tag = cache_key.rpartition("/")
    role, _, task = line.partition("/")
    if not (role and task and tag):
        raise ValueError("its prompt_cache_key names no role and task")
    if len(line) >= CACHE_KEY_LINE:
        raise ValueError(f"its task's name is too long to be recorded ({line})")
    return role, task


def _last_answer(messages: Sequence[Mapping[str, Any]]) -> int | None:
    return max((i for i, message in enumerate(messages) if message.get("role") == "assistant"), default=None)


def main(arguments: Sequence[str]) -> int:
    if len(arguments) != 2:
        sys.stderr.write("usage: python -m bot.adapters.model.recording IN OUT\n")
        return 2
    source, target = map(Path, arguments)
    try:
        turns = from_relay(source.read_text(encoding="utf-8").splitlines())
    except UserFault as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    target.write_text(write_recording(turns), encoding="utf-8")
    sys.stdout.write(f"{len(turns)} turns\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
