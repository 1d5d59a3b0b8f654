"""The flow of an issue's run: read, write, publish, ask. It ends waiting for a person, and an answer starts its next segment."""

from bot.core.orchestration.notes import Answers, Drafted, Opened
from bot.core.orchestration.questions import open_ones
from bot.core.runs import RunState
from bot.ids import RunId
from bot.workflows.engine import SETTLING, Engine
from bot.workflows.house import House, in_thread, log
from bot.workflows.lifecycle import SETTLE
from bot.workflows.notes import find, need
from bot.workflows.orchestrating.admitting import admit_issue
from bot.workflows.orchestrating.publishing import publish_spec
from bot.workflows.orchestrating.telling import announce_issue, report_issue
from bot.workflows.orchestrating.writing import write_spec
from bot.workflows.steps import Ended, step


async def orchestrate(house: House, engine: Engine, run_id: RunId) -> str:
    """One segment, to its end; whatever breaks is told. Returns the run's last state."""
    try:
        return await _segment(house, run_id)
    except Exception as fault:
        log.exception("orchestration crashed", run=run_id)
        reason = f"Specbot itself failed ({type(fault).__name__}); this is our fault, please report it"
        await in_thread(lambda: _end_crashed(house, engine, run_id, reason))
        raise


async def _segment(house: House, run_id: RunId) -> str:
    try:
        await step(house, run_id, "read the issue", admit_issue)
        await step(house, run_id, "announce", announce_issue)
        await step(house, run_id, "write the spec", write_spec)
        await step(house, run_id, "publish the spec", publish_spec)
        ended = await in_thread(lambda: _ended(house, run_id))
    except Ended as end:
        ended = end
    return await step(house, run_id, "report", lambda h, r: report_issue(h, r, ended), patient=True)


def _ended(house: House, run_id: RunId) -> Ended:
    if need(house, run_id, Opened).in_force:
        return Ended(RunState.DONE, "the spec is in force", expected=True)
    given = (find(house, run_id, Answers) or Answers()).given
    left = open_ones(need(house, run_id, Drafted).draft.questions, given)
    return Ended(RunState.WAITING, "waits for answers" if left else "waits for approval", expected=True)


def _end_crashed(house: House, engine: Engine, run_id: RunId, reason: str) -> None:
    run = house.store.run(run_id)
    if run is not None and run.state.live:
        engine.enqueue(SETTLING, SETTLE, f"{SETTLE}/{run_id}", run_id, RunState.FAILED.value, reason)
        house.store.update_run(run_id, state=RunState.FAILED, reason=reason)
