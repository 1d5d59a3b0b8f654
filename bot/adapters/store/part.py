"""What each part of the store is made of."""

from datetime import datetime

from sqlalchemy import Connection, text

from bot.adapters.store.database import Database
from bot.core.ports import Clock


class Part:
    """One concern of the store: it shares the database and the clock with the others."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def _shared_now(self, connection: Connection) -> datetime:
        """The time that all workers agree on: the database's clock where it has one of its own (several hosts share it)."""
        if self._database.is_sqlite:
            return self._clock.now()
        found: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        return found
