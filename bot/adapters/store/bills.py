"""What runs have cost, for people: one bill for each run and month."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from bot.adapters.store.part import Part
from bot.adapters.store.purse import worked
from bot.adapters.store.runs import run_of
from bot.adapters.store.tables import model_calls, run_specs, runs
from bot.core.chat import Usage
from bot.core.policy.costs import Bill
from bot.ids import RepoId

MONTH = "%Y-%m"


class Bills(Part):
    def bills(
        self, *, since: datetime | None = None, repo: RepoId | None = None, limit: int | None = None
    ) -> tuple[Bill, ...]:
        """What runs have cost, oldest first: one bill for each run and month, counting calls that ended at or after `since`.

        `limit` keeps to the newest runs that called a model. Runs without a call have a bill of nothing in the month in which they began, unless
        there is a `limit`.
        """
        with self._database.reading() as connection:
            query = select(runs).order_by(runs.c.seq.desc())
            if repo is not None:
                query = query.where(runs.c.repo_id == repo)
            if limit is not None:
                query = query.where(runs.c.run_id.in_(select(model_calls.c.run_id))).limit(limit)
            if since is not None:
                query = query.where(runs.c.ended_at.is_(None) | (runs.c.ended_at >= since))
            rows = connection.execute(query).all()[::-1]
            calls = _calls(connection, rows, since)
            specs = _specs(connection, rows)
        now = self._clock.now()
        return tuple(bill for row in rows for bill in _bills(row, calls[row.run_id], specs[row.run_id], now, since))


def _calls(connection: Connection, rows: Iterable[Row[Any]], since: datetime | None) -> dict[str, list[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        query = select(model_calls).where(model_calls.c.run_id == row.run_id).order_by(model_calls.c.at)
        found[row.run_id] = list(connection.execute(query if since is None else query.where(model_calls.c.at >= since)))
    return found


def _specs(connection: Connection, rows: Iterable[Row[Any]]) -> dict[str, tuple[str, ...]]:
    return {
        row.run_id: tuple(
            connection.execute(
                select(run_specs.c.spec_path).where(run_specs.c.run_id == row.run_id).order_by(run_specs.c.spec_path)
            ).scalars()
        )
        for row in rows
    }


def _bills(
    row: Row[Any], calls: list[Row[Any]], specs: tuple[str, ...], now: datetime, since: datetime | None
) -> list[Bill]:
    by_month: dict[str, list[Row[Any]]] = defaultdict(list)
    for call in calls:
        by_month[call.at.strftime(MONTH)].append(call)
    began = row.created_at.strftime(MONTH)
    if since is None or row.created_at >= since:
        by_month.setdefault(began, [])
    seconds = {began: worked(row, now)}
    return [_bill(row, month, by_month[month], specs, seconds.get(month, 0.0)) for month in sorted(by_month)]


def _bill(row: Row[Any], month: str, calls: list[Row[Any]], specs: tuple[str, ...], seconds: float) -> Bill:
    return Bill(
        run=run_of(row),
        month=month,
        usage=Usage(
            prompt=sum(call.prompt_tokens for call in calls),
            cached=sum(call.cached_tokens for call in calls),
            completion=sum(call.completion_tokens for call in calls),
        ),
        calls=len(calls),
        usd=sum(call.cost_usd for call in calls if call.cost_usd is not None),
        unpriced=sum(call.cost_usd is None for call in calls),
        seconds=seconds,
        specs=specs,
    )
