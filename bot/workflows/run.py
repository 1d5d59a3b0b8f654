"""The segment: the order in which one run does its work, from admission to the last check.

Each line is a durable step that leaves notes in the store and answers with one word; a crash anywhere goes on at the unfinished
step. Whatever ends the segment early is an `Ended` with words for people, and is reported like everything else.
"""

from bot.core.runs import RunState
from bot.ids import RunId, TaskId
from bot.workflows.admission import Admitted, admit, wait_for_rights
from bot.workflows.answering import HEARD, answer, is_to_answer, listen
from bot.workflows.contracts import Next, contracts
from bot.workflows.engine import SETTLING, Engine
from bot.workflows.house import House, in_thread, log
from bot.workflows.implementing import give_up, implement
from bot.workflows.lifecycle import SETTLE
from bot.workflows.mending_ci import back_to_the_head
from bot.workflows.planning import plan
from bot.workflows.posting import announce, report
from bot.workflows.proving import Proof, prove_head
from bot.workflows.publishing import publish
from bot.workflows.reading import SpecState, held, read_specs
from bot.workflows.reviewing import reviewed
from bot.workflows.rounds import work_off
from bot.workflows.starting import when_approved, when_ready
from bot.workflows.steps import Ended, pack, step


async def segment(house: House, engine: Engine, run_id: RunId) -> str:
    """One segment, to its end. Returns the run's last state."""
    try:
        state, reason = await _work(house, engine, run_id)
        ended = Ended(state, reason, expected=True)
    except Ended as end:
        ended = end
    return await step(house, run_id, "report", lambda h, r: report(h, r, ended), patient=True)


async def safe_segment(house: House, engine: Engine, run_id: RunId) -> str:
    """`segment`, and when it breaks in a way no step could answer for, the run is ended and settled: no check stays open."""
    try:
        return await segment(house, engine, run_id)
    except Exception as fault:
        log.exception("segment crashed", run=run_id)
        reason = f"Specbot itself failed ({type(fault).__name__}); this is our fault, please report it"
        await in_thread(lambda: _end_crashed(house, engine, run_id, reason))
        raise


def _end_crashed(house: House, engine: Engine, run_id: RunId, reason: str) -> None:
    run = house.store.run(run_id)
    if run is not None and run.state.live:
        engine.enqueue(SETTLING, SETTLE, f"{SETTLE}/{run_id}", run_id, RunState.FAILED.value, reason)
        house.store.update_run(run_id, state=RunState.FAILED, reason=reason)


async def task(house: House, run_id: RunId, task_id: TaskId, attempt: int, segment: int) -> str:
    """One implementer on one task: a workflow of its own, so that agents have their own lane."""
    try:
        return await step(house, run_id, f"task {task_id}", lambda h, r: implement(h, r, task_id, attempt, segment))
    except Ended as end:
        ended = pack(end)
        return await step(house, run_id, "give up", lambda h, r: give_up(h, r, task_id, attempt, segment, ended))


async def _work(house: House, engine: Engine, run_id: RunId) -> tuple[RunState, str]:
    admitted = await step(house, run_id, "admit", admit)
    specs = await step(house, run_id, "read the specs", read_specs)
    if specs == SpecState.NONE:
        return RunState.DONE, "no spec in this pull request"
    await step(house, run_id, "announce", announce)
    if specs == SpecState.BLOCKED:
        return RunState.FAILED, "the spec has errors"
    if specs == SpecState.DRAFT:
        return RunState.DONE, "the spec is a draft: nothing is claimed"
    if specs == SpecState.HELD:
        await step(house, run_id, "wait for other specs", held)
    if admitted != Admitted.WORK:
        await step(house, run_id, "wait for rights", wait_for_rights)
    return await _from_the_head(house, engine, run_id, await step(house, run_id, "prove the head", prove_head))


async def _from_the_head(house: House, engine: Engine, run_id: RunId, proof: str) -> tuple[RunState, str]:
    """What follows from what the head shows: people are answered, what is unproven is implemented, or nothing is to be done."""
    if await in_thread(lambda: is_to_answer(house, run_id)) and await step(house, run_id, "listen", listen) == HEARD:
        return await _respond(house, engine, run_id, proof)
    if proof != Proof.IMPLEMENT:
        return await _mend_ci(house, engine, run_id) if proof == Proof.MEND_CI else (_state(proof), _reason(proof))
    await step(house, run_id, "wait until ready", when_ready)
    await step(house, run_id, "plan", plan)
    await step(house, run_id, "wait for approval", when_approved)
    following = await step(house, run_id, "contracts", contracts)
    if following in (Next.DONE, Next.PERSON):
        return _state(following), _reason(following)
    if following in _PROVEN:
        proof = await reviewed(house, run_id, _PROVEN[Next(following)])
    else:
        proof = await work_off(house, engine, run_id)
    await step(house, run_id, "publish", publish)
    return _state(proof), _reason(proof)


async def _mend_ci(house: House, engine: Engine, run_id: RunId) -> tuple[RunState, str]:
    """One attempt at what others' checks say of a proven head. Whatever keeps it from succeeding changes nothing about that head's verdict."""
    try:
        await step(house, run_id, "plan", plan)
        await step(house, run_id, "contracts", contracts)
        proof = await work_off(house, engine, run_id)
    except Ended as end:
        if end.state not in (RunState.FAILED, RunState.WAITING):
            raise
        proof = Proof.FAILED
    if proof == Proof.FAILED:
        proof = await step(house, run_id, "back to the head", back_to_the_head)
        return _state(proof), _reason(proof)
    await step(house, run_id, "publish", publish)
    return _state(proof), _reason(proof)


async def _respond(house: House, engine: Engine, run_id: RunId, at_head: str) -> tuple[RunState, str]:
    """People are answered: one agent, whose work is proven like any other, and only then the replies. Who asked has approved of it by asking."""
    await step(house, run_id, "contracts", contracts)
    proof = await work_off(house, engine, run_id)
    if proof != Proof.UNCHANGED:
        await step(house, run_id, "publish", publish)
    await step(house, run_id, "answer", answer)
    return _state(at_head if proof == Proof.UNCHANGED else proof), _reason(
        at_head if proof == Proof.UNCHANGED else proof
    )


_PROVEN = {Next.PUBLISH_DONE: Proof.DONE, Next.PUBLISH_PERSON: Proof.PERSON}
"""What the head shows already once its criteria have contracts."""


def _state(proof: str) -> RunState:
    return {Proof.DONE: RunState.DONE, Proof.PERSON: RunState.WAITING}.get(Proof(proof), RunState.FAILED)


def _reason(proof: str) -> str:
    """The news in a few words, for lists of runs; the check has the verdicts."""
    return {Proof.DONE: "everything is proven", Proof.PERSON: "a person is needed"}.get(
        Proof(proof), "not everything holds"
    )
