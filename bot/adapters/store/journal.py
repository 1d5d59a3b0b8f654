"""Agents' transcripts, snapshots and model calls: what was paid once is never paid again."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from bot.adapters.store.part import Part
from bot.adapters.store.purse import let_go
from bot.adapters.store.tables import agent_messages, agents, model_calls
from bot.core.chat import Message, ModelReply, Usage
from bot.core.codec import decode, encode
from bot.core.ports import Snapshot, Transcript
from bot.core.runs import BillLine, Spent
from bot.ids import AgentKey, RunId, TreeSha


class Journal(Part):
    def load(self, agent: AgentKey) -> Transcript:
        """The agent's past; an empty transcript when it has none."""
        with self._database.reading() as connection:
            row = connection.execute(select(agents).where(agents.c.agent == agent)).first()
            if row is None:
                return Transcript(messages=(), snapshot=None, turns=0, spent=Spent())
            bodies = connection.execute(
                select(agent_messages.c.body).where(agent_messages.c.agent == agent).order_by(agent_messages.c.seq)
            ).scalars()
            messages = tuple(decode(Message, body) for body in bodies)
            spent = _spent(connection, _calls().where(model_calls.c.agent == agent))
            last = _last(connection, agent)
        snapshot = None
        if row.snapshot_tree is not None:
            snapshot = Snapshot(TreeSha(row.snapshot_tree), bytes(row.snapshot_bundle))
        return Transcript(messages, snapshot, turns=spent.calls, spent=spent, finished=row.outcome, last=last)

    def append(
        self,
        agent: AgentKey,
        messages: Sequence[Message],
        *,
        reply: ModelReply | None = None,
        snapshot: Snapshot | None = None,
    ) -> None:
        """In one transaction: the messages, the reply's cost and the snapshot. Appending follows what is there. A reply settles what the agent
        held reserved for it.

        Only the newest snapshot is kept: an older one is never restored.
        """
        with self._database.writing() as connection:
            _ensure(connection, agent)
            first = _next(connection, agent_messages.c.seq, agent_messages.c.agent == agent)
            rows = [
                {"agent": agent, "seq": first + offset, "body": encode(message)}
                for offset, message in enumerate(messages)
            ]
            if rows:
                connection.execute(insert(agent_messages), rows)
            if reply is not None:
                turn = _next(connection, model_calls.c.turn, model_calls.c.agent == agent)
                connection.execute(insert(model_calls).values(agent=agent, turn=turn, **self._call(agent, reply)))
                let_go(connection, agent)
            if snapshot is not None:
                values = {"snapshot_tree": snapshot.tree, "snapshot_bundle": snapshot.bundle}
                connection.execute(update(agents).where(agents.c.agent == agent).values(values))

    def finish(self, agent: AgentKey, outcome: str) -> None:
        """The agent's outcome is stored; `load` returns it as `finished`. The first outcome stays."""
        unfinished = (agents.c.agent == agent) & (agents.c.outcome == "")
        with self._database.writing() as connection:
            _ensure(connection, agent)
            connection.execute(update(agents).where(unfinished).values(outcome=outcome))

    def spent(self, run: RunId) -> Spent:
        """The sum over all of a run's model calls."""
        with self._database.reading() as connection:
            return _spent(connection, _calls().where(model_calls.c.run_id == run))

    def models_used(self, run: RunId) -> tuple[str, ...]:
        """The models that answered, each once, in the order of their first answers."""
        query = select(model_calls.c.model).where(model_calls.c.run_id == run).group_by(model_calls.c.model)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(func.min(model_calls.c.at), model_calls.c.model)).all()
        return tuple(row.model for row in rows)

    def bill(self, run: RunId) -> tuple[BillLine, ...]:
        """A run's model calls added up for each agent and model, in the order of their first calls."""
        lines = (
            _calls()
            .add_columns(
                model_calls.c.agent,
                model_calls.c.model,
                func.coalesce(func.sum(model_calls.c.seconds), 0.0).label("seconds"),
            )
            .where(model_calls.c.run_id == run)
            .group_by(model_calls.c.agent, model_calls.c.model)
            .order_by(func.min(model_calls.c.at), model_calls.c.agent, model_calls.c.model)
        )
        with self._database.reading() as connection:
            return tuple(
                BillLine(AgentKey(row.agent), row.model, _sum(row), float(row.seconds))
                for row in connection.execute(lines)
            )

    def _call(self, agent: AgentKey, reply: ModelReply) -> dict[str, Any]:
        return {
            "run_id": _run_of(agent),
            "model": reply.model,
            "finish_reason": reply.finish_reason,
            "prompt_tokens": reply.usage.prompt,
            "cached_tokens": reply.usage.cached,
            "completion_tokens": reply.usage.completion,
            "cost_usd": reply.cost_usd,
            "seconds": reply.seconds,
            "at": self._clock.now(),
        }


def _run_of(agent: AgentKey) -> str:
    """An agent's key begins with its run's id (`bot.ids.agent_key`)."""
    return agent.partition("/")[0]


def _ensure(connection: Connection, agent: AgentKey) -> None:
    if connection.execute(select(agents.c.agent).where(agents.c.agent == agent)).first() is None:
        connection.execute(insert(agents).values(agent=agent, run_id=_run_of(agent), outcome=""))


def _next(connection: Connection, column: Any, here: Any) -> int:
    """The next number of a series that counts from 1; safe because writers run one after the other."""
    last: int = connection.execute(select(func.coalesce(func.max(column), 0)).where(here)).scalar_one()
    return last + 1


def _last(connection: Connection, agent: AgentKey) -> Usage | None:
    row = connection.execute(
        select(model_calls).where(model_calls.c.agent == agent).order_by(model_calls.c.turn.desc()).limit(1)
    ).first()
    return None if row is None else Usage(row.prompt_tokens, row.cached_tokens, row.completion_tokens)


def _calls() -> Select[Any]:
    return select(
        func.count().label("calls"),
        func.coalesce(func.sum(model_calls.c.prompt_tokens), 0).label("prompt"),
        func.coalesce(func.sum(model_calls.c.cached_tokens), 0).label("cached"),
        func.coalesce(func.sum(model_calls.c.completion_tokens), 0).label("completion"),
        func.coalesce(func.sum(model_calls.c.cost_usd), 0.0).label("usd"),
        func.count(model_calls.c.cost_usd).label("priced"),
    ).select_from(model_calls)


def _spent(connection: Connection, query: Select[Any]) -> Spent:
    """A sum of money is known only when every call's price was."""
    return _sum(connection.execute(query).one())


def _sum(row: Row[Any]) -> Spent:
    usage = Usage(int(row.prompt), int(row.cached), int(row.completion))
    return Spent(usage, calls=row.calls, usd=float(row.usd) if row.priced == row.calls else None)
