"""One agent at work: ask the model, run its tools, keep everything, until it hands in or a limit is reached.

Everything is kept before the next thing happens: a reply before its tools run, a result together with the state of the files. A process
that dies is continued by another, on another machine too; no finished model call is repeated, and at most the tool call in flight is.
"""

import asyncio
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bot.agents.allowance import Allowance, OwnLimits, tokens_left, used_up
from bot.agents.conversation import Ask, End, Reply, Say, Step, Use, closed, next_step, turn_count
from bot.agents.desk import Desk
from bot.agents.outcome import OUTCOME, AgentOutcome, AgentStatus
from bot.agents.roles.role import Beginning, Opening, Role
from bot.agents.threads import in_thread
from bot.agents.tools.output import present
from bot.agents.tools.tool import Tool, ToolFault, describe
from bot.core.chat import Message, ModelReply, ModelRequest, Speaker, ToolSpec
from bot.core.ports import AgentJournal, Clock, Model, Snapshot
from bot.errors import Defect, Transient
from bot.ids import AgentKey

OUTPUT_TOKENS = 16_000
"""The longest answer asked for: a large new file with its reasoning. A longer one is cut, which the model is told."""

CHARACTERS_PER_TOKEN = 4
"""To estimate the next prompt for the token cap; the usual rule of thumb for English and code."""

JOURNAL_WAITS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
"""Seconds between tries to store what cannot be had again for nothing: a minute, in which a database is restarted or a lock let go."""

TOLD_CHARACTERS = 2_000
"""Of a text in a live event: the log shows what happens, the transcript has all of it."""


@dataclass(frozen=True, slots=True)
class Means:
    """What an agent works with besides its desk.

    `tell(kind, data)` gets a small JSON object for the live log (`turn`, `tool`, `agent`); it and the journal may block, they run in threads.
    `mask` takes secrets out of text and `mask_json` out of a JSON text; whatever is kept, told or sent to the model went through them.
    `endpoint` and `effort` are as in `ModelRequest`. `own` limits this one agent. `lanes` is on how many cache keys the agents of its role are
    spread (`cache_key`).
    """

    model: Model
    model_name: str
    journal: AgentJournal
    allowance: Allowance
    clock: Clock
    tell: Callable[[str, Mapping[str, Any]], None]
    mask: Callable[[str], str] = str
    mask_json: Callable[[str], str] = str
    endpoint: str = ""
    effort: str = ""
    own: OwnLimits = OwnLimits()
    lanes: int = 1


async def work(agent: AgentKey, role: Role, beginning: Beginning, desk: Desk, means: Means) -> AgentOutcome:
    """Work until the end and return how it ended; the checkout then holds the agent's files.

    Calling it again with the same key, also with a fresh checkout on another machine, goes on where the journal stands. After the end it
    brings back the files and returns the same outcome, without any call.

    Raises what is not the agent's to answer for, to be called again later: `Transient` and `RateLimited` (with seconds) of the model or
    the journal, `ModelFault`, `SandboxUnavailable`. Cancelling it kills the running command, waits for what is in a thread, and keeps a
    reply that had arrived.
    """
    return await _Work(agent, role, beginning, desk, means).run()


@dataclass(frozen=True, slots=True)
class _Names:
    """How this conversation is called: `line` (role/task) in labels, `key` at the provider's cache. A continued conversation keeps its names."""

    line: str
    key: str


