"""A stage whose worker is a process that may die at any point."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

from bot.errors import Transient
from bot.hub.state.issues import Issue
from tests.faults.workers import Death, Workers
from tests.support.stage import DEADLINE, Stage

BUSY = ("ENQUEUED", "PENDING", "DELAYED")
"""States of DBOS's workflows that have not ended."""

PATIENCE = 4 * DEADLINE
"""A tale with a death in it takes about ten seconds, one with sixteen half a minute; the machine may have much else to do."""

OURS, ENGINE = "state/specbot.db", "state/specbot-engine.db"


@dataclass
class Scene(Stage):
    """See the module. Files of the worker (`log`, `points`) lie in `root/worker`. `on_mark` hears of the tale's own beginning."""

    on_mark: Callable[[], object] = field(default=lambda: None)

    @contextmanager
    def workers(self, fatal: Sequence[str] = (), *, moving: bool = False, through: bool = False) -> Iterator[Workers]:
        """`moving`: whoever takes over from the first worker is on another machine. `through`: see `Workers`."""
        later = self.elsewhere if moving else None
        with Workers(self.environ, self.root / "worker", fatal, self._look, later, through=through) as workers:
            try:
                yield workers
            except BaseException as fault:
                fault.add_note(f"the worker's log:\n{workers.log[-20_000:]}")
                raise

    def rest(self, pull: Issue) -> None:
        """Nothing is under way or pending, on the hub, in the store and in the engine. A database that is away says nothing."""

        def quiet() -> bool:
            try:
                return self._at_rest(pull) and not self.stuck()
            except (Transient, sqlite3.Error):
                return False

        self.until(quiet, "the pull request to come to rest", PATIENCE)

    def until(self, true: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
        super().until(true, what, seconds)

    def mark(self) -> None:
        """Here the tale's own part begins."""
        self.on_mark()

    def stuck(self) -> list[str]:
        marks = ",".join("?" * len(BUSY))
        query = f"select workflow_uuid from workflow_status where status in ({marks})"
        return [str(row[0]) for row in self._rows(ENGINE, query, *BUSY)]

    def agents(self) -> list[str]:
        return [str(row[0]) for row in self._rows(OURS, "select agent from agents order by agent")]

    def leftovers(self) -> list[str]:
        """Checkouts that nobody works in any more."""
        state = self.root / "state"
        return sorted(p.name for folder in ("w", "g") if (state / folder).exists() for p in (state / folder).iterdir())

    def _look(self, point: str) -> Death:
        return Death(point, tuple(seen.label for seen in self.model.requests), self.answered())

    def answered(self) -> int:
        """Model calls whose answer is stored."""
        return int(str(self._rows(OURS, "select count(*) from model_calls")[0][0]))

    def _rows(self, file: str, query: str, *values: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.root / file)) as database:
            return database.execute(query, values).fetchall()
