"""A pause that people would notice: said with the time at which it ends, taken out of the run's minutes, and forgotten when it is over."""

from dataclasses import replace
from datetime import timedelta

from bot.core.runs import Run
from bot.errors import SpecbotError
from bot.ids import RunId
from bot.reporting.spending import pause_sentence
from bot.workflows.house import House, log
from bot.workflows.notes import Pause, find, keep

SHOWN_SECONDS = 45.0
"""A shorter pause is over before anybody has read of it, and each edit of the comment uses up some of GitHub's own limit."""


def begin_pause(house: House, run: RunId, seconds: float, kind: str, why: str, *, shown: bool = True) -> None:
    """Say it where people look, unless `shown` is False: then it is GitHub that wants to be left alone. Whatever keeps it from being said must
    not end the run."""
    now = house.clock.now()
    until = now + timedelta(seconds=seconds)
    earlier = find(house, run, Pause)
    keep(house, run, Pause(now, until, pause_sentence(kind, until, why), earlier.counted if earlier else None))
    if shown:
        _show(house, run)


def end_pause(house: House, run: RunId) -> None:
    """The run goes on: the time is given back, once however many agents paused side by side, and the sentence goes."""
    pause, now = find(house, run, Pause), house.clock.now()
    if pause is None:
        return
    start, end = max(pause.since, pause.counted or pause.since), min(now, pause.until)
    if end > start:
        keep(house, run, replace(pause, counted=end))
        house.store.rest(run, (end - start).total_seconds())
    _show(house, run)


def pause_of(house: House, run: Run) -> str:
    """The sentence while a pause lasts, else ""."""
    pause = find(house, run.run_id, Pause) if run.state.live else None
    return pause.sentence if pause is not None and house.clock.now() < pause.until else ""


def _show(house: House, run: RunId) -> None:
    try:
        house.show(house, run)
    except SpecbotError as fault:
        log.warning("a pause could not be shown", run=run, reason=fault.message)
