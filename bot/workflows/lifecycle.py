"""How runs begin and how they are ended from outside: the two moves that commands make."""

from bot.core.feedback.model import AskedToAnswer
from bot.core.held import Held
from bot.core.pulls import Person, PullRequest
from bot.core.runs import Run, RunState, Stage
from bot.errors import NotThere, Transient
from bot.ids import RunId, run_id
from bot.workflows.engine import RUNS, SETTLING, Engine
from bot.workflows.house import House
from bot.workflows.notes import Kept, Trouble, Waits, WaitsFor, find, keep

SEGMENT = "segment"
TASK = "task"
SETTLE = "settle"
GROUP = "merge group"
REVIEW = "asked review"
ORCHESTRATE = "orchestrate"
"""Names of the durable workflows; they are stored, so they never change."""

CLOSED = "the pull request is closed"
UNINSTALLED = "the App may not work here any more"
UNASKED = frozenset({CLOSED, UNINSTALLED})
"""Reasons for which a run is stopped without a person asking for it: when they pass, the head gets a new run."""


def begin(
    house: House,
    engine: Engine,
    pull: PullRequest,
    requester: Person,
    *,
    asked_by: str = "",
    verify_only: bool = False,
    answers: AskedToAnswer | None = None,
) -> Run:
    """A new attempt at the pull request's head. Raises `Refused` while another live run writes the same branch.

    `asked_by` names the command that asks: repeated after a crash, it gets the run that it began and not another one. `answers`: the run is to
    answer people; it takes that over from the run before, if that could not.
    """
    if pull.head_repo_id is None:
        raise NotThere("the head repository was deleted", hint="open a new pull request from an existing repository")
    attempt = _attempt(house, pull, asked_by)
    identity = run_id(pull.repo.repo_id, pull.number, pull.head_sha, attempt)
    answers = answers or (None if verify_only else unanswered(house, pull))
    if answers is not None:  # before the run is there, so that no segment can begin without it
        keep(house, identity, answers)
    run = house.store.create_run(
        Run(
            run_id=identity,
            repo=pull.repo,
            number=pull.number,
            start_head=pull.head_sha,
            attempt=attempt,
            head_repo_id=pull.head_repo_id,
            head_ref=pull.head_ref,
            base_ref=pull.base_ref,
            state=RunState.QUEUED,
            stage=Stage.ADMISSION,
            reason="",
            requester=requester,
            created_at=house.clock.now(),
            verify_only=verify_only,
        )
    )
    set_going(engine, run)
    return run


def next_id(house: House, pull: PullRequest, asked_by: str) -> RunId:
    """The id of the run that `begin` makes, or has made, for what `asked_by` names; so that something can be left for it before it begins."""
    return run_id(pull.repo.repo_id, pull.number, pull.head_sha, _attempt(house, pull, asked_by))


def segment_id(run: Run) -> str:
    """The id of the workflow that is the run's present segment. The first has the run's own."""
    return run.run_id if run.segment == 1 else f"{run.run_id}/{SEGMENT}/{run.segment}"


def set_going(engine: Engine, run: Run) -> None:
    """The run's segment is queued or has been; repeating this changes nothing."""
    flow = ORCHESTRATE if run.of_issue else SEGMENT
    engine.enqueue(RUNS, flow, segment_id(run), run.run_id, str(run.segment))


def resume(house: House, engine: Engine, run: Run) -> Run:
    """Start the next segment of a waiting run; the run as it is then. What the earlier segments left is all there for it.

    Raises `Transient` while the earlier segment still says its last words (the next one must not be spoken over), and `Refused` while another
    live run writes the branch. Repeating it for the run that it returned sets that one going and changes nothing more.
    """
    if run.state is RunState.WAITING:
        if engine.unfinished(segment_id(run)):
            raise Transient("the run is still saying why it waits", hint="it is tried again in a moment")
        run = house.store.update_run(
            run.run_id, state=RunState.QUEUED, stage=Stage.ADMISSION, reason="", segment=run.segment + 1
        )
    if not engine.known(segment_id(run)):  # what the last segment said of itself is not true of this one
        keep(house, run.run_id, Trouble("", ""))
        keep(house, run.run_id, Kept(""))
        keep(house, run.run_id, Waits(WaitsFor.PERSON))
        if (waiting := find(house, run.run_id, Held)) is not None:
            keep(house, run.run_id, Held(waiting.commit, "", 0))
    set_going(engine, run)
    return run


def end(house: House, engine: Engine, run: Run, state: RunState, reason: str) -> None:
    """Stop a live run and have it settled.

    The run is marked as ended last: a crash before that leaves it live, and the same command ends it again.
    """
    engine.cancel(segment_id(run))
    engine.enqueue(SETTLING, SETTLE, f"{SETTLE}/{run.run_id}", run.run_id, state.value, reason)
    house.store.update_run(run.run_id, state=state, reason=reason)


def live_runs(house: House, pull: PullRequest) -> tuple[Run, ...]:
    return tuple(r for r in house.store.runs_of(pull.repo.repo_id, pull.number) if r.state.live)


def unanswered(house: House, pull: PullRequest) -> AskedToAnswer | None:
    """What the pull request's newest working run was to answer and did not: a push came, or trouble. Whoever stopped it wanted none."""
    for run in reversed(house.store.runs_of(pull.repo.repo_id, pull.number)):
        if run.verify_only:
            continue
        if run.published or run.state is RunState.DONE or house.store.post(answered_key(run.run_id)) is not None:
            return None
        stopped = run.state is RunState.STOPPED and run.reason not in UNASKED
        return None if stopped else find(house, run.run_id, AskedToAnswer)
    return None


def answered_key(run: RunId) -> str:
    """Under which the store knows that a run has given its answers."""
    return f"answered/{run}"


def _attempt(house: House, pull: PullRequest, asked_by: str) -> int:
    """The number of the attempt that `asked_by` began, or else the next one."""
    key = f"attempt/{asked_by}/{pull.repo.repo_id}/{pull.number}/{pull.head_sha}"
    known = house.store.post(key) if asked_by else None
    if known is not None:
        return known
    earlier = [r for r in house.store.runs_of(pull.repo.repo_id, pull.number) if r.start_head == pull.head_sha]
    attempt = 1 + max((r.attempt for r in earlier), default=0)
    if asked_by:
        house.store.keep_post(key, attempt)
    return attempt