class _Work:
    def __init__(self, agent: AgentKey, role: Role, beginning: Beginning, desk: Desk, means: Means) -> None:
        self.agent, self.role, self.beginning, self.desk, self.means = agent, role, beginning, desk, means
        self.names = _names(agent if isinstance(beginning, Opening) else beginning.earlier, role, means.lanes)
        self.tools: tuple[ToolSpec, ...] = tuple(describe(tool) for tool in role.tools)
        self.messages: list[Message] = []
        self.tree: str | None = None
        self.turns, self.tokens = 0, 0

    async def run(self) -> AgentOutcome:
        transcript = await in_thread(self.means.journal.load, self.agent)
        await self._restore(transcript.snapshot)
        if transcript.finished:
            return OUTCOME.decode(transcript.finished)
        self.messages = list(transcript.messages)
        self.turns, self.tokens = transcript.turns, transcript.spent.usage.total
        if not self.messages:
            await self._begin()
        while True:
            outcome = await self._do(next_step(self.role.tools, self.messages))
            if outcome is not None:
                return await self._end(outcome)

    async def _begin(self) -> None:
        """Store the first messages, with the files as they are, so that there is always a state to go back to."""
        if isinstance(self.beginning, Opening):
            first = [Message(Speaker.SYSTEM, self.role.system), Message(Speaker.USER, self.beginning.briefing)]
            await self._keep(first, snapshot=await self._snapshot())
            return
        earlier = await in_thread(self.means.journal.load, self.beginning.earlier)
        if not earlier.messages:
            raise Defect(
                f"{self.agent} continues {self.beginning.earlier}, which has no transcript", hint="report this"
            )
        snapshot = earlier.snapshot
        if self.beginning.own_files:
            snapshot = await self._snapshot()
        else:
            await self._restore(snapshot)
        await self._keep([*closed(earlier.messages), Message(Speaker.USER, self.beginning.message)], snapshot=snapshot)

    async def _restore(self, snapshot: Snapshot | None) -> None:
        """The files are those of the transcript again: what an interrupted call did to them is undone."""
        if not self.role.writes or snapshot is None:
            return
        if await in_thread(self.desk.snapshots.snapshot, self.desk.checkout) != snapshot.tree:
            await in_thread(self.desk.snapshots.restore, self.desk.checkout, snapshot.tree, snapshot.bundle)
        self.tree = snapshot.tree

    async def _do(self, step: Step) -> AgentOutcome | None:
        """One step; the outcome when it is the last."""
        if isinstance(step, End):
            return step.outcome
        if isinstance(step, Ask):
            return await self._ask()
        if isinstance(step, Use):
            await self._use(step)
        elif isinstance(step, Reply):
            await self._keep([Message(Speaker.TOOL, step.text, call_id=step.call.call_id)])
        else:
            await self._say(step)
        return None

    async def _say(self, step: Say) -> None:
        await self._keep([Message(Speaker.USER, step.text)])
        await self._tell("nudge", turn=turn_count(self.messages), text=step.text)

    async def _ask(self) -> AgentOutcome | None:
        """One model call, if there is allowance for it. The reply is stored before anything is done with it."""
        allowance = self.means.allowance
        spent = await in_thread(allowance.spent)
        prompt = (
            sum(_size(m) for m in self.messages) + sum(len(json.dumps(t.parameters)) for t in self.tools)
        ) // CHARACTERS_PER_TOKEN
        own = self.means.own
        reason = used_up(allowance.budget, spent, allowance.until, self.means.clock.now(), prompt)
        reason = reason or own.used_up(self.turns, self.tokens, prompt)
        if reason:
            return AgentOutcome(AgentStatus.LIMIT, "", reason, turn_count(self.messages))
        turn = turn_count(self.messages) + 1
        request = ModelRequest(
            model=self.means.model_name,
            messages=tuple(self.messages),
            tools=self.tools,
            max_output_tokens=min(
                OUTPUT_TOKENS, own.tokens_left(self.tokens, tokens_left(allowance.budget, spent)) - prompt
            ),
            cache_key=self.names.key,
            label=f"{self.names.line}/{turn}",
            endpoint=self.means.endpoint,
            effort=self.means.effort,
        )
        reply = self._masked(await self.means.model.complete(request))
        await self._keep([Message(Speaker.ASSISTANT, reply.text, reply.calls)], reply=reply)
        self.turns, self.tokens = self.turns + 1, self.tokens + reply.usage.total
        await self._tell(
            "turn",
            turn=turn,
            text=reply.text[:TOLD_CHARACTERS],
            calls=[{"name": c.name, "arguments": c.arguments[:TOLD_CHARACTERS]} for c in reply.calls],
            tokens=reply.usage.total,
            cached=reply.usage.cached,
            usd=reply.cost_usd,
        )
        return None

    async def _use(self, step: Use) -> None:
        """Run one tool; its result and the files it left are stored together."""
        tool = step.understood.tool
        if not isinstance(tool, Tool):
            raise Defect("an ending tool was to be run", hint="report this")
        try:
            text = await tool.use(step.understood.arguments, self.desk)
        except ToolFault as fault:
            text = f"error: {fault}"
        shown = await present(self.desk, text, f"turn-{step.turn}-call-{step.number}")
        snapshot = await self._snapshot() if tool.writes else None
        await self._keep([Message(Speaker.TOOL, shown, call_id=step.call.call_id)], snapshot=snapshot)
        await self._tell(
            "tool",
            turn=step.turn,
            name=tool.name,
            result=self.means.mask(shown)[:TOLD_CHARACTERS],
            changed=snapshot is not None,
        )

    async def _snapshot(self) -> Snapshot | None:
        """The files with what rebuilds them elsewhere; None when nothing changed since the last one."""
        if not self.role.writes:
            return None
        tree = await in_thread(self.desk.snapshots.snapshot, self.desk.checkout)
        if tree == self.tree:
            return None
        bundle = await in_thread(self.desk.snapshots.bundle, self.desk.checkout, tree, self.desk.base)
        self.tree = tree
        return Snapshot(tree, bundle)

    async def _keep(
        self, messages: Sequence[Message], *, reply: ModelReply | None = None, snapshot: Snapshot | None = None
    ) -> None:
        """Stored, also when the database has to be waited for: an answer was paid for, and a tool's work was done."""
        messages = [replace(message, text=self.means.mask(message.text)) for message in messages]
        append = partial(self.means.journal.append, self.agent, messages, reply=reply, snapshot=snapshot)
        for wait in JOURNAL_WAITS:
            try:
                await in_thread(append)
                break
            except Transient:
                await asyncio.sleep(wait)
                if await self._is_kept(len(messages)):
                    break
        else:
            await in_thread(append)
        self.messages.extend(messages)

    def _masked(self, reply: ModelReply) -> ModelReply:
        """Also what it calls: a secret in an argument would end in a file."""
        calls = tuple(
            replace(call, name=self.means.mask(call.name), arguments=self.means.mask_json(call.arguments))
            for call in reply.calls
        )
        return replace(reply, text=self.means.mask(reply.text), calls=calls)

    async def _is_kept(self, count: int) -> bool:
        """Whether an append whose answer was lost did take effect: appending twice would say everything twice."""
        with suppress(Transient):
            there = await in_thread(self.means.journal.load, self.agent)
            return len(there.messages) == len(self.messages) + count
        return False

    async def _end(self, outcome: AgentOutcome) -> AgentOutcome:
        await in_thread(self.means.journal.finish, self.agent, OUTCOME.encode(outcome))
        await self._tell(
            "agent", status=outcome.status.value, turns=outcome.turns, reason=outcome.reason[:TOLD_CHARACTERS]
        )
        return outcome

    async def _tell(self, kind: str, **data: Any) -> None:
        await in_thread(self.means.tell, kind, {"agent": self.agent, **data})


