"""The sweep: what was lost is asked for again, and every open pull request we know has a run that answers for its head.

Webhooks are hints; this is what makes them only hints. It runs at the worker's start and then every few minutes.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event

from bot.core.pulls import PullRequest, RepoRef
from bot.errors import SpecbotError
from bot.workflows.commands.reconcile import reconcile_pull
from bot.workflows.engine import Engine
from bot.workflows.house import House, log

SWEEP_SECONDS = 300.0
"""Between two sweeps: a lost delivery costs at most this much, and a sweep costs a few requests for each repository."""

RUNS_LOOKED_AT = 500
"""Newest runs whose repositories are swept; a repository that is quieter than that wakes up with its next delivery."""

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
        """One sweep; what fails is logged and tried again by the next."""
        try:
            self._catch_up()
            for repo in self._repositories():
                self._look_at(repo)
        except SpecbotError as fault:
            log.warning("sweep broken off", reason=fault.message)

    def _catch_up(self) -> None:
        seen = self._house.store.post(WATERMARK)
        until = self._redeliver(datetime.fromtimestamp(seen, UTC) if seen is not None else None)
        self._house.store.keep_post(WATERMARK, int(until.timestamp()))

    def _repositories(self) -> tuple[RepoRef, ...]:
        by_id = {run.repo.repo_id: run.repo for run in reversed(self._house.store.recent_runs(RUNS_LOOKED_AT))}
        return tuple(by_id.values())

    def _look_at(self, repo: RepoRef) -> None:
        try:
            for pull in self._house.github.open_pull_requests(repo):
                self._reconcile(pull)
        except SpecbotError as fault:
            log.warning("repository not swept", repository=repo.full_name, reason=fault.message)

    def _reconcile(self, pull: PullRequest) -> None:
        """The author stands for whoever pushed: a lost delivery took the pusher's name with it."""
        try:
            outcome = reconcile_pull(self._house, self._engine, pull, pull.author)
        except SpecbotError as fault:
            outcome = fault.message
        log.debug("swept", pull=pull.html_url, outcome=outcome)
