"""The demo's act: a repository on the hub, a pull request with a spec on it, and waiting until its acceptance check has ended."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.core.codec import decode
from bot.core.plans.model import Plan
from bot.core.plans.progress import Progress, TaskProgress
from bot.core.proofs.model import CriterionVerdict, Verification
from bot.core.runs import Run, Spent
from bot.demo.ground import DemoFault, Ground
from bot.demo.plays import Play
from bot.demo.pushing import Pusher
from bot.hub import App, Repository
from bot.hub.state.checks import CheckRun
from bot.ids import PrNumber, RepoId
from bot.reporting.names import ACCEPTANCE

OWNER = "ada"
"""Who owns the repository on the hub and opens the pull request; the others can be played on the pages."""

PEOPLE: tuple[tuple[str, Literal["write", "read"]], ...] = (("grace", "write"), ("linus", "read"))
"""More people, so that a visitor can try what a writer and a reader may say."""

LOOK_SECONDS = 0.1
"""How often the store is read while the act plays; the terminal shows each step as it comes."""


@dataclass(frozen=True, slots=True)
class Told:
    """One live event of the run, as the terminal shows it."""

    at: datetime
    kind: str
    data: str


@dataclass(frozen=True, slots=True)
class Result:
    """How it ended. `checks` are those of ours at `head`, by name; `verdicts` in the order of the specs; `tasks` in the order of the `plan`."""

    url: str
    head: str
    checks: dict[str, CheckRun]
    verdicts: tuple[CriterionVerdict, ...]
    run: Run | None
    spent: Spent
    seconds: float
    model: str
    plan: Plan | None = None
    tasks: tuple[TaskProgress, ...] = ()

    @property
    def accepted(self) -> bool:
        acceptance = self.checks.get(ACCEPTANCE)
        return acceptance is not None and acceptance.conclusion == "success"

    def as_json(self) -> str:
        """One line, for machines."""
        return json.dumps(
            {
                "url": self.url,
                "head": self.head,
                "checks": {name: check.conclusion for name, check in self.checks.items()},
                "criteria": {v.name: v.verdict.value for v in self.verdicts if not _is_keep_command(v)},
                "keep": {v.name: v.verdict.value for v in self.verdicts if _is_keep_command(v)},
                "tasks": {t.task_id: _as_json(t) for t in self.tasks},
                "model": self.model,
                "model_calls": self.spent.calls,
                "cost_usd": self.spent.usd,
                "seconds": round(self.seconds, 1),
            }
        )


def _as_json(task: TaskProgress) -> dict[str, str | int | None]:
    return {"state": task.state.value, "attempt": task.attempt, "commit": task.commit, "reason": task.reason}


def _is_keep_command(verdict: CriterionVerdict) -> bool:
    """A command of the front matter's `keep`, which is proven like a criterion but is none."""
    return "#keep-" in verdict.name


@dataclass
class Act:
    """One pull request on prepared ground. `tell` gets each live event of its runs once."""

    ground: Ground
    play: Play
    model: str
    tell: Callable[[Told], None]
    _told: dict[str, int] = field(default_factory=dict)

    def perform(self, opened: Callable[[str], None], begun: Callable[[str], None]) -> Result:
        """Open the pull request (`opened` gets its address), say where its run can be watched (`begun`), and wait for the end.

        Raises `DemoFault`.
        """
        hub, began = self.ground.hub, time.monotonic()
        repository, branch, app = self.lay()
        pull = hub.open_pull_request(repository, branch, self.play.title, OWNER, body=self.play.body)
        url = f"{hub.url}/{repository.full_name}/pull/{pull.number}"
        opened(url)
        while True:
            runs = self.tell_news(RepoId(repository.id), PrNumber(pull.number), begun)
            head = hub.issue(repository, pull.number).as_pull.head_sha
            checks = {c.name: c for c in hub.check_runs(repository, head) if c.app_id == app.app_id}
            acceptance = checks.get(ACCEPTANCE)
            if acceptance and acceptance.status == "completed" and runs and not runs[-1].state.live:
                break
            self.ground.check_alive()
            if time.monotonic() - began > self.play.minutes * 60:
                raise DemoFault(
                    f"no verdict after {self.play.minutes:g} minutes", hint=f"look at {self.ground.log_of('worker')}"
                )
            time.sleep(LOOK_SECONDS)
        runs = self.tell_news(RepoId(repository.id), PrNumber(pull.number), begun)
        return self.result(url, head, checks, runs[-1], time.monotonic() - began)

    def lay(self) -> tuple[Repository, str, App]:
        """The repository with its people and its required check, the branch that the play says, and the bot at work on it."""
        hub = self.ground.hub
        hub.add_user(OWNER)
        repository = hub.create_repository(self.play.repository)
        for login, level in PEOPLE:
            hub.set_permission(repository, login, level)
        pusher = Pusher("Ada", "ada@example.com", hub.user_token(OWNER), repository.clone_url)
        branch = self.play.lay(pusher)
        app = self.ground.start_bot(OWNER, [repository.full_name])
        hub.protect(repository, repository.default_branch, [(ACCEPTANCE, app.app_id)])
        return repository, branch, app

    def tell_news(self, repo: RepoId, number: PrNumber, begun: Callable[[str], None]) -> tuple[Run, ...]:
        """The runs so far, after all that they have to tell was told."""
        runs = tuple(self.ground.store.runs_of(repo, number))
        for run in runs:
            if run.run_id not in self._told:
                self._told[run.run_id] = 0
                begun(self.ground.page_of(run.run_id))
            for count, at, kind, data in self.ground.store.events(run.run_id, self._told[run.run_id]):
                self._told[run.run_id] = count
                self.tell(Told(at, kind, data))
        return runs

    def result(self, url: str, head: str, checks: dict[str, CheckRun], run: Run, seconds: float) -> Result:
        store = self.ground.store
        verification = store.note(run.run_id, "verification")
        plan, progress = store.note(run.run_id, "plan"), store.note(run.run_id, "progress")
        return Result(
            url,
            head,
            checks,
            decode(Verification, verification).verdicts if verification else (),
            run,
            store.spent(run.run_id),
            seconds,
            self.model,
            decode(Plan, plan) if plan else None,
            decode(Progress, progress).tasks if progress else (),
        )
