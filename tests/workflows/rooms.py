"""A house with nothing in it but a store, a clock that tests move, and whoever is shown something."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from bot.adapters.store import SqlStore, migrate
from bot.ids import RunId
from bot.workflows.house import House

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@dataclass
class StillClock:
    moment: datetime = START

    def now(self) -> datetime:
        return self.moment

    def pass_by(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@dataclass
class Bare:
    """`house` for what needs no more of it than a store and a clock."""

    folder: Path
    clock: StillClock = field(default_factory=StillClock)
    shown: list[RunId] = field(default_factory=list)

    def __post_init__(self) -> None:
        url = f"sqlite:///{self.folder}/bot.db"
        migrate(url)
        self.store = SqlStore(url, clock=self.clock)
        parts = SimpleNamespace(
            store=self.store, clock=self.clock, secrets=(), show=lambda house, run: self.shown.append(run)
        )
        self.house = cast(House, parts)
