"""The sweep: what was lost is asked for again, runs that broke off are ended, every open pull request has a run for its head,
and what others say of what we published is looked at.

Webhooks are hints; this is what makes them only hints. It runs at the worker's start and then every few minutes.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Event

from bot.core.pulls import RepoRef
from bot.core.runs import Run, RunState, Stage
from bot.workflows.commands.reconcile import reconcile_pull
from bot.workflows.engine import SETTLING, Engine
from bot.workflows.house import House, log
from bot.workflows.lifecycle import SETTLE, end, segment_id, set_going
from bot.workflows.watching_ci import look_at_checks

SWEEP_SECONDS = 300.0
"""Between two sweeps: a lost delivery costs at most this much, and a sweep costs a few requests for each repository."""

RUNS_LOOKED_AT = 500
"""Newest runs whose repositories are swept; a repository that is quieter than that wakes up with its next delivery."""

BROKEN_OFF_AFTER = timedelta(seconds=30)
"""A live run without a workflow is about to get one; after this long it will not."""

WATERMARK = "catch-up/seen-until"
"""Where the store keeps how far the delivery list was read, in seconds since the epoch."""

Redeliver = Callable[[datetime | None], datetime]
"""Ask for every delivery since a time that never arrived; up to when everything is known now."""


class Sweep:
    """`run` until the event is set, or `once`."""

    def __init__(self, house: House, engine: Engine, redeliver: Redeliver) -> None:
        self._house = house
        self._engine = engine
        self._redeliver = redeliver

    def run(self, stop: Event) -> None:
        while not stop.is_set():
            self.once()
            stop.wait(SWEEP_SECONDS)

    def once(self) -> None:
        """One sweep. A part that fails is logged and tried again by the next; the other parts go on."""
        with _logged("catch-up"):
            self._catch_up()
        with _logged("runs"):
            for run in self._house.store.recent_runs(RUNS_LOOKED_AT):
                with _logged(f"run {run.run_id}"):
                    self._look_at_run(run)
        with _logged("repositories"):
            for repo in self._repositories():
                with _logged(repo.full_name):
                    self._look_at(repo)

    def _catch_up(self) -> None:
        seen = self._house.store.post(WATERMARK)
        until = self._redeliver(datetime.fromtimestamp(seen, UTC) if seen is not None else None)
        self._house.store.keep_post(WATERMARK, int(until.timestamp()))

    def _look_at_run(self, run: Run) -> None:
        """A live run whose workflow is gone is ended; an ended one that never had its last words is settled again."""
        old = self._house.clock.now() - (run.working_since or run.created_at) > BROKEN_OFF_AFTER
        if run.state.live and old and not self._engine.unfinished(segment_id(run)):
            if self._engine.known(segment_id(run)):
                end(self._house, self._engine, run, RunState.FAILED, "the run broke off; this is our fault")
            else:
                set_going(self._engine, run)
        elif (
            not run.state.live
            and run.stage is not Stage.ENDED
            and not self._engine.unfinished(f"{SETTLE}/{run.run_id}")
        ):
            self._settle_again(run)

    def _settle_again(self, run: Run) -> None:
        if self._engine.unfinished(segment_id(run)):
            return
        key = f"settled-again/{run.run_id}"
        number = 1 + (self._house.store.post(key) or 0)
        self._engine.enqueue(
            SETTLING, SETTLE, f"{SETTLE}/{run.run_id}/{number}", run.run_id, run.state.value, run.reason
        )
        self._house.store.keep_post(key, number)

    def _repositories(self) -> tuple[RepoRef, ...]:
        by_id = {run.repo.repo_id: run.repo for run in reversed(self._house.store.recent_runs(RUNS_LOOKED_AT))}
        return tuple(by_id.values())

    def _look_at(self, repo: RepoRef) -> None:
        for pull in self._house.github.open_pull_requests(repo):
            with _logged(f"{repo.full_name}#{pull.number}"):
                outcome = reconcile_pull(self._house, self._engine, repo, pull.number, None)
                look_at_checks(self._house, pull)
                log.debug("swept", pull=pull.html_url, outcome=outcome)


@contextmanager
def _logged(what: str) -> Iterator[None]:
    """Whatever goes wrong inside is logged: one part must not keep the others from their turn, nor end the sweeping."""
    try:
        yield
    except Exception:
        log.exception("sweep broken off", part=what)
