"""The purse: what model calls cost, reserved before and settled after, so that agents side by side cannot overspend together."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.core.policy.costs import Bill
from bot.core.policy.purse import Answer, Caps, Wanted
from bot.ids import AgentKey, RepoId, RunId


class Purse(Protocol):
    """Each method is one transaction; raises `Transient` when the database is down."""

    def reserve(self, run: RunId, wanted: Wanted, caps: Caps) -> Answer:
        """Decide (`bot.core.policy.purse.decide`) and, when the answer is `Reserved`, reserve the most that the call can cost.

        No two calls of this are decided beside one another, in whatever process. What the agent held before is let go first, so asking
        again after a crash replaces. A reservation is settled by `AgentJournal.append` with the reply, in the very same transaction.
        Raises `NotThere` for an unknown run.
        """
        ...

    def let_go(self, agent: AgentKey) -> None:
        """The agent's call was not answered: what it held reserved is free."""
        ...

    def release(self, run: RunId) -> None:
        """The run's segment has ended: whatever its agents held reserved is free."""
        ...

    def keep_run_specs(self, run: RunId, paths: Sequence[str]) -> None:
        """Which specs the run is about, for the caps and bills of a spec. Replaces what was kept before."""
        ...

    def bills(
        self, *, since: datetime | None = None, repo: RepoId | None = None, limit: int | None = None
    ) -> tuple[Bill, ...]:
        """What runs have cost, oldest first: one bill for each run and month, counting calls that ended at or after `since`.

        `repo` keeps to one repository; `limit` to the newest runs that called a model. Runs without a call have a bill of nothing in the month in
        which they began, unless there is a `limit`.
        """
        ...
