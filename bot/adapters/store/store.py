"""The whole store: its parts on one database."""

from bot.adapters.clock import SystemClock
from bot.adapters.store.bills import Bills
from bot.adapters.store.commands import Commands
from bot.adapters.store.database import BUSY_SECONDS, Database
from bot.adapters.store.deliveries import Deliveries
from bot.adapters.store.executions import Executions
from bot.adapters.store.heads import Heads
from bot.adapters.store.journal import Journal
from bot.adapters.store.ledger import Ledger
from bot.adapters.store.notes import Notes, Posts
from bot.adapters.store.pace import Pace
from bot.adapters.store.progress import RunEvents, Workers
from bot.adapters.store.purse import Purses
from bot.adapters.store.runs import Runs
from bot.adapters.store.task_results import TaskResults
from bot.core.ports import Clock


class SqlStore(
    Deliveries,
    Commands,
    Heads,
    Runs,
    Journal,
    TaskResults,
    Executions,
    Notes,
    Posts,
    Pace,
    Ledger,
    RunEvents,
    Workers,
    Purses,
    Bills,
):
    """The `Store` port on SQLite (`sqlite:////ABSOLUTE/PATH`) or PostgreSQL (`postgresql://…`).

    Every method is one transaction, safe under any number of threads and processes; a database that is down, locked for
    longer than `busy_seconds`, full, gone or not migrated raises `Transient`. Opens nothing before its first use; make one in
    each process, after forking. `migrate(url)` makes and upgrades the tables.
    """

    def __init__(self, url: str, *, clock: Clock | None = None, busy_seconds: float = BUSY_SECONDS) -> None:
        super().__init__(Database(url, busy_seconds=busy_seconds), clock or SystemClock())

    def close(self) -> None:
        """Close the idle connections; the store may be used again afterwards."""
        self._database.close()
