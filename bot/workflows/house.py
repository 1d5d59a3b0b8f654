"""What every workflow is given: the ports, and the few facts about this installation of the bot."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar

import structlog

from bot.agents.threads import in_thread as finished_in_thread
from bot.core.policy.model import Cap
from bot.core.ports import AgentJournal, Clock, Environments, Git, GitHub, Model, Sandbox, Store
from bot.core.pulls import Annotation, RepoRef
from bot.ids import RunId, Sha
from bot.workflows.bells import Bells
from bot.workflows.showing import Showing

T = TypeVar("T")

log: structlog.stdlib.BoundLogger = structlog.get_logger("specbot.workflows")


class Pens:
    """One pen for each run: whoever holds it is the only one of this process that writes to GitHub for that run.

    A cancelled segment may still have a write under way in a thread when the run is settled; settling waits for the pen and so has
    the last word.
    """

    def __init__(self) -> None:
        self._guard = Lock()
        self._pens: dict[str, Lock] = {}

    def of(self, what: str) -> Lock:
        """The pen for a run (by its id) or for a commit (`REPO/SHA`; taken after a run's, never before)."""
        with self._guard:
            return self._pens.setdefault(what, Lock())


def show_nothing(house: "House", run: RunId) -> None:
    """For a house without anybody to show a run to."""


def nothing_said(repo: RepoRef, head: Sha) -> tuple[Annotation, ...]:
    """For a house that does not read other checks."""
    return ()


@dataclass(frozen=True, slots=True)
class House:
    """Wired once in `app.py`; the same for the worker, the demo, the tests and `specbot run`."""

    store: Store
    github: GitHub
    git: Git
    sandbox: Sandbox
    environments: Environments
    model: Model
    clock: Clock
    implementer_model: str
    reviewer_model: str
    public_url: str
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """Live secret values; everything that goes out is searched for them."""

    github_url: str = ""
    """Where people see repositories (`https://github.com`), "" for a local clone."""

    month_cap: Cap = Cap()
    """What the operator allows all repositories together in a calendar month (UTC)."""

    show: Callable[["House", RunId], None] = show_nothing
    """Brings what people see of a live run up to date; for whoever stands below the posting of texts."""

    others_say: Callable[[RepoRef, Sha], tuple[Annotation, ...]] = nothing_said
    """What other Apps' checks have annotated on a commit, as far as it can be read; a reviewer does not say it again."""

    pens: Pens = field(default_factory=Pens)
    bells: Bells = field(default_factory=Bells)
    showing: Showing = field(default_factory=Showing)
    reconciling: Any = field(default_factory=Lock)
    """Held by whoever reconciles a pull request: pump and sweep, in this process, take turns."""

    @property
    def journal(self) -> AgentJournal:
        return self.store

    def run_url(self, run: RunId) -> str:
        """The address of the run's own page, "" when the bot has no public address."""
        return f"{self.public_url}/runs/{run}" if self.public_url else ""

    def repo_url(self, repo: RepoRef) -> str:
        """The address of the repository's own page, "" for a local clone."""
        return f"{self.github_url}/{repo.full_name}" if self.github_url else ""


async def in_thread(work: Callable[[], T]) -> T:
    """Run blocking work (git, GitHub, the database) without stalling the other runs of this worker.

    When the caller is cancelled, the work is finished first: nothing goes on behind the back of whoever settles the run.
    """
    return await finished_in_thread(work)


Step = Callable[[House, RunId], Coroutine[Any, Any, str]]
"""A durable step: reads what earlier steps stored, does one thing, stores what it found, returns one word for the order of work."""
