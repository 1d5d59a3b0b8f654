"""The port `AgentJournal` in memory, with crashes at any write, just before or just after it took effect."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.core.chat import Message, ModelReply, Usage
from bot.core.ports import Snapshot, Transcript
from bot.core.runs import Spent
from bot.ids import AgentKey


class Crash(BaseException):
    """The process died here. No code of ours may catch it."""


@dataclass
class _Record:
    messages: list[Message] = field(default_factory=list)
    snapshot: Snapshot | None = None
    replies: list[ModelReply] = field(default_factory=list)
    finished: str = ""


class MemoryJournal:
    """Set `crash_at` to a number of a write (from 1): the process dies there, before it is stored, or after with `stored=True`; or
    `fault` is raised there instead."""

    def __init__(self) -> None:
        self.records: dict[AgentKey, _Record] = {}
        self.writes = 0
        self.crash_at = 0
        self.stored = False
        self.fault: BaseException = Crash()

    def load(self, agent: AgentKey) -> Transcript:
        record = self.records.get(agent, _Record())
        return Transcript(
            tuple(record.messages),
            record.snapshot,
            len(record.replies),
            self._spent([record]),
            record.finished,
            record.replies[-1].usage if record.replies else None,
        )

    def append(
        self,
        agent: AgentKey,
        messages: Sequence[Message],
        *,
        reply: ModelReply | None = None,
        snapshot: Snapshot | None = None,
    ) -> None:
        with self._write():
            record = self.records.setdefault(agent, _Record())
            record.messages.extend(messages)
            if reply is not None:
                record.replies.append(reply)
            if snapshot is not None:
                record.snapshot = snapshot

    def finish(self, agent: AgentKey, outcome: str) -> None:
        with self._write():
            self.records.setdefault(agent, _Record()).finished = outcome

    def spent(self) -> Spent:
        return self._spent(list(self.records.values()))

    def _spent(self, records: list[_Record]) -> Spent:
        replies = [reply for record in records for reply in record.replies]
        costs = [reply.cost_usd for reply in replies]
        known = [cost for cost in costs if cost is not None]
        usage = sum((reply.usage for reply in replies), Usage())
        return Spent(usage, len(replies), sum(known) if len(known) == len(costs) else None)

    def _write(self) -> "_Write":
        self.writes += 1
        if self.writes == self.crash_at and not self.stored:
            raise self.fault
        return _Write(self.fault if self.writes == self.crash_at else None)


class _Write:
    def __init__(self, fault: BaseException | None) -> None:
        self._fault = fault

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        if self._fault is not None:
            raise self._fault
