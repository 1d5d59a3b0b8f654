"""A recorded conversation as a file.

JSON lines, one for each answer of the model, with what it saw of its tools just before, so that a player can tell whether a run goes the
recorded way. `recorder` makes one from a session.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.core.steady import steady
from bot.errors import UserFault


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


def _last_answer(messages: Sequence[Mapping[str, Any]]) -> int | None:
    return max((i for i, message in enumerate(messages) if message.get("role") == "assistant"), default=None)
