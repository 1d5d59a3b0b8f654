"""What was asked of the bot, unique by its source."""

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from bot.adapters.store.part import Part
from bot.adapters.store.tables import commands
from bot.core.codec import decode, encode
from bot.core.events.model import Command
from bot.ids import CommandId


def insert_command(connection: Connection, command: Command, now: datetime) -> bool:
    """Inside a writing transaction. False: a command with this id was there already."""
    here = commands.c.command_id == command.command_id
    if connection.execute(select(commands.c.seq).where(here)).first() is not None:
        return False
    row = {"command_id": command.command_id, "body": encode(command), "added_at": now}
    connection.execute(insert(commands).values(row))
    return True


class Commands(Part):
    def add_command(self, command: Command) -> bool:
        """False: a command with this id was there already."""
        with self._database.writing() as connection:
            return insert_command(connection, command, self._clock.now())

    def pending_commands(self, limit: int) -> tuple[Command, ...]:
        """Not yet carried out, in the order they were recorded."""
        waiting = commands.c.settled_at.is_(None)
        with self._database.reading() as connection:
            found = connection.execute(select(commands.c.body).where(waiting).order_by(commands.c.seq).limit(limit))
            return tuple(decode(Command, row.body) for row in found)

    def settle_command(self, command: CommandId, outcome: str) -> None:
        """The command is done. The first outcome stays."""
        unsettled = (commands.c.command_id == command) & commands.c.settled_at.is_(None)
        with self._database.writing() as connection:
            connection.execute(update(commands).where(unsettled).values(settled_at=self._clock.now(), outcome=outcome))
