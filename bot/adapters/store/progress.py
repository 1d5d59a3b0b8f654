"""What is going on now: live events of a run, and which workers are alive."""

import json
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, update

from bot.adapters.store.part import Part
from bot.adapters.store.tables import run_events, workers
from bot.ids import AgentKey, RunId


class RunEvents(Part):
    def emit(self, run: RunId, kind: str, data: str) -> int:
        """One live event of a run, numbered from 1 without gaps; the number."""
        here = run_events.c.run_id == run
        with self._database.writing() as connection:
            last: int = connection.execute(
                select(func.coalesce(func.max(run_events.c.number), 0)).where(here)
            ).scalar_one()
            row = {"run_id": run, "number": last + 1, "at": self._clock.now(), "kind": kind, "data": data}
            connection.execute(insert(run_events).values(row))
        return last + 1

    def events(self, run: RunId, after: int = 0) -> tuple[tuple[int, datetime, str, str], ...]:
        """(number, time, kind, data) with a number greater than `after`."""
        here = (run_events.c.run_id == run) & (run_events.c.number > after)
        with self._database.reading() as connection:
            found = connection.execute(select(run_events).where(here).order_by(run_events.c.number))
            return tuple((row.number, row.at, row.kind, row.data) for row in found)

    def last_event(self, run: RunId) -> int:
        """The number of the newest event; 0 while there is none."""
        newest = select(func.coalesce(func.max(run_events.c.number), 0)).where(run_events.c.run_id == run)
        with self._database.reading() as connection:
            number: int = connection.execute(newest).scalar_one()
        return number

    def newest_events(
        self, run: RunId, limit: int, *, before: int | None = None, agent: AgentKey | None = None
    ) -> tuple[tuple[int, datetime, str, str], ...]:
        """The newest events in order; with numbers smaller than `before` and of one agent only when asked."""
        wanted = select(run_events).where(run_events.c.run_id == run)
        if before is not None:
            wanted = wanted.where(run_events.c.number < before)
        if agent is not None:
            # An agent's events are JSON objects whose first field it is (`bot.agents.loop`).
            mark = json.dumps({"agent": agent})[:-1]
            wanted = wanted.where(run_events.c.data.startswith(mark, autoescape=True))
        with self._database.reading() as connection:
            found = connection.execute(wanted.order_by(run_events.c.number.desc()).limit(limit)).all()
        return tuple((row.number, row.at, row.kind, row.data) for row in reversed(found))


class Workers(Part):
    def beat(self, worker: str) -> None:
        """This worker process lives, now."""
        with self._database.writing() as connection:
            values = {"beat_at": self._shared_now(connection)}
            if connection.execute(update(workers).where(workers.c.worker == worker).values(values)).rowcount == 0:
                connection.execute(insert(workers).values(worker=worker, **values))

    def workers(self, within_seconds: float) -> tuple[str, ...]:
        """The worker processes whose last beat is no older than that."""
        with self._database.reading() as connection:
            since = self._shared_now(connection) - timedelta(seconds=within_seconds)
            fresh = select(workers.c.worker).where(workers.c.beat_at >= since).order_by(workers.c.worker)
            return tuple(connection.execute(fresh).scalars())

    def forget_worker(self, worker: str) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(workers).where(workers.c.worker == worker))
