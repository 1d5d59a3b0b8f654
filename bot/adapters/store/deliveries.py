"""Webhook requests: stored before they are acknowledged, understood later."""

from collections.abc import Sequence

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.adapters.store.commands import insert_command
from bot.adapters.store.heads import insert_head
from bot.adapters.store.part import Part
from bot.adapters.store.tables import deliveries
from bot.core.events.model import Command, Delivery
from bot.errors import NotThere
from bot.ids import DeliveryId, PrNumber, RepoId, Sha


class Deliveries(Part):
    def add_delivery(self, delivery: Delivery) -> bool:
        """Stored durably when it returns. False: this GUID was there already."""
        row = {
            "delivery_id": delivery.delivery_id,
            "event": delivery.event,
            "body": delivery.body,
            "received_at": delivery.received_at,
        }
        try:
            with self._database.writing() as connection:
                connection.execute(insert(deliveries).values(row))
        except IntegrityError:
            return False
        return True

    def ping(self) -> None:
        """Raises `Transient` when the database is down or has no tables."""
        with self._database.reading() as connection:
            connection.execute(select(deliveries.c.seq).limit(1))

    def pending_deliveries(self, limit: int) -> tuple[Delivery, ...]:
        """Not yet understood, oldest first."""
        waiting = deliveries.c.settled_at.is_(None)
        with self._database.reading() as connection:
            found = connection.execute(select(deliveries).where(waiting).order_by(deliveries.c.seq).limit(limit))
            return tuple(
                Delivery(DeliveryId(row.delivery_id), row.event, bytes(row.body), row.received_at) for row in found
            )

    def settle_delivery(
        self,
        delivery: DeliveryId,
        outcome: str,
        commands: Sequence[Command],
        heads: Sequence[tuple[RepoId, PrNumber, Sha]],
    ) -> None:
        """The delivery is done with this outcome; its commands and heads are recorded. A second settling changes nothing.

        Heads count as seen when the delivery was received: that is nearer to the push than the time of understanding it.
        """
        now = self._clock.now()
        here = deliveries.c.delivery_id == delivery
        with self._database.writing() as connection:
            row = connection.execute(select(deliveries.c.received_at, deliveries.c.settled_at).where(here)).first()
            if row is None:
                raise NotThere(f"no delivery {delivery}", hint="it was removed from the database")
            if row.settled_at is not None:
                return
            for command in commands:
                insert_command(connection, command, now)
            for repo, number, sha in heads:
                insert_head(connection, repo, number, sha, row.received_at)
            connection.execute(update(deliveries).where(here).values(settled_at=now, outcome=outcome))
