"""How a run takes a step: durably, visibly, with pauses for a limit, and with every fault turned into an ending with words."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any

from bot.core.runs import RunState
from bot.errors import (
    BudgetSpent,
    Defect,
    EnvironmentFault,
    GitHubLimited,
    LeaseLost,
    RateLimited,
    SpecbotError,
    Transient,
)
from bot.ids import RunId
from bot.reporting.masking import Redactor
from bot.workflows.engine import durable_sleep, durable_step
from bot.workflows.house import House, Step, in_thread, log
from bot.workflows.notes import Waits, WaitsFor, keep
from bot.workflows.pauses import SHOWN_SECONDS, begin_pause, end_pause

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
    tries, pause = 0, 0.0
    for attempt in count(1):
        last = tries + 1 == TRANSIENT_TRIES and not patient
        trial = Trial(_pause(attempt), after=pause, last=last)
        answer = json.loads(await durable_step(name, partial(_guarded, house, run, name, work, trial)))
        pause = answer.get("pause") or 0.0
        tries += 0 if answer.get("limited") else 1
        if not pause:
            return unpack(answer)
        await durable_sleep(pause)
    raise Defect("counting ended")


def pack(end: Ended) -> str:
    """An ending as the result of a child workflow, for `unpack` in its parent."""
    return json.dumps(_ending(end.state, end.reason, end.way_out, output=end.output))


def unpack(answer: Mapping[str, Any]) -> str:
    """The word of an answer; raises `Ended` when it is an ending."""
    if "word" in answer:
        return str(answer["word"])
    raise Ended(RunState(answer["state"]), answer["reason"], answer["way_out"], answer["output"])


@dataclass(frozen=True, slots=True)
class Trial:
    """One try of a step: `pause` follows it unless the other side names another, `after` is how long was paused before it (seconds). After the
    `last` one trouble ends the run; a limit does not."""

    pause: float
    after: float
    last: bool


async def _guarded(house: House, run: RunId, name: str, work: Step, trial: Trial) -> str:
    """The step's answer as JSON: its word, or how it ended. Only cancellation passes through as an exception."""
    await _emit(house, run, "step.started", name)
    if trial.after >= SHOWN_SECONDS:
        await _quietly(lambda: end_pause(house, run))
    redactor = Redactor(house.secrets)
    try:
        answer: dict[str, object] = {"word": await work(house, run)}
    except Ended as end:
        answer = _ending(end.state, end.reason, end.way_out, output=end.output)
    except LeaseLost as fault:
        answer = _ending(RunState.SUPERSEDED, fault.message, fault.hint)
    except Transient as fault:
        answer = await _paused(house, run, fault, trial, redactor)
    except EnvironmentFault as fault:  # nothing could be run, so nothing has failed: a person is needed
        answer = _ending(RunState.WAITING, fault.message, fault.hint, output=fault.output)
    except BudgetSpent as fault:  # the work can go on where it stands, when somebody gives it more
        await _quietly(lambda: keep(house, run, Waits(WaitsFor.BUDGET)))
        answer = _ending(RunState.WAITING, fault.message, fault.hint)
    except SpecbotError as fault:
        answer = _ending(RunState.FAILED, fault.message, fault.hint)
    except Exception as fault:
        log.exception("step crashed", run=run, step=name)
        reason = f"Specbot itself failed in the step “{name}” ({type(fault).__name__})"
        answer = _ending(RunState.FAILED, reason, "this is our fault: please report it; `/specbot retry` starts again")
    await _emit(house, run, "step.finished", name)
    return redactor.mask_json(json.dumps(answer))


async def _paused(house: House, run: RunId, fault: Transient, trial: Trial, redactor: Redactor) -> dict[str, object]:
    """The pause that follows, told to the run's log with its end, and to people when it is long; or the ending when there is no other try."""
    limited = isinstance(fault, RateLimited)
    pause = 0.0 if trial.last and not limited else min(fault.retry_after or trial.pause, LONGEST_NAMED_PAUSE_SECONDS)
    kind, why = "a rate limit" if limited else "trouble outside", redactor.mask(fault.message)
    until = house.clock.now() + timedelta(seconds=pause)
    goes_on = f"goes on at {until:%Y-%m-%d %H:%M:%S} UTC" if pause else "no more tries"
    await _emit(house, run, "pause", f"{kind}: {why}; {goes_on}")
    if pause >= SHOWN_SECONDS:
        await _quietly(lambda: begin_pause(house, run, pause, kind, why, shown=not isinstance(fault, GitHubLimited)))
    hint = fault.hint or "it may pass; `/specbot retry` starts again"
    return {**_ending(RunState.FAILED, fault.message, hint, pause=pause), "limited": limited}


async def _quietly(work: Callable[[], None]) -> None:
    """What only tells people must not end the run when the database cannot take it now."""
    with suppress(Transient):
        await in_thread(work)


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
