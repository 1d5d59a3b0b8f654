"""Runs are bounded: what is used up ends them cleanly, with what there is kept and with words."""

from dataclasses import replace

import pytest

from bot.core.events.model import Command, Verb
from bot.core.policy.budgets import Extra
from bot.core.policy.model import Cap
from bot.core.policy.purse import Caps, Reserved, Wanted
from bot.core.runs import RunState
from bot.core.runs import Stage as At
from bot.ids import AgentKey, CommandId
from bot.reporting.names import ACCEPTANCE
from bot.workflows.commands.budget import budget
from bot.workflows.reconcile import Sweep
from bot.workflows.spending import granted
from tests.stories.moments import STALLED, asked, role
from tests.stories.test_reviewer import CAREFUL, CRASH, finding
from tests.stories.test_reviews import responding
from tests.support.scripted_model import Answer, Fault, Seen, call
from tests.support.stage import BASE, GOOD, SPEC, Stage, implementing, never
from tests.support.team_of_four import TEAM_SPEC, team_of_four

WHOLE = Wanted(AgentKey("another/implementer/T-1/1"), 1, 10_000, 1_000_000, 1_000_000, None)
"""What is left when two calls are paid and a million tokens were granted."""


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
        assert "all 3 turns of the agent are used" in stage.status(pull)
        (run,) = stage.runs_at(pull)
        kept = f"specbot/{run.run_id}"
        assert "# 3" in stage.file(stage.branches()[kept], "greet.py"), "the partial work is kept"
        assert kept in stage.status(pull)


def spending(seen: Seen) -> Answer:
    """An implementer that writes, looks, and hands in; each of its calls costs 10,000 tokens."""
    usage = {"prompt_tokens": 9_000, "completion_tokens": 1_000}
    if role(seen) == "reviewer":
        return call("finish", summary="Reads well.", findings=[])
    calls = [
        ("create", {"path": "greet.py", "content": GOOD, "overwrite": True}),
        ("bash", {"script": "python3 -c 'import greet'"}),
        ("finish", {"summary": "Done as asked."}),
    ]
    return Answer(calls=[calls[seen.turn - 1]], usage=usage)


def test_a_budget_that_ends_in_mid_run_publishes_nothing_and_more_lets_the_same_agent_go_on():
    with Stage(spending, base=with_budget("{tokens: 31_000}")) as stage, stage.worker():
        pull = stage.open()
        head = stage.head(pull)
        stage.settled(pull)
        (run,) = stage.runs_at(pull)
        assert (run.state, run.segment) == (RunState.WAITING, 1)
        assert asked(stage) == ["implementer/T-1/1", "implementer/T-1/2"]
        assert stage.head(pull) == head, "nothing half-verified is published"
        assert stage.acceptance(pull) == "action_required"
        kept = f"specbot/{run.run_id}"
        assert stage.file(stage.branches()[kept], "greet.py") == GOOD
        assert "20,000 of 31,000 tokens are used" in stage.title(pull)
        assert "```\n/specbot budget +500k tokens\n```" in stage.status(pull)
        assert kept in stage.status(pull)

        stage.say(pull, "/specbot budget +50k tokens", login="linus")
        assert "refused" in stage.answer(pull, "/specbot budget +50k tokens")
        stage.say(pull, "/specbot budget +2usd", login="grace")
        assert "not limited in dollars" in stage.answer(pull, "/specbot budget +2usd")
        stage.say(pull, "/specbot budget +100k tokens", login="grace")

        answer = stage.answer(pull, "/specbot budget +100k tokens")
        assert "In all it may use 131,000 tokens and 45 minutes. It goes on where it stands." in answer
        stage.settled(pull)
        assert stage.told(stage.runs_at(pull)[0].start_head)[ACCEPTANCE] == ["action_required", "cancelled"]
        assert stage.acceptance(pull) == "success"
        (run,) = stage.runs_at(pull)
        assert (run.state, run.segment) == (RunState.DONE, 2)
        assert asked(stage) == [*(f"implementer/T-1/{turn}" for turn in (1, 2, 3)), "reviewer/candidate/1"]
        assert stage.model.prefix_faults() == []
        assert stage.statuses(pull) == 1
        assert "of 131,000 tokens" in stage.status(pull)
        assert "specbot/run-" not in stage.status(pull), "the work is published now"

        stage.say(pull, "/specbot budget +1h", login="grace")
        assert "no run waits at this commit" in stage.answer(pull, "/specbot budget +1h")


