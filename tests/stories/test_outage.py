"""The bot was away for an hour, or half of what GitHub told it never arrived: in the end every head has its checks, as if nothing had been."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from bot.hub.faults import Fault, WebhookKind
from bot.reporting.names import ACCEPTANCE
from bot.workflows.reconcile import Sweep
from tests.support.stage import GOOD, SPEC_PATH, Stage, implementing

HOUR = timedelta(hours=1)

STRUCK: tuple[WebhookKind, ...] = ("drop", "drop", "double", "reorder")
"""What happens to a webhook that something happens to."""

DELIVERIES = 60
"""More than the story's people cause."""


def test_the_bot_was_down_for_an_hour():
    behind = [HOUR]
    with Stage(
        implementing({"greet.py": GOOD}, finding=False), clock=lambda: datetime.now(UTC) - sum(behind, timedelta())
    ) as stage:
        address = stage.hub.store.apps[stage.app.id].webhook_url
        stage.hub.set_webhook(stage.app, "http://127.0.0.1:1/webhooks/github")
        pull = stage.open()
        stage.push({"notes.md": "1\n"})
        asked = stage.hub.comment(stage.repo, pull.number, "grace", "/specbot status")
        closed = stage.open(branch="given-up")
        stage.hub.close(stage.repo, closed.number, "ada")
        plain = stage.open(spec=None, files={"README.md": "# Greet\n"}, branch="plain")
        assert stage.hub.deliveries_idle(20)

        behind.clear()
        stage.hub.set_webhook(stage.app, address)
        assert not stage.store.pending_deliveries(1), "not one of them arrived"
        with stage.worker() as engine:
            Sweep(stage.house, engine, stage.redeliver_lost).once()
            stage.settled(pull)
            stage.settled(plain)
            assert stage.acceptance(pull) == "success"
            assert stage.told(stage.head(plain)) == {ACCEPTANCE: ["success"]}
            assert stage.runs_at(closed) == ()
            assert "/specbot status" in stage.answer(pull, asked.body)
            assert len(stage.comments(pull)) == 2, "the status comment and one answer"

            written = len(stage.hub.journal.writes())
            Sweep(stage.house, engine, stage.redeliver_lost).once()
            stage.settled(pull)
            assert len(stage.hub.journal.writes()) == written, "a second look changes nothing"


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(2, 12))])
def test_half_of_all_deliveries_are_lost_doubled_or_out_of_order(seed):
    chance = random.Random(seed)
    with Stage(implementing({"greet.py": GOOD}, finding=False)) as stage, stage.worker() as engine:
        strike_half(stage, chance)
        pull = stage.open()
        other = stage.open(spec=None, files={"README.md": "# Greet\n"}, branch="other")
        stage.push({"notes.md": "1\n"})
        stage.hub.comment(stage.repo, pull.number, "grace", "/specbot status")
        stage.hub.close(stage.repo, other.number, "ada")
        stage.push({"notes.md": "2\n"})
        stage.hub.reopen(stage.repo, other.number, "ada")
        assert stage.hub.deliveries_idle(30)
        stage.hub.faults.clear()
        Sweep(stage.house, engine, stage.redeliver_lost).once()
        stage.settled(pull)
        stage.settled(other)
        assert stage.acceptance(pull) == "success"
        assert stage.acceptance(other) == "success"
        assert stage.file(stage.head(pull), "notes.md") == "2\n"
        assert "greet" in stage.file(stage.head(pull), SPEC_PATH)
        assert stage.statuses(pull) == 1
        assert len(stage.comments(pull)) == 2, "the status comment and one answer"
        live = [run for one in (pull, other) for run in stage.runs_at(one) if run.state.live]
        assert live == []


def strike_half(stage: Stage, chance: random.Random) -> None:
    """A rule for each webhook that is struck: it lets pass those that no earlier rule has struck."""
    struck = 0
    for position in range(DELIVERIES):
        if chance.random() < 0.5:
            stage.hub.faults.add(Fault(chance.choice(STRUCK), skip=position - struck))
            struck += 1
