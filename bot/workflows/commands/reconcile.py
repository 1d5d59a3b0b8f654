"""`reconcile`: bring one pull request, or all with one head, to where exactly one run answers for the head."""

from bot.core.events.commands import PUSHED
from bot.core.events.model import Command
from bot.core.pulls import Person, PullRequest, RepoRef
from bot.core.runs import Run, RunState
from bot.ids import PrNumber
from bot.workflows.adopting import adopted
from bot.workflows.engine import Engine
from bot.workflows.house import House
from bot.workflows.lifecycle import CLOSED, UNASKED, begin, end, live_runs, resume, set_going
from bot.workflows.notes import Waits, WaitsFor, find
from bot.workflows.orchestrating.branches import stands_behind

BY_PUSHING = frozenset({PUSHED, "opened", "synchronize"})
"""What happens only when somebody brings commits: that person asks for the work. Whoever re-targets or re-opens asks for nothing."""


def reconcile(house: House, engine: Engine, command: Command) -> str:
    """What became of it, in words for the log."""
    pusher = command.actor if BY_PUSHING.intersection(command.arguments) else None
    if command.number is not None:
        return reconcile_pull(house, engine, command.repo, command.number, pusher)
    pulls = [p for p in house.github.open_pull_requests(command.repo) if p.head_sha == command.head_sha]
    outcomes = [reconcile_pull(house, engine, command.repo, pull.number, pusher) for pull in pulls]
    return "; ".join(outcomes) or "no open pull request has this head"


def reconcile_pull(house: House, engine: Engine, repo: RepoRef, number: PrNumber, pusher: Person | None) -> str:
    """Make the pull request's head have one run, and no older run go on.

    The pull request is read here, one at a time: with a state from before, one caller would undo what another has just done.
    """
    with house.reconciling:
        pull = house.github.pull_request(repo, number)
        if pull.is_open:
            house.store.see_head(repo.repo_id, number, pull.head_sha)
        _end_what_is_over(house, engine, pull)
        for run in live_runs(house, pull):
            set_going(engine, run)
        if not pull.is_open:
            return _free_the_head(house, engine, pull)
        newest = newest_at(house, pull)
        if newest is not None and _waited_until_ready(house, newest, pull):
            return f"{resume(house, engine, newest).run_id} goes on: the pull request is ready for review"
        if newest is not None and _answers_for(newest, pull):
            return f"{newest.run_id} answers for this head"
        requester = stands_behind(house, pull, _requester(newest, pull, pusher))
        return f"began {begin(house, engine, pull, requester).run_id}"


def newest_at(house: House, pull: PullRequest) -> Run | None:
    """The pull request's newest run at its head, as where it started or as the candidate it published (or is publishing)."""
    runs = [run for run in house.store.runs_of(pull.repo.repo_id, pull.number) if _is_at(run, pull)]
    return runs[-1] if runs else None


def _is_at(run: Run, pull: PullRequest) -> bool:
    """A candidate that was kept elsewhere and then pushed by a person is a head like any other: it needs a run of its own."""
    published = run.published or run.state.live
    return run.start_head == pull.head_sha or (published and run.candidate == pull.head_sha)


def _waited_until_ready(house: House, run: Run, pull: PullRequest) -> bool:
    waits = find(house, run.run_id, Waits) if run.state is RunState.WAITING and not pull.draft else None
    return waits is not None and waits.what is WaitsFor.READY and _answers_for(run, pull)


def _answers_for(run: Run, pull: PullRequest) -> bool:
    if run.base_ref != pull.base_ref or run.state is RunState.SUPERSEDED:
        return False
    return not (run.state is RunState.STOPPED and run.reason in UNASKED)


def _end_what_is_over(house: House, engine: Engine, pull: PullRequest) -> None:
    for run in live_runs(house, pull):
        if not pull.is_open:
            end(house, engine, run, RunState.STOPPED, CLOSED)
        elif run.base_ref != pull.base_ref:
            end(house, engine, run, RunState.SUPERSEDED, f"the pull request now aims at {pull.base_ref}")
        elif pull.head_sha not in (run.start_head, run.candidate) and not adopted(house, run, pull):
            end(house, engine, run, RunState.SUPERSEDED, f"a newer commit was pushed: {pull.head_sha[:12]}")


def _requester(earlier: Run | None, pull: PullRequest, pusher: Person | None) -> Person:
    """Who stands behind the work: who pushed it, as far as that is known; else the author, whose rights are the least that fits."""
    return pusher or (earlier.requester if earlier is not None else pull.author)


def _free_the_head(house: House, engine: Engine, closed: PullRequest) -> str:
    """Other pull requests with this head no longer share its check with this one: theirs is made anew."""
    at_head = house.store.runs_at(closed.repo.repo_id, closed.head_sha)
    others = {run.number for run in at_head if run.number != closed.number}
    for number in sorted(others):
        pull = house.github.pull_request(closed.repo, number)
        run = newest_at(house, pull) if pull.is_open and pull.head_sha == closed.head_sha else None
        if run is not None and not run.state.live:
            asked_by = f"closed/{closed.number}"
            begin(house, engine, pull, run.requester, asked_by=asked_by, verify_only=True)
    return "closed"
