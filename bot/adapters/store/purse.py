"""Reservations and bills: what model calls may cost, decided where all agents meet, in one writing transaction."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select
from sqlalchemy.sql import ColumnElement

from bot.adapters.store.part import Part
from bot.adapters.store.tables import model_calls, reservations, run_specs, runs
from bot.core.policy.model import Cap
from bot.core.policy.purse import Account, Answer, Caps, Reserved, Scope, Wanted, decide, month_of
from bot.core.runs import RunState
from bot.errors import NotThere
from bot.ids import AgentKey, RunId

Condition = ColumnElement[bool]


class Purses(Part):
    def reserve(self, run: RunId, wanted: Wanted, caps: Caps) -> Answer:
        """Decide, and when the answer is `Reserved`, reserve the most that the call can cost. Raises `NotThere` for an unknown run."""
        with self._database.writing() as connection:
            row = connection.execute(select(runs).where(runs.c.run_id == run)).first()
            if row is None:
                raise NotThere(f"no run {run}", hint="see `specbot runs`")
            let_go(connection, wanted.agent)
            now = self._clock.now()
            answer = decide(wanted, tuple(_accounts(connection, row, caps, now)))
            if isinstance(answer, Reserved):
                values = {"agent": wanted.agent, "turn": wanted.turn, "run_id": run, "repo_id": row.repo_id, "at": now}
                most = {"tokens": wanted.prompt + answer.output, "usd": wanted.usd(answer.output)}
                connection.execute(insert(reservations).values(**values, **most))
            return answer

    def let_go(self, agent: AgentKey) -> None:
        """The agent's call was not answered: what it held reserved is free."""
        with self._database.writing() as connection:
            let_go(connection, agent)

    def release(self, run: RunId) -> None:
        """The run's segment has ended: whatever its agents held reserved is free."""
        with self._database.writing() as connection:
            connection.execute(delete(reservations).where(reservations.c.run_id == run))

    def keep_run_specs(self, run: RunId, paths: Sequence[str]) -> None:
        """Which specs the run is about. Replaces what was kept before."""
        with self._database.writing() as connection:
            connection.execute(delete(run_specs).where(run_specs.c.run_id == run))
            rows = [{"run_id": run, "spec_path": path} for path in dict.fromkeys(paths)]
            if rows:
                connection.execute(insert(run_specs), rows)


def let_go(connection: Connection, agent: AgentKey) -> None:
    """An agent asks one thing at a time, so whatever it holds belongs to a call that is over, or is asked again."""
    connection.execute(delete(reservations).where(reservations.c.agent == agent))


def _accounts(connection: Connection, row: Row[Any], caps: Caps, now: datetime) -> Iterator[Account]:
    """Every cap that is set, with what counts against it. A month's calls are those that ended in it; reservations are of now."""
    month = month_of(now)
    yield _account(connection, Scope.RUN, caps.run, runs.c.run_id == row.run_id, now)
    for path, cap in caps.specs:
        about = select(run_specs.c.run_id).where(run_specs.c.spec_path == path)
        here = (runs.c.repo_id == row.repo_id) & (runs.c.number == row.number) & runs.c.run_id.in_(about)
        yield _account(connection, Scope.SPEC, cap, here, now, name=path)
    yield _account(connection, Scope.REPOSITORY, caps.repository, runs.c.repo_id == row.repo_id, now, since=month)
    yield _account(connection, Scope.INSTALLATION, caps.installation, runs.c.seq > 0, now, since=month)


def _account(
    connection: Connection,
    scope: Scope,
    cap: Cap,
    which: Condition,
    now: datetime,
    *,
    since: datetime | None = None,
    name: str = "",
) -> Account:
    """What counts against a cap over the runs `which`. What is not limited is not summed up."""
    counts = cap.tokens is not None or cap.usd is not None
    if since is not None:  # a run that ended before the month has no call in it
        which = which & (runs.c.ended_at.is_(None) | (runs.c.ended_at >= since))
    tokens, usd = _settled(connection, which, since) if counts else (0, 0.0)
    held_tokens, held_usd = _held(connection, which) if counts else (0, 0.0)
    seconds = _seconds(connection, which, now, since) if cap.minutes is not None else 0.0
    return Account(scope, cap, tokens, usd, seconds, held_tokens, held_usd, name)


def _settled(connection: Connection, which: Condition, since: datetime | None) -> tuple[int, float | None]:
    calls = model_calls.c
    query = (
        select(
            func.coalesce(func.sum(calls.prompt_tokens + calls.completion_tokens), 0).label("tokens"),
            func.coalesce(func.sum(calls.cost_usd), 0.0).label("usd"),
            (func.count() - func.count(calls.cost_usd)).label("unpriced"),
        )
        .select_from(model_calls.join(runs, runs.c.run_id == calls.run_id))
        .where(which)
    )
    return _sums(connection, query if since is None else query.where(calls.at >= since))


def _held(connection: Connection, which: Condition) -> tuple[int, float | None]:
    held = reservations.c
    query = (
        select(
            func.coalesce(func.sum(held.tokens), 0).label("tokens"),
            func.coalesce(func.sum(held.usd), 0.0).label("usd"),
            (func.count() - func.count(held.usd)).label("unpriced"),
        )
        .select_from(reservations.join(runs, runs.c.run_id == held.run_id))
        .where(which)
    )
    return _sums(connection, query)


def _sums(connection: Connection, query: Select[Any]) -> tuple[int, float | None]:
    row = connection.execute(query).one()
    return int(row.tokens), None if row.unpriced else float(row.usd)


def _seconds(connection: Connection, which: Condition, now: datetime, since: datetime | None) -> float:
    """The time that the runs worked, of each at most what lies between `since` and now."""
    columns = (runs.c.state, runs.c.worked_seconds, runs.c.working_since, runs.c.created_at)
    longest = float("inf") if since is None else (now - since).total_seconds()
    found = connection.execute(select(*columns).where(which))
    return sum((min(longest, worked(row, now)) for row in found), 0.0)


def worked(row: Any, now: datetime) -> float:
    """A run's time of work, its present segment included; `row` has the columns of the table of runs that tell it."""
    present = 0.0
    if RunState(row.state).live:
        present = (now - (row.working_since or row.created_at)).total_seconds()
    return float(row.worked_seconds) + max(present, 0.0)
