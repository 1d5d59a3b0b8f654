"""What every part of the hub works on: the store, the clock, the addresses and the outbox of webhooks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.hub.state.apps import App
from bot.hub.state.store import Store

Clock = Callable[[], datetime]
"""Gives the time, aware, in UTC."""


class Outbox(Protocol):
    """Where events wait to be delivered."""

    def send(
        self,
        app: App,
        event: str,
        payload: Mapping[str, object],
        installation_id: int | None = None,
        repository_id: int | None = None,
    ) -> None:
        """Queue one event for one App, in order. The payload is fixed now, not when it is sent."""


@dataclass(slots=True)
class World:
    """One hub's state and surroundings."""

    root: Path
    clock: Clock
    store: Store
    outbox: Outbox
    url: str = ""

    @property
    def address(self) -> str:
        """The hub's base address. Raises RuntimeError before it has one."""
        if not self.url:
            raise RuntimeError("the hub has no address before start()")
        return self.url

    def now(self) -> datetime:
        """The time, to the second as GitHub reports it."""
        return self.clock().replace(microsecond=0)
