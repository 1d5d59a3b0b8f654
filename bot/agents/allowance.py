"""What one agent may still use, asked before each model call: hard caps, because models predict their own cost badly."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count

from bot.agents.threads import in_thread
from bot.core.chat import Message, Speaker, ToolSpec, Usage
from bot.core.policy.model import Price
from bot.core.policy.purse import Answer, Exhausted, Reserved, Wanted
from bot.core.runs import Spent
from bot.errors import BudgetSpent, Defect
from bot.ids import AgentKey

OUTPUT_TOKENS = 16_000
"""The longest answer asked for: a large new file with its reasoning. A longer one is cut, which the model is told."""

LEAST_OUTPUT_TOKENS = 2_000
"""The shortest answer worth paying a prompt for: some reasoning and one edit of a small file. Cut shorter, it would be of no use."""

TOKENS_PER_BYTE = 1
"""How many tokens a byte of text can become, at most. Tokenizers that work on bytes, or fall back to them, never make more tokens than bytes;
prose and code come to a quarter of that, digits and noise come near it. Only what was added since the last reply is reckoned like that (of
all before, the endpoint itself said how much it was), so that the bound costs little and holds for hostile text too."""

MESSAGE_TOKENS = 32
"""What a message, a call or a tool has around its text: role, names, ids and marks of the chat format. Four to twenty in the formats we
know of; an endpoint without usage reports is counted by the JSON around it, which comes to less than this too."""


LOOKED_AT_SECONDS = 0.5
"""How often an agent asks again for money that others hold reserved: a model call takes seconds, and asking writes to the database."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What an agent may use. `turns` is for this agent alone; whoever reaches it has ended.

    `reserve` asks for the money of a call and `let_go` gives it back when there was no answer; both may block (they run in threads).
    What stands behind them is shared with all other agents of the run, the spec and the repository. `price` is that of the agent's model.
    """

    turns: int
    reserve: Callable[[Wanted], Answer]
    let_go: Callable[[AgentKey], None]
    price: Price | None


@dataclass(frozen=True, slots=True)
class OwnLimits:
    """What one agent may use, whatever is left of the run's budget; None where there is no such limit."""

    turns: int | None = None
    tokens: int | None = None

    def used_up(self, turns: int, tokens: int, next_prompt: int) -> str:
        """Which limit stands against one more call of an agent that has used so much, in words; "" when none does."""
        if self.turns is not None and turns >= self.turns:
            return f"all {self.turns} turns that its role may take are used"
        if self.tokens is not None and self.tokens - tokens <= next_prompt:
            return f"{tokens:,} of the {self.tokens:,} tokens that its role may use are used, and the next call may need {next_prompt:,}"
        return ""

    def tokens_left(self, tokens: int, others: int) -> int:
        """Of `others` tokens that are left elsewhere, what this agent may use."""
        return others if self.tokens is None else min(others, self.tokens - tokens)


def used_up(allowance: Allowance, own: OwnLimits, spent: Spent, next_prompt: int) -> str:
    """Which of the agent's own limits stands against one more call, in words; "" when none does."""
    if spent.calls >= allowance.turns:
        return f"all {allowance.turns} turns of the agent are used"
    return own.used_up(spent.calls, spent.usage.total, next_prompt)


async def reserved(allowance: Allowance, wanted: Wanted, waiting: Callable[[str], Awaitable[None]]) -> int:
    """How long the answer may be, in tokens; its money is reserved then.

    Waits while only other agents' reservations stand in the way, and calls `waiting` once, with the reason. Raises `BudgetSpent` when what is
    spent leaves no room, and `Transient`.
    """
    for tries in count(1):
        answer = await in_thread(partial(allowance.reserve, wanted))
        if isinstance(answer, Reserved):
            return answer.output
        if isinstance(answer, Exhausted):
            raise BudgetSpent(answer.reason, hint=answer.way_out)
        if tries == 1:
            await waiting(answer.reason)
        await asyncio.sleep(LOOKED_AT_SECONDS)
    raise Defect("counting ended", hint="report this")


def prompt_bound(messages: Sequence[Message], tools: Sequence[ToolSpec], last: Usage | None) -> int:
    """The most tokens that a prompt of these messages and tools can have.

    `last` is what the newest answer among the messages used, as reported: its prompt and itself are part of the prompt to come.
    """
    newest = max((i for i, message in enumerate(messages) if message.speaker is Speaker.ASSISTANT), default=-1)
    if last is not None and newest >= 0:
        return last.total + MESSAGE_TOKENS + sum(_bound(message) for message in messages[newest + 1 :])
    return sum(_bound(message) for message in messages) + sum(_tool_bound(tool) for tool in tools)


def _bound(message: Message) -> int:
    parts = (message.text, *(part for call in message.calls for part in (call.name, call.arguments)))
    return sum(_bytes(part) for part in parts) * TOKENS_PER_BYTE + (1 + len(message.calls)) * MESSAGE_TOKENS


def _tool_bound(tool: ToolSpec) -> int:
    text = _bytes(tool.name) + _bytes(tool.description) + _bytes(json.dumps(dict(tool.parameters)))
    return text * TOKENS_PER_BYTE + MESSAGE_TOKENS


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
