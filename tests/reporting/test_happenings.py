"""Events in people's words: the same line on page and terminal, whatever was stored."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.plans.progress import TaskProgress, TaskState
from bot.core.proofs.model import Verdict
from bot.ids import TaskId
from bot.reporting.happenings import (
    LINE_CHARS,
    Happening,
    Tone,
    agent_name,
    happening,
    task_event,
    terminal_lines,
    verdicts_event,
)
from tests.web.test_pages import verification

AT = datetime(2026, 11, 22, 8, 1, 2, tzinfo=UTC)
AGENT = "run-1-7-aaaaaaaaaaaa-1/implementer/T-2/1"


def told(kind: str, data: object) -> Happening:
    found = happening((3, AT, kind, data if isinstance(data, str) else json.dumps(data)))
    assert found is not None
    return found


def test_a_turn_names_its_calls_and_its_price() -> None:
    calls = [
        {"name": "edit", "arguments": '{"path": "a.py", "old": "x\\ny", "new": "z"}'},
        {"name": "bash", "arguments": '{"command": "pytest -q"}'},
    ]
    turn = told(
        "agent.turn", {"agent": AGENT, "turn": 4, "text": "I mend it.", "calls": calls, "tokens": 12_000, "usd": 0.25}
    )
    assert turn.who == "implementer T-2"
    assert turn.line == "turn 4: edit a.py · bash pytest -q (12,000 tokens, $0.25)"
    assert [fold.title for fold in turn.folds] == ["what it said", "edit"]
    assert "old: x\ny\nnew: z" in turn.folds[1].text
    assert terminal_lines(turn) == (
        "08:01:02  implementer T-2: turn 4: edit a.py · bash pytest -q (12,000 tokens, $0.25)",
    )


def test_an_unknown_price_is_left_out_and_not_zero() -> None:
    turn = told("agent.turn", {"agent": AGENT, "turn": 1, "text": "Hm.", "calls": [], "tokens": 5, "usd": None})
    assert turn.line == "turn 1: Hm. (5 tokens)"


def test_a_tools_output_has_its_head_in_the_terminal() -> None:
    output = "\n".join(f"line {number}" for number in range(1, 9))
    tool = told("agent.tool", {"agent": AGENT, "turn": 1, "name": "bash", "result": output, "changed": True})
    assert terminal_lines(tool) == (
        "08:01:02  implementer T-2: bash, files changed → line 1",
        "          line 2",
        "          line 3",
        "          line 4",
        "          … 4 more lines",
    )
    assert (
        told("agent.tool", {"agent": AGENT, "turn": 1, "name": "edit", "result": "error: no such file"}).tone
        is Tone.BAD
    )


def test_a_task_an_agent_a_pause_and_the_end() -> None:
    stands = TaskProgress(TaskId("T-2"), TaskState.BLOCKED, attempt=2, reason="no list of holidays")
    assert told("task", task_event(stands)).line == "T-2 is blocked (try 2): no list of holidays"
    ended = told("agent.agent", {"agent": AGENT, "status": "stuck", "turns": 9, "reason": "it went in circles"})
    assert (ended.line, ended.tone) == ("stuck after 9 turns: it went in circles", Tone.BAD)
    assert told("pause", "a rate limit: 4 s").line == "waiting: a rate limit: 4 s"
    assert told("published", "c" * 40).line == "published cccccccccccc"
    assert told("kept", "specbot/run-1").line == "not published; the work is kept on specbot/run-1"
    assert told("ended", "done").tone is Tone.GOOD
    assert happening((1, AT, "step.finished", "plan")) is None


def test_proofs_are_counted_and_named() -> None:
    made = verification()
    shown = told("verdicts", verdicts_event("the candidate", made))
    assert shown.line == "proofs of the candidate: 0 of 1 criterion done"
    assert shown.tone is not Tone.GOOD
    assert terminal_lines(shown)[1] == f"          {Verdict.FAILED.value}: specs/0001-cut.md#AC-1"


def test_agents_have_names() -> None:
    assert agent_name(AGENT) == "implementer T-2"
    assert agent_name("run-1-7-aaaaaaaaaaaa-1/implementer/T-2/3") == "implementer T-2, try 3"
    assert agent_name("run-1-7-aaaaaaaaaaaa-1/reviewer/-/1") == "reviewer"
    assert agent_name("anything") == "anything"


KINDS = [
    "agent.turn",
    "agent.tool",
    "agent.agent",
    "agent.nudge",
    "task",
    "pause",
    "verdicts",
    "published",
    "kept",
    "ended",
    "?",
]
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["agent", "turn", "text", "calls", "name", "done"]), inner)
    ),
    max_leaves=8,
)


@given(st.sampled_from(KINDS), values | st.text().map(str))
def test_whatever_was_stored_is_shown_on_one_visible_line(kind: str, value: object) -> None:
    shown = happening((1, AT, kind, value if isinstance(value, str) else json.dumps(value)))
    assert shown is not None
    assert "\n" not in shown.line
    assert not any(char in shown.line for char in "\x1b\u202e\r\x00")
    assert len(shown.line) < 8 * LINE_CHARS
    assert all(isinstance(line, str) for line in terminal_lines(shown))


@pytest.mark.parametrize("kind", KINDS)
def test_escapes_of_a_terminal_do_nothing(kind: str) -> None:
    shown = happening(
        (
            1,
            AT,
            kind,
            json.dumps({"agent": "a/\x1b[2J/b/1", "turn": 1, "name": "\x1b]0;x\x07", "result": "\x1b[31mred\n\x1b[2J"}),
        )
    )
    assert shown is not None
    assert "\x1b" not in "".join(terminal_lines(shown)) + shown.who + "".join(fold.text for fold in shown.folds)


def test_whose_environment_a_tree_was_proven_in() -> None:
    found = told("environment", {"changed": ["go.sum"]})
    assert found.line.startswith("1 manifest or lock file changed; proven in the base's environment")
    assert found.folds[0].text == "go.sum"
