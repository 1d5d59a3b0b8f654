"""How a run takes a step: durably, visibly, with pauses for a limit, and with every fault turned into an ending with words."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Any

from bot.core.runs import RunState
from bot.errors import BudgetSpent, Defect, EnvironmentFault, LeaseLost, RateLimited, SpecbotError, Transient
from bot.ids import RunId
from bot.reporting.masking import Redactor
from bot.workflows.engine import durable_sleep, durable_step
from bot.workflows.house import House, Step, in_thread, log

TRANSIENT_TRIES = 10
"""Tries of one step while the outside is unwell. With the pauses below: about twelve minutes, then a person is told."""

FIRST_PAUSE_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 240.0
"""Pauses double from the first to the longest, unless the other side names one."""

LONGEST_NAMED_PAUSE_SECONDS = 3900.0
"""GitHub's primary limit resets within the hour; a named pause is obeyed up to a little more than that."""


@dataclass
class Ended(Exception):
    """The segment is over: in this state, for this reason, and this is what a person can do next.

    `expected` when the work went all its way, whatever the verdict; else the reason is the news.
    """

    state: RunState
    reason: str
    way_out: str = ""
    output: str = ""
    expected: bool = False


async def step(house: House, run: RunId, name: str, work: Step, *, patient: bool = False) -> str:
    """Take one step of a run and return its word. Raises `Ended` for whatever stops the run.

    `name` is unique within a segment and part of its recorded history. A rate limit is a pause and no try. A `patient` step waits for the
    outside however long that takes: last words have to be said.
    """
    tries = 0
    for attempt in count(1):
        answer = json.loads(await durable_step(name, lambda: _guarded(house, run, name, work)))
        pause = answer.get("pause")
        tries += 0 if answer.get("limited") else 1
        if pause is None or (tries == TRANSIENT_TRIES and not patient):
            return unpack(answer)
        await durable_sleep(min(pause or _pause(attempt), LONGEST_NAMED_PAUSE_SECONDS))
    raise Defect("counting ended")


def pack(end: Ended) -> str:
    """An ending as the result of a child workflow, for `unpack` in its parent."""
    return json.dumps(_ending(end.state, end.reason, end.way_out, output=end.output))


def unpack(answer: Mapping[str, Any]) -> str:
    """The word of an answer; raises `Ended` when it is an ending."""
    if "word" in answer:
        return str(answer["word"])
    raise Ended(RunState(answer["state"]), answer["reason"], answer["way_out"], answer["output"])


async def _guarded(house: House, run: RunId, name: str, work: Step) -> str:
    """The step's answer as JSON: its word, or how it ended. Only cancellation passes through as an exception."""
    await _emit(house, run, "step.started", name)
    redactor = Redactor(house.secrets)
    try:
        answer: dict[str, object] = {"word": await work(house, run)}
    except Ended as end:
        answer = _ending(end.state, end.reason, end.way_out, output=end.output)
    except LeaseLost as fault:
        answer = _ending(RunState.SUPERSEDED, fault.message, fault.hint)
    except Transient as fault:
        kind = "a rate limit" if isinstance(fault, RateLimited) else "trouble outside"
        words = redactor.mask(f"{kind}: {fault.message}")
        await _emit(house, run, "pause", words)
        hint = fault.hint or "it may pass; `/specbot retry` starts again"
        answer = _ending(RunState.FAILED, fault.message, hint, pause=fault.retry_after or 0.0)
        answer["limited"] = isinstance(fault, RateLimited)
    except EnvironmentFault as fault:  # nothing could be run, so nothing has failed: a person is needed
        answer = _ending(RunState.WAITING, fault.message, fault.hint, output=fault.output)
    except BudgetSpent as fault:  # the work can go on where it stands, when somebody gives it more
        answer = _ending(RunState.WAITING, fault.message, fault.hint)
    except SpecbotError as fault:
        answer = _ending(RunState.FAILED, fault.message, fault.hint)
    except Exception as fault:
        log.exception("step crashed", run=run, step=name)
        reason = f"Specbot itself failed in the step “{name}” ({type(fault).__name__})"
        answer = _ending(RunState.FAILED, reason, "this is our fault: please report it; `/specbot retry` starts again")
    await _emit(house, run, "step.finished", name)
    return redactor.mask_json(json.dumps(answer))


async def _emit(house: House, run: RunId, kind: str, data: str) -> None:
    """Tell the run's log; that the database cannot take it now must not end the run."""
    with suppress(Transient):
        await in_thread(lambda: house.store.emit(run, kind, data))


def _ending(
    state: RunState, reason: str, way_out: str, *, output: str = "", pause: float | None = None
) -> dict[str, object]:
    return {"state": state.value, "reason": reason, "way_out": way_out, "output": output, "pause": pause}


def _pause(attempt: int) -> float:
    return min(FIRST_PAUSE_SECONDS * 2.0 ** (attempt - 1), LONGEST_PAUSE_SECONDS)
