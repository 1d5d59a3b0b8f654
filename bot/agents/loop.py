"""One agent at work: ask the model, run its tools, keep everything, until it hands in or a limit is reached.

Everything is kept before the next thing happens: a reply before its tools run, a result together with the state of the files. A process
that dies is continued by another, on another machine too; no finished model call is repeated, and at most the tool call in flight is.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bot.agents.allowance import (
    LEAST_OUTPUT_TOKENS,
    OUTPUT_TOKENS,
    Allowance,
    OwnLimits,
    prompt_bound,
    reserved,
    used_up,
)
from bot.agents.conversation import Ask, End, Reply, Say, Step, Use, closed, next_step, turn_count
from bot.agents.desk import Desk
from bot.agents.names import names_of
from bot.agents.outcome import OUTCOME, AgentOutcome, AgentStatus
from bot.agents.roles.role import Beginning, Opening, Role
from bot.agents.strays import strayed
from bot.agents.threads import in_thread
from bot.agents.tools.output import present
from bot.agents.tools.tool import Tool, ToolFault, describe
from bot.core.chat import Message, ModelReply, ModelRequest, Speaker, ToolSpec, Usage
from bot.core.policy.purse import Wanted
from bot.core.ports import AgentJournal, Clock, Model, Snapshot
from bot.core.runs import Spent
from bot.errors import Defect, SpecbotError, Transient
from bot.ids import AgentKey, TreeSha

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
    the journal, `ModelFault`, `SandboxUnavailable`, and `BudgetSpent` when the run, its spec or its repository has no money for one more call:
    nothing is lost then, and the same agent goes on once there is more. Cancelling it kills the running command, waits for what is in a thread, and keeps a
    reply that had arrived.
    """
    return await _Work(agent, role, beginning, desk, means).run()


class _Work:
    def __init__(self, agent: AgentKey, role: Role, beginning: Beginning, desk: Desk, means: Means) -> None:
        self.agent, self.role, self.beginning, self.desk, self.means = agent, role, beginning, desk, means
        self.names = names_of(agent if isinstance(beginning, Opening) else beginning.earlier, role, means.lanes)
        self.tools: tuple[ToolSpec, ...] = tuple(describe(tool) for tool in role.tools)
        self.messages: list[Message] = []
        self.tree: TreeSha | None = None
        self.spent = Spent()
        self.last: Usage | None = None

    async def run(self) -> AgentOutcome:
        transcript = await in_thread(self.means.journal.load, self.agent)
        await self._restore(transcript.snapshot)
        if transcript.finished:
            return OUTCOME.decode(transcript.finished)
        self.messages, self.spent, self.last = list(transcript.messages), transcript.spent, transcript.last
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
            snapshot, _ = await self._snapshot()
            await self._keep(first, snapshot=snapshot)
            return
        earlier = await in_thread(self.means.journal.load, self.beginning.earlier)
        if not earlier.messages:
            raise Defect(
                f"{self.agent} continues {self.beginning.earlier}, which has no transcript", hint="report this"
            )
        snapshot, self.last = earlier.snapshot, earlier.last
        if self.beginning.own_files:
            snapshot, _ = await self._snapshot()
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
        prompt = prompt_bound(self.messages, self.tools, self.last)
        reason = used_up(self.means.allowance, self.means.own, self.spent, prompt)
        if reason:
            return AgentOutcome(AgentStatus.LIMIT, "", reason, turn_count(self.messages))
        turn = turn_count(self.messages) + 1
        request = ModelRequest(
            model=self.means.model_name,
            messages=tuple(self.messages),
            tools=self.tools,
            max_output_tokens=await self._reserve(prompt),
            cache_key=self.names.key,
            label=f"{self.names.line}/{turn}",
            endpoint=self.means.endpoint,
            effort=self.means.effort,
        )
        reply = await self._answer(request)
        await self._keep([Message(Speaker.ASSISTANT, reply.text, reply.calls)], reply=reply)
        usd = None if self.spent.usd is None or reply.cost_usd is None else self.spent.usd + reply.cost_usd
        self.spent, self.last = Spent(self.spent.usage + reply.usage, self.spent.calls + 1, usd), reply.usage
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

    async def _reserve(self, prompt: int) -> int:
        """How long the answer may be; its money is reserved then. Waits while only other agents' reservations stand in the way.

        Raises `BudgetSpent` when what is spent leaves no room.
        """
        allowance = self.means.allowance
        most = self.means.own.tokens_left(self.spent.usage.total, prompt + OUTPUT_TOKENS) - prompt
        wanted = Wanted(
            agent=self.agent,
            turn=self.spent.calls + 1,
            prompt=prompt,
            least=min(LEAST_OUTPUT_TOKENS, most),
            most=most,
            price=allowance.price,
        )
        return await reserved(allowance, wanted, lambda reason: self._tell("wait", reason=reason))

    async def _answer(self, request: ModelRequest) -> ModelReply:
        """The model's answer without secrets. A call that was not answered gives its money back: the next try may be an hour away."""
        try:
            return self._masked(await self.means.model.complete(request))
        except SpecbotError:
            with suppress(Transient):
                await in_thread(partial(self.means.allowance.let_go, self.agent))
            raise

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
        snapshot, notice = await self._snapshot() if tool.writes else (None, "")
        shown += notice
        await self._keep([Message(Speaker.TOOL, shown, call_id=step.call.call_id)], snapshot=snapshot)
        await self._tell(
            "tool",
            turn=step.turn,
            name=tool.name,
            result=self.means.mask(shown)[:TOLD_CHARACTERS],
            changed=snapshot is not None,
        )

    async def _snapshot(self) -> tuple[Snapshot | None, str]:
        """The files with what rebuilds them elsewhere, None when nothing changed since the last one; and what to say of changes that were
        not the agent's to make."""
        if not self.role.writes:
            return None, ""
        tree = await self._taken()
        notice = await strayed(self.desk, self.tree, tree) if self.tree not in (None, tree) else ""
        tree = await self._taken() if notice else tree
        if tree == self.tree:
            return None, notice
        bundle = await in_thread(self.desk.snapshots.bundle, self.desk.checkout, tree, self.desk.base)
        self.tree = tree
        return Snapshot(tree, bundle), notice

    async def _taken(self) -> TreeSha:
        return await in_thread(self.desk.snapshots.snapshot, self.desk.checkout)

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
