"""The settle workflow: a run that was ended from outside gets its last words, and what its agent made is kept."""

from bot.core.runs import RunState, Stage
from bot.ids import RunId
from bot.reporting.checks.broken import broken_check
from bot.workflows.answering import give_late_answers
from bot.workflows.house import House, in_thread
from bot.workflows.keeping import keep_unpublished
from bot.workflows.notes import Trouble, keep
from bot.workflows.notifying import notice_of_run
from bot.workflows.orchestrating.telling import last_words
from bot.workflows.posting import put, write_everywhere
from bot.workflows.steps import Ended, step


async def settle(house: House, run_id: RunId, state: str, reason: str) -> str:
    """Settle one run that is to have ended in this state for this reason."""
    try:
        await step(house, run_id, "end", lambda h, r: _end(h, r, RunState(state), reason))
        await step(house, run_id, "keep the work", _keep_the_work)
        return await _have_last_words(house, run_id)
    except Ended as end:
        return f"{end.state.value}: {end.reason}"


async def _have_last_words(house: House, run_id: RunId) -> str:
    """Say how it ended; when the account of it cannot be given, say at least that: no check may stay open for ever."""
    try:
        return await step(house, run_id, "last words", _last_words, patient=True)
    except Ended as fault:
        reason = fault.reason
        return await step(house, run_id, "plain words", lambda h, r: _plain_words(h, r, reason), patient=True)


async def _end(house: House, run_id: RunId, state: RunState, reason: str) -> str:
    """Mark the run as ended. One that has had its last words already keeps its own verdict."""
    run = await in_thread(lambda: house.store.update_run(run_id, state=state, reason=reason))
    if run.stage is Stage.ENDED:
        raise Ended(run.state, "it ended by itself before it was stopped")
    return run.state.value


async def _keep_the_work(house: House, run_id: RunId) -> str:
    """Unpublished work goes to the run's own branch, also what an interrupted agent had not handed in."""
    return await in_thread(lambda: _keep_work(house, run_id))


def _keep_work(house: House, run_id: RunId) -> str:
    with house.pens.of(run_id):
        run = house.store.run(run_id)
        if run is not None and run.of_issue:
            return "nothing to keep"
        return keep_unpublished(house, run) if run is not None else "no such run"


async def _plain_words(house: House, run_id: RunId, reason: str) -> str:
    return await in_thread(lambda: _say_plainly(house, run_id, reason))


def _say_plainly(house: House, run_id: RunId, reason: str) -> str:
    with house.pens.of(run_id):
        house.store.release(run_id)
        run = house.store.update_run(run_id, stage=Stage.ENDED)
        if run.of_issue:
            return run.state.value
        for head in {run.start_head, *([run.candidate] if run.published and run.candidate else [])}:
            put(house, run, broken_check(head, run.check_id, reason))
    return run.state.value


async def _last_words(house: House, run_id: RunId) -> str:
    return await in_thread(lambda: _say(house, run_id))


def _say(house: House, run_id: RunId) -> str:
    with house.pens.of(run_id):
        house.store.release(run_id)
        run = house.store.update_run(run_id, stage=Stage.ENDED)
        if run.of_issue:
            last_words(house, run)
            house.store.emit(run_id, "ended", run.state.value)
            return run.state.value
        keep(house, run_id, Trouble(run.reason, "`/specbot retry` starts again"))
        give_late_answers(house, run)
        notice_of_run(house, write_everywhere(house, run))
        house.store.emit(run_id, "ended", run.state.value)
        house.showing.forget(run_id)
    return run.state.value
