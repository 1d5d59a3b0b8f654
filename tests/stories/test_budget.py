"""Runs are bounded: what is used up ends them cleanly, with what there is kept and with words."""

import pytest

from bot.reporting.names import ACCEPTANCE
from tests.stories.moments import asked
from tests.support.scripted_model import Answer, Seen
from tests.support.stage import BASE, SPEC, Stage, never


def restless(seen: Seen) -> Answer:
    """An agent that writes something else each time and never hands in."""
    content = f'def greet(name):\n    return "hello"  # {seen.turn}\n'
    return Answer(calls=[("create", {"path": "greet.py", "content": content, "overwrite": True})])


def with_budget(budget: str) -> dict[str, str]:
    return {**BASE, ".github/specbot.yml": f"environment:\n  requirements: []\nbudget: {budget}\n"}


def test_an_agent_that_uses_up_its_turns_leaves_what_it_has_and_a_word():
    with Stage(restless, base=with_budget("{turns: 3}")) as stage, stage.worker():
        pull = stage.open()
        head = stage.head(pull)
        stage.settled(pull)
        assert len(asked(stage)) == 3
        assert stage.head(pull) == head
        assert stage.told(head)[ACCEPTANCE] == ["failure"]
        assert "all 3 turns of the budget are used" in stage.status(pull)
        (run,) = stage.runs_at(pull)
        kept = f"specbot/{run.run_id}"
        assert "# 3" in stage.file(stage.branches()[kept], "greet.py"), "the partial work is kept"
        assert kept in stage.status(pull)


def test_tokens_that_do_not_suffice_for_one_call_call_no_model():
    with Stage(never, base=with_budget("{tokens: 50}")) as stage, stage.worker():
        pull = stage.open()
        stage.settled(pull)
        assert asked(stage) == []
        assert stage.acceptance(pull) == "action_required"
        assert "0 of 50 tokens are used" in stage.status(pull)


@pytest.mark.parametrize("where", ["configuration", "spec"])
def test_a_budget_in_dollars_is_refused_when_the_price_is_unknown(where):
    base = with_budget("{usd: 1}") if where == "configuration" else BASE
    spec = SPEC if where == "configuration" else SPEC.replace("status: ready", "status: ready\nbudget: {usd: 1}")
    with Stage(never, base=base, environment={"SPECBOT_PRICES": "{}"}) as stage, stage.worker():
        pull = stage.open(spec)
        stage.settled(pull)
        assert asked(stage) == []
        assert stage.acceptance(pull) == "failure"
        assert "1.00 USD cannot be kept" in stage.title(pull)
        assert "set a price for the model, or give the budget in tokens" in stage.status(pull).lower()
