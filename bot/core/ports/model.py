"""The model, the transcripts of its agents, and the clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.chat import Message, ModelReply, ModelRequest, Usage
from bot.core.policy.model import Price
from bot.core.runs import Spent
from bot.ids import AgentKey, TreeSha


class Clock(Protocol):
    """Time as a port, so that tests own it."""

    def now(self) -> datetime:
        """The current time, timezone-aware, UTC."""
        ...


class Model(Protocol):
    async def complete(self, request: ModelRequest) -> ModelReply:
        """One finished answer. Retries transient faults itself, capped in count and in wait, then `Transient`/`RateLimited` with seconds, or
        `ModelFault`. A missing finish reason is an error. Cancelling aborts the request."""
        ...

    def knows_price(self, model: str) -> bool: ...

    def price(self, model: str) -> Price | None:
        """What tokens of this model cost; None when nobody said."""
        ...

    def close(self) -> None:
        """Let go of connections, from any thread; the next call opens new ones."""
        ...


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A checkout's state with a turn: `tree` and the bundle that rebuilds it on another machine."""

    tree: TreeSha
    bundle: bytes


@dataclass(frozen=True, slots=True)
class Transcript:
    """An agent's past, as far as it is safe. `messages` ends with the last stored message; `snapshot` belongs to that point.
    `turns` counts stored model replies, `spent` what they cost, `last` what the newest of them used (None without one)."""

    messages: tuple[Message, ...]
    snapshot: Snapshot | None
    turns: int
    spent: Spent
    finished: str = ""
    last: Usage | None = None


class AgentJournal(Protocol):
    """Where an agent's turns are kept, so that no finished model call is ever paid again."""

    def load(self, agent: AgentKey) -> Transcript: ...

    def append(
        self,
        agent: AgentKey,
        messages: Sequence[Message],
        *,
        reply: ModelReply | None = None,
        snapshot: Snapshot | None = None,
    ) -> None:
        """In one transaction: the messages, the reply's cost and the snapshot. Appending follows what is there. A reply settles what the
        agent held reserved (`Purse`)."""
        ...

    def finish(self, agent: AgentKey, outcome: str) -> None:
        """The agent's outcome (JSON of the agents room) is stored; `load` returns it as `finished`."""
        ...