@pytest.mark.soak
def test_a_budget_that_ends_in_the_repair_after_a_review_publishes_what_is_proven():
    """What the review showed is a failing row at it, which says why nobody mended it and how that goes on."""
    careful = finding(implementing({"greet.py": GOOD}, repair={"greet.py": CAREFUL}), CRASH)
    responder = responding({"greet.py": CAREFUL}, {"mend": ("changed", "Nobody is None now.")})

    def dear(seen: Seen) -> Answer:
        answer = responder(seen) if role(seen) == "responder" else careful(seen)
        assert isinstance(answer, Answer)
        return replace(answer, usage={"prompt_tokens": 9_000, "completion_tokens": 1_000})

    with Stage(dear, base=with_budget("{tokens: 45_000}")) as stage, stage.worker():
        pull = stage.open()
        start = stage.head(pull)
        stage.settled(pull)
        head = stage.head(pull)
        assert head != start
        assert stage.file(head, "greet.py") == GOOD
        assert stage.acceptance(pull) == "failure"
        assert stage.title(pull).startswith("R-1 shown by a reviewer; 2 of 2 done.")
        assert "It was to be mended, but the budget of this run is used up: 40,000 of 45,000 tokens" in stage.status(
            pull
        )
        assert "`/specbot fix mend R-1` has an agent go on with it" in stage.status(pull)
        assert list(stage.branches()) == ["main", "topic"], "nothing is kept elsewhere that is published"

        stage.say(pull, "/specbot fix mend R-1", login="grace")
        stage.until(lambda: stage.head(pull) != head, "the work that was asked for")
        stage.settled(pull)
        assert stage.file(stage.head(pull), "greet.py") == CAREFUL
        assert stage.acceptance(pull) == "success"


@pytest.mark.soak
def test_a_team_never_spends_more_together_and_goes_on_where_each_agent_stood():
    usage = {"prompt_tokens": 9_000, "completion_tokens": 1_000}

    def dear(seen: Seen) -> Answer:
        return replace(team_of_four()(seen), usage=usage)

    with Stage(dear, base=with_budget("{tokens: 60_000}")) as stage, stage.worker():
        pull = stage.open(TEAM_SPEC)
        head = stage.head(pull)
        stage.settled(pull)
        (run,) = stage.runs_at(pull)
        assert run.state is RunState.WAITING
        assert stage.head(pull) == head
        spent = stage.store.spent(run.run_id).usage.total
        assert 30_000 <= spent <= 60_000
        assert "/specbot budget +500k tokens" in stage.status(pull)
        paid = asked(stage)

        stage.say(pull, "/specbot budget +500k")
        stage.answer(pull, "/specbot budget +500k")
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        assert asked(stage)[: len(paid)] == paid
        labels = [label for label in asked(stage) if label.startswith("implementer/")]
        assert len(labels) == len(set(labels)), "no call is paid twice"
        assert stage.model.prefix_faults() == []


@pytest.mark.soak
def test_a_resumed_run_survives_the_sweep_and_can_be_stopped():
    def script(seen: Seen) -> Answer | Fault:
        return STALLED if seen.label.endswith("T-1/3") else spending(seen)

    with Stage(script, base=with_budget("{tokens: 31_000}")) as stage, stage.worker() as engine:
        pull = stage.open()
        stage.settled(pull)
        (run,) = stage.runs_at(pull)
        command = Command(
            CommandId("comment:9:1"),
            Verb.BUDGET,
            run.repo,
            run.number,
            run.start_head,
            run.requester,
            run.created_at,
            ("+1m", "tokens"),
        )
        budget(stage.house, engine, command)
        stage.until(lambda: asked(stage)[-1].endswith("T-1/3"), "the third turn")
        assert stage.checks(stage.head(pull))[-1].status == "in_progress", "the head is not decided any more"
        budget(stage.house, engine, command)  # repeated after a crash
        Sweep(stage.house, engine, lambda since: stage.house.clock.now()).once()
        (run,) = stage.runs_at(pull)
        assert (run.state, run.segment) == (RunState.WORKING, 2)
        stage.say(pull, "/specbot stop")
        stage.settled(pull)
        (run,) = stage.runs_at(pull)
        assert (run.state, run.segment, run.stage) == (RunState.STOPPED, 2, At.ENDED)
        assert stage.acceptance(pull) == "cancelled"
        assert granted(stage.house, run.run_id) == Extra(tokens=1_000_000), "a repeated command grants once"
        assert stage.store.reserve(run.run_id, WHOLE, Caps(Cap(tokens=1_030_000))) == Reserved(1_000_000), (
            "nothing is held"
        )


def test_proven_work_is_published_when_there_is_no_money_left_for_an_opinion():
    with Stage(spending, base=with_budget("{tokens: 32_900}")) as stage, stage.worker():
        pull = stage.open()
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        assert [role(seen) for seen in stage.model.requests] == ["implementer"] * 3
        assert stage.model.requests[-1].body["max_completion_tokens"] < 3_000, "an answer as long as what is left"
        assert "There was no review: the budget of this run is used up" in stage.status(pull)


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
