"""`reconcile`: bring one pull request, or all with one head, to where exactly one run answers for the head."""

from bot.core.events.model import Command
from bot.core.pulls import Person, PullRequest
from bot.core.runs import Run, RunState
from bot.workflows.engine import RUNS, Engine
from bot.workflows.house import House
from bot.workflows.lifecycle import SEGMENT, begin, end, live_runs

CLOSED = "the pull request was closed"
"""Why a run ended when its pull request was closed; reopening makes a new attempt of such a run."""


def reconcile(house: House, engine: Engine, command: Command) -> str:
    """What became of it, in words for the log."""
    if command.number is not None:
        return reconcile_pull(house, engine, house.github.pull_request(command.repo, command.number), command.actor)
    pulls = [p for p in house.github.open_pull_requests(command.repo) if p.head_sha == command.head_sha]
    return (
        "; ".join(reconcile_pull(house, engine, p, command.actor) for p in pulls)
        or "no open pull request has this head"
    )


def reconcile_pull(house: House, engine: Engine, pull: PullRequest, actor: Person) -> str:
    """Make the pull request's head have one run, and no older run go on."""
    house.store.see_head(pull.repo.repo_id, pull.number, pull.head_sha)
    owner = house.store.run_of_candidate(pull.repo.repo_id, pull.head_sha)
    for run in live_runs(house, pull):
        if not pull.is_open:
            end(house, engine, run, RunState.STOPPED, CLOSED)
        elif run.base_ref != pull.base_ref:
            end(house, engine, run, RunState.SUPERSEDED, f"the pull request now aims at {pull.base_ref}")
        elif run.start_head != pull.head_sha and run.run_id != owner:
            end(house, engine, run, RunState.SUPERSEDED, f"a newer commit was pushed: {pull.head_sha[:12]}")
    if not pull.is_open:
        return "closed"
    if owner is not None and _same_base(house, owner, pull):
        return f"the head is the candidate of {owner}"
    existing = [run for run in house.store.runs_of(pull.repo.repo_id, pull.number) if _answers_for(run, pull)]
    if not existing:
        return f"began {begin(house, engine, pull, actor).run_id}"
    if existing[-1].state.live:
        engine.enqueue(RUNS, SEGMENT, existing[-1].run_id, existing[-1].run_id)
    return f"{existing[-1].run_id} answers for this head"


def _answers_for(run: Run, pull: PullRequest) -> bool:
    if run.start_head != pull.head_sha or run.base_ref != pull.base_ref or run.state is RunState.SUPERSEDED:
        return False
    return not (run.state is RunState.STOPPED and run.reason == CLOSED)


def _same_base(house: House, owner: str, pull: PullRequest) -> bool:
    """A candidate answers only for the pull request and the base it was verified against."""
    runs = house.store.runs_of(pull.repo.repo_id, pull.number)
    return any(run.run_id == owner and run.base_ref == pull.base_ref for run in runs)
