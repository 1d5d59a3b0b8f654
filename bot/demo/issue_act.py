"""The act that begins with an issue: people say what they would say, and everything between is the bot's."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from bot.core.runs import Run, RunState
from bot.demo.act import LOOK_SECONDS, OWNER, Act, Result, Told
from bot.demo.ground import DemoFault
from bot.hub import App, Repository
from bot.hub.state.checks import CheckRun
from bot.hub.state.issues import Issue
from bot.ids import PrNumber, RepoId
from bot.reporting.names import ACCEPTANCE, QUESTIONS_MARKER

READER = "linus"
"""Who opens the issue: somebody who may read, and ask for nothing else."""

SECOND = 1.1
"""GitHub's times have no fractions: what is said about a commit is said in a later second than the one in which it was pushed."""

T = TypeVar("T")


@dataclass
class IssueAct(Act):
    """One issue on prepared ground: asked for, answered, approved, proven, merged."""

    _watched: list[PrNumber] = field(default_factory=list)
    _begun: Callable[[str], None] = field(default=lambda url: None)
    _repository: Repository | None = None
    _ends: float = 0.0

    def perform(self, opened: Callable[[str], None], begun: Callable[[str], None]) -> Result:
        """As the other acts; `opened` gets the address of the issue, then that of the pull request."""
        hub, began = self.ground.hub, time.monotonic()
        self._begun, self._ends = begun, began + self.play.minutes * 60
        repository, _, app = self.lay()
        self._repository = repository
        issue = hub.open_issue(repository, self.play.title, READER, self.play.body)
        page = f"{hub.url}/{repository.full_name}"
        opened(f"{page}/issues/{issue.number}")
        self._watched.append(PrNumber(issue.number))
        self._say(issue.number, "/orchestrate")
        pull = self._until(lambda: self._pull(repository))
        opened(f"{page}/pull/{pull.number}")
        self._watched.append(PrNumber(pull.number))
        self._until(lambda: self._asks(pull))
        self._until(lambda: self._waits(issue.number, "waits for answers"))
        self._say(pull.number, self.play.answer)
        self._until(lambda: self._waits(issue.number, "waits for approval"))
        time.sleep(SECOND)
        self._say(pull.number, f"/specbot approve {self._head(pull)[:7]}")
        checks, run = self._until(lambda: self._verdict(app, pull))
        time.sleep(SECOND)
        head = self._head(pull)
        if checks[ACCEPTANCE].conclusion == "success":
            hub.set_draft(repository, pull.number, OWNER, draft=False)
            hub.merge(repository, pull.number, OWNER)
            self._told_by(OWNER, f"merges #{pull.number}")
            self._until(lambda: hub.issue(repository, issue.number).state == "closed")
        return self.result(f"{page}/pull/{pull.number}", head, checks, run, time.monotonic() - began)

    def _until(self, look: Callable[[], T | None]) -> T:
        """What `look` finds, as soon as it finds something; meanwhile all news is told. Raises `DemoFault`."""
        while True:
            for number in self._watched:
                runs = self.tell_news(RepoId(self._there.id), number, self._begun)
                broken = runs and runs[-1].state in (RunState.FAILED, RunState.STOPPED) and runs[-1].of_issue
                if broken:
                    raise DemoFault(f"the spec was not written: {runs[-1].reason}", hint="look at the issue's comment")
            found = look()
            if found:
                return found
            self.ground.check_alive()
            if time.monotonic() > self._ends:
                raise DemoFault(
                    f"no end after {self.play.minutes:g} minutes", hint=f"look at {self.ground.log_of('worker')}"
                )
            time.sleep(LOOK_SECONDS)

    @property
    def _there(self) -> Repository:
        if self._repository is None:
            raise DemoFault("the act has not begun", hint="call perform")
        return self._repository

    def _say(self, number: int, words: str) -> None:
        self.ground.hub.comment(self._there, number, OWNER, words)
        self._told_by(OWNER, f"on #{number}: {words}")

    def _told_by(self, login: str, words: str) -> None:
        self.tell(Told(datetime.now(UTC), "said", f"{login} {words}"))

    def _pull(self, repository: Repository) -> Issue | None:
        return self.ground.hub.store.issues.first(
            lambda one: one.repository_id == repository.id and one.pull is not None
        )

    def _asks(self, pull: Issue) -> bool:
        said = self.ground.hub.comments(self._there, pull.number)
        return any(one.body.startswith(QUESTIONS_MARKER) for one in said)

    def _waits(self, issue: int, reason: str) -> bool:
        runs = self.ground.store.runs_of(RepoId(self._there.id), PrNumber(issue))
        return bool(runs) and runs[-1].state is RunState.WAITING and runs[-1].reason == reason

    def _head(self, pull: Issue) -> str:
        return self.ground.hub.issue(self._there, pull.number).as_pull.head_sha

    def _verdict(self, app: App, pull: Issue) -> tuple[dict[str, CheckRun], Run] | None:
        """The checks of the head and the run that made them, once agents have worked and have come to an end."""
        runs = self.ground.store.runs_of(RepoId(self._there.id), PrNumber(pull.number))
        last = runs[-1] if runs else None
        if last is None or last.state.live or self.ground.store.note(last.run_id, "verification") is None:
            return None
        found = self.ground.hub.check_runs(self._there, self._head(pull))
        checks = {check.name: check for check in found if check.app_id == app.app_id}
        acceptance = checks.get(ACCEPTANCE)
        return (checks, last) if acceptance is not None and acceptance.status == "completed" else None
