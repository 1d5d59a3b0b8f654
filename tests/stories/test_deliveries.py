"""Webhooks that come many times, in the wrong order, or not at all: hints, and never more than hints."""

import hashlib
import hmac
import http.client
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from bot.hub.faults import Fault
from bot.reporting.names import ACCEPTANCE
from bot.workflows.reconcile import Sweep
from tests.stories.moments import asked
from tests.support.stage import GOOD, Stage, implementing

COPIES = 16


def test_sixteen_simultaneous_copies_of_a_delivery_are_one_run():
    with Stage(implementing({"greet.py": GOOD}, finding=False)) as stage:
        stage.hub.faults.add(Fault("drop", event="pull_request", action="opened"))
        stage.hub.faults.add(Fault("drop", event="check_suite", times=2))
        pull = stage.open()
        assert stage.hub.deliveries_idle(10)
        (lost,) = stage.hub.store.deliveries.where(lambda d: d.event == "pull_request")
        with stage.worker(), ThreadPoolExecutor(COPIES) as posters:
            answers = list(posters.map(lambda _: post(stage, lost), range(COPIES)))
            assert set(answers) == {202}
            stage.settled(pull)
            calls = asked(stage)
            assert [r.state.value for r in stage.runs_at(pull)] == ["done"]
            assert stage.told(stage.head(pull))[ACCEPTANCE] == ["success"]
            writes = len(stage.hub.journal.writes())

            stage.hub.webhooks.redeliver(lost)
            stage.settled(pull)
            assert len(stage.runs_at(pull)) == 1
            assert asked(stage) == calls
            assert len(stage.hub.journal.writes()) == writes, "a redelivery writes nothing at all"


@pytest.mark.soak
def test_doubled_and_reordered_webhooks_change_nothing():
    with Stage(implementing({"greet.py": GOOD}, finding=False)) as stage, stage.worker():
        stage.hub.faults.add(Fault("reorder", event="pull_request", action="opened"))
        stage.hub.faults.add(Fault("double", times=None))
        pull = stage.open()
        pushed = stage.push({"notes.md": "1\n"})
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        assert stage.file(stage.head(pull), "notes.md") == "1\n"
        assert [r.state.value for r in stage.runs_at(pull)][-1] == "done"
        assert [r.start_head for r in stage.runs_at(pull)][-1] == pushed
        assert stage.statuses(pull) == 1
        assert len(stage.comments(pull)) == 1
        assert stage.told(stage.head(pull))[ACCEPTANCE] == ["success"]


@pytest.mark.soak
def test_webhooks_that_were_lost_are_asked_for_again():
    with Stage(implementing({"greet.py": GOOD}, finding=False)) as stage:
        stage.hub.faults.add(Fault("drop", times=None))
        pull = stage.open()
        assert stage.hub.deliveries_idle(10)
        stage.hub.faults.clear()
        with stage.worker() as engine:
            assert stage.runs_at(pull) == ()
            Sweep(stage.house, engine, stage.redeliver_lost).once()
            stage.settled(pull)
            assert stage.acceptance(pull) == "success"

            stage.hub.faults.add(Fault("drop", times=None))
            stage.push({"notes.md": "1\n"})
            assert stage.hub.deliveries_idle(10)
            stage.hub.faults.clear()
            Sweep(stage.house, engine, lambda since: stage.house.clock.now()).once()
            stage.settled(pull)
            assert stage.acceptance(pull) == "success", "the sweep sees heads that no webhook told it about"
            assert len(stage.runs_at(pull)) == 2
            assert stage.statuses(pull) == 1


def post(stage, delivery) -> int:
    """POST it to the door as GitHub does; the status."""
    url = urlsplit(stage.hub.store.apps[stage.app.id].webhook_url or "")
    digest = hmac.new(stage.app.webhook_secret.encode(), delivery.payload, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/json",
        "X-GitHub-Delivery": delivery.guid,
        "X-GitHub-Event": delivery.event,
        "X-GitHub-Hook-Installation-Target-ID": str(stage.app.id),
        "X-GitHub-Hook-Installation-Target-Type": "integration",
        "X-Hub-Signature-256": f"sha256={digest}",
    }
    connection = http.client.HTTPConnection(url.hostname or "", url.port or 80, timeout=30)
    try:
        connection.request("POST", url.path, delivery.payload, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()
