"""Stored outcomes load for ever."""

from pathlib import Path

from bot.agents.outcome import OUTCOME, AgentOutcome, AgentStatus
from bot.agents.roles.reviewer import findings
from bot.agents.tools.finish_review import FINDINGS
from bot.core.reviews.model import ReviewFinding

GOLDEN = Path(__file__).parent / "golden" / "outcome.v1.json"

FOUND = (ReviewFinding("src/a.py", 3, "high", "it is wrong"),)
HANDED_IN = (
    '{"v":1,"value":[{"$":"ReviewFinding","line":3,"message":"it is wrong","path":"src/a.py","severity":"high"}]}'
)
"""As it was written before a finding had more than these four fields."""

OUTCOME_1 = AgentOutcome(AgentStatus.FINISHED, "fine", "", 7, HANDED_IN)


def test_the_golden_outcome_is_read_and_written() -> None:
    text = GOLDEN.read_text().strip()
    assert OUTCOME.decode(text) == OUTCOME_1
    assert OUTCOME.encode(OUTCOME_1) == text
    assert findings(OUTCOME.decode(text)) == FOUND
    assert FINDINGS.decode(FINDINGS.encode(FOUND)) == FOUND