def _size(message: Message) -> int:
    return len(message.text) + sum(len(call.arguments) + len(call.name) for call in message.calls)


def _names(first: AgentKey, role: Role, lanes: int) -> _Names:
    """The names of the conversation that agent `first` (`RUN/ROLE/TASK/TRY`) began.

    A try with a fresh context is another conversation, so it gets another line.
    """
    run, _, rest = first.partition(f"/{role.name}/")
    task, _, attempt = rest.rpartition("/")
    line = f"{role.name}/{task}" if attempt == "1" else f"{role.name}/{task}~{attempt}"
    return _Names(line, cache_key(run, role.name, line, lanes))


def cache_key(run: str, role: str, line: str, lanes: int) -> str:
    """The key by which a provider sends a request to a machine that may still hold its beginning; at most 64 characters (OpenAI's limit).

    One for each role of a run, because all agents of a role begin alike: tools, system prompt, specs. But OpenAI's guide says that a key and
    beginning which come more than about 15 times a minute spill over to other machines, where a growing conversation would be computed
    afresh; so a large team is spread over `lanes` keys, and a conversation stays in its lane.
    """
    lane = int.from_bytes(hashlib.sha256(line.encode()).digest()[:4]) % lanes
    return f"{role}/{hashlib.sha256(f'{run}/{role}/{lane}'.encode()).hexdigest()[:16]}"
