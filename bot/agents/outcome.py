"""How an agent's work ended, as a value and as the text that the journal keeps."""

from dataclasses import dataclass
from enum import StrEnum

from bot.core.codec import Format


class AgentStatus(StrEnum):
    """FINISHED: handed in, which is a claim and no proof. BLOCKED: it says what it lacks. STUCK: it went in circles. LIMIT: the
    allowance is used up. FAILED: it could not use its tools."""

    FINISHED = "finished"
    BLOCKED = "blocked"
    STUCK = "stuck"
    LIMIT = "limit"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class AgentOutcome:
    """`summary` is the agent's own words (untrusted), `reason` why it ended otherwise than by finishing.

    `turns` counts the model's replies in this conversation. `handed_in` is what the role asks for as JSON, "" when nothing was
    handed in; each role reads its own (`reviewer.findings`).
    """

    status: AgentStatus
    summary: str
    reason: str
    turns: int
    handed_in: str = ""


OUTCOME = Format(AgentOutcome)
"""The stored form; its golden file is `tests/agents/golden/outcome.v1.json`."""
