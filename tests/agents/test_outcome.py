"""Stored outcomes load for ever."""

from pathlib import Path

from bot.agents.outcome import OUTCOME, AgentOutcome, AgentStatus
from bot.agents.roles.reviewer import findings
from bot.agents.tools.finish_review import FINDINGS
from bot.core.runs import ReviewFinding

GOLDEN = Path(__file__).parent / "golden" / "outcome.v1.json"

FOUND = (ReviewFinding("src/a.py", 3, "high", "it is wrong"),)
OUTCOME_1 = AgentOutcome(AgentStatus.FINISHED, "fine", "", 7, FINDINGS.encode(FOUND))


def test_the_golden_outcome_is_read_and_written() -> None:
    text = GOLDEN.read_text().strip()
    assert OUTCOME.decode(text) == OUTCOME_1
    assert OUTCOME.encode(OUTCOME_1) == text
    assert findings(OUTCOME.decode(text)) == FOUND
