"""What executions showed: equal executions are never run twice."""

from sqlalchemy import insert, select

from bot.adapters.store.part import Part
from bot.adapters.store.tables import executions
from bot.core.codec import decode, encode
from bot.core.proofs.model import Executed
from bot.ids import Digest


class Executions(Part):
    def executed(self, key: Digest) -> Executed | None:
        with self._database.reading() as connection:
            body = connection.execute(select(executions.c.body).where(executions.c.key == key)).scalar()
        return None if body is None else decode(Executed, body)

    def keep_executed(self, executed: Executed) -> None:
        """Kept under its key. The first stays: a verdict that was given must be found again as it was."""
        with self._database.writing() as connection:
            here = executions.c.key == executed.key
            if connection.execute(select(executions.c.key).where(here)).first() is None:
                row = {"key": executed.key, "body": encode(executed), "at": self._clock.now()}
                connection.execute(insert(executions).values(row))
