"""What people see in a browser: nothing without leave, nothing that executes."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot.adapters.clock import SystemClock
from bot.adapters.store import SqlStore
from bot.core.chat import Message, ModelReply, Speaker, Usage
from bot.core.codec import encode
from bot.core.plans.model import Interface, Plan, Task
from bot.core.plans.progress import TaskState, first_round
from bot.core.proofs.model import (
    CriterionVerdict,
    Executed,
    Shown,
    StoppedBy,
    TamperFinding,
    TamperWeight,
    Verdict,
    Verification,
)
from bot.core.runs import Budget, Run, RunState, Stage
from bot.core.specs.model import Position, ProofKind
from bot.core.terms import Terms
from bot.ids import CriterionId, CriterionName, Digest, TaskId, TreeSha, agent_key, criterion_name
from bot.web import run_view
from bot.web.headers import SECURITY_HEADERS
from bot.web.metrics import WebMetrics, metrics_app
from bot.web.server import create_app
from bot.workflows import notes
from tests.adapters.store.values import run
from tests.web.conftest import DOOR

HOSTILE = "<script>alert(1)</script>\"'&\u202e"


def verification() -> Verification:
    executed = Executed(
        key=Digest("k"),
        exit_code=1,
        stopped_by=StoppedBy.NOTHING,
        output=f"E   assert 3 == 4 {HOSTILE}",
        output_digest=Digest("d" * 64),
        seconds=1.25,
    )
    verdict = CriterionVerdict(
        name=criterion_name("specs/0001-cut.md", CriterionId("AC-1")),
        text=f"Text is cut {HOSTILE}",
        kind=ProofKind.CHANGE,
        position=Position("specs/0001-cut.md", 12),
        criterion_digest=Digest("c" * 64),
        verdict=Verdict.FAILED,
        reasons=(f"red on the candidate {HOSTILE}",),
        shown=(Shown("python -m pytest -q", None, executed, None),),
        way_out="fix it",
    )
    tampering = TamperFinding("TP101", TamperWeight.HARD, "tests/a.py", "deleted")
    return Verification(TreeSha("a" * 40), TreeSha("b" * 40), Digest("e" * 64), (verdict,), (tampering,))


@pytest.fixture
def open_client(store: SqlStore) -> FlaskClient:
    app = create_app(store, replace(DOOR, open_pages=True), clock=SystemClock(), metrics=WebMetrics(), runs=store)
    return app.test_client()


@pytest.fixture
def shown(store: SqlStore) -> Run:
    made = store.create_run(replace(run(), reason=HOSTILE, head_ref=f"feature/{HOSTILE}", stage=Stage.VERIFY))
    store.emit(made.run_id, "stage", f"verify {HOSTILE}")
    store.keep_note(made.run_id, "verification", encode(verification()))
    reply = ModelReply("", (), "stop", Usage(1200, 800, 90), 0.125, 2.0, "m")
    store.append(agent_key(made.run_id, "implementer", "T-1", 1), [Message(Speaker.ASSISTANT, "x")], reply=reply)
    return made


def test_a_run_is_shown_to_nobody_unless_pages_are_open(client: FlaskClient, shown: Run) -> None:
    assert client.get(f"/runs/{shown.run_id}").status_code == 404


def test_the_page_tells_stage_proofs_bill_and_log(open_client: FlaskClient, shown: Run) -> None:
    answer = open_client.get(f"/runs/{shown.run_id}")
    assert answer.status_code == 200
    for text in (
        "octo/lib#7",
        "working",
        "verify",
        "specs/0001-cut.md#AC-1",
        "open",
        "assert 3 == 4",
        "TP101",
        ">1,200</td>",
        ">800</td>",
        ">90</td>",
        "$0.12",
    ):
        assert text in answer.text
    assert '<noscript><meta http-equiv="refresh"' in answer.text


def test_a_run_that_ended_names_the_way_out(open_client: FlaskClient, store: SqlStore, shown: Run) -> None:
    """While it works, what does not hold yet is open and not failed."""
    working = open_client.get(f"/runs/{shown.run_id}").text
    assert "</span> open</span>" in working
    assert "fix it" not in working
    store.update_run(shown.run_id, state=RunState.FAILED, stage=Stage.ENDED)
    ended = open_client.get(f"/runs/{shown.run_id}").text
    assert "</span> failed</span>" in ended
    assert "fix it" in ended


def test_hostile_text_is_shown_and_does_nothing(open_client: FlaskClient, shown: Run) -> None:
    page = open_client.get(f"/runs/{shown.run_id}").text
    assert page.count("<script") == page.count('<script src="/static/live.js" defer></script>') == 1
    assert "unsafe-inline" not in SECURITY_HEADERS["Content-Security-Policy"]
    assert "\u202e" not in page
    assert page.count(str(escape("<script>alert(1)</script>"))) >= 6


def test_an_ended_run_is_not_loaded_again(open_client: FlaskClient, store: SqlStore, shown: Run) -> None:
    store.update_run(shown.run_id, state=RunState.DONE, stage=Stage.ENDED)
    page = open_client.get(f"/runs/{shown.run_id}").text
    assert "http-equiv" not in page
    assert "Ended" in page


def test_old_and_foreign_notes_are_read_as_absent(open_client: FlaskClient, store: SqlStore, shown: Run) -> None:
    for kind in ("plan", "progress", "terms"):
        store.keep_note(shown.run_id, kind, "[]")
    assert "There is no plan yet" in open_client.get(f"/runs/{shown.run_id}").text


def test_the_kinds_of_notes_are_those_that_the_steps_leave() -> None:
    assert notes._KINDS[Plan] == run_view.PLAN
    assert notes._KINDS[Verification] == run_view.VERIFICATION


def test_an_unreadable_note_is_no_proof(open_client: FlaskClient, store: SqlStore, shown: Run) -> None:
    store.keep_note(shown.run_id, "verification", '{"v": 99, "value": {}}')
    assert "Nothing is proven yet" in open_client.get(f"/runs/{shown.run_id}").text


def test_an_unknown_price_is_not_zero(open_client: FlaskClient, store: SqlStore, shown: Run) -> None:
    reply = ModelReply("", (), "stop", Usage(1, 0, 1), None, 2.0, "m")
    store.append(agent_key(shown.run_id, "reviewer", "-", 1), [], reply=reply)
    assert "no price is configured for a model" in open_client.get(f"/runs/{shown.run_id}").text


def test_every_field_of_plan_and_log_may_be_hostile(open_client: FlaskClient, store: SqlStore, shown: Run) -> None:
    task = Task(TaskId(HOSTILE), HOSTILE, HOSTILE, (HOSTILE,), (CriterionName(HOSTILE),), (TaskId("T-0"),))
    plan = Plan((task, replace(task, task_id=TaskId("T-2"))), (HOSTILE,), interfaces=(Interface(HOSTILE, HOSTILE),))
    progress = first_round(plan, shown.start_head, TreeSha("b" * 40))
    changed = progress.with_task(
        task.task_id, state=TaskState.BLOCKED, reason=HOSTILE, dropped=(HOSTILE,), reused=HOSTILE
    )
    store.keep_note(shown.run_id, "plan", encode(plan))
    store.keep_note(shown.run_id, "progress", encode(changed))
    store.keep_note(shown.run_id, "terms", encode(Terms(Budget(1.0, 10, 1.0, 1), HOSTILE, HOSTILE)))
    agent = f"{shown.run_id}/{HOSTILE}/T-1/2"
    calls = [
        {"name": HOSTILE, "arguments": json.dumps({HOSTILE: HOSTILE, "b": HOSTILE})},
        {"name": "x", "arguments": HOSTILE},
    ]
    said = {"agent": agent, "turn": 1, "text": HOSTILE, "calls": calls, "tokens": 5, "cached": 0, "usd": None}
    store.emit(shown.run_id, "agent.turn", json.dumps(said))
    store.emit(
        shown.run_id, "agent.tool", json.dumps({"agent": agent, "turn": 1, "name": HOSTILE, "result": HOSTILE * 20})
    )
    store.emit(
        shown.run_id, "agent.agent", json.dumps({"agent": agent, "status": HOSTILE, "turns": 1, "reason": HOSTILE})
    )
    store.emit(shown.run_id, "task", json.dumps({"task": HOSTILE, "state": "blocked", "reason": HOSTILE}))
    store.emit(shown.run_id, "pause", HOSTILE)
    store.emit(shown.run_id, HOSTILE, HOSTILE)
    for answer in (open_client.get(f"/runs/{shown.run_id}"), open_client.get("/runs")):
        assert answer.status_code == 200
        Reader(answer.text).must_hold_nothing_foreign()
    live = open_client.get(f"/runs/{shown.run_id}/live?after=0").get_json()
    for html in (live["log"], *(part["html"] for part in live["parts"].values())):
        Reader(html).must_hold_nothing_foreign()
        assert "\u202e" not in html


class Reader(HTMLParser):
    """Reads a page as a browser does, and knows which tags and attributes are ours."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, {name: value or "" for name, value in attrs}))

    def must_hold_nothing_foreign(self) -> None:
        for tag, values in self.seen:
            assert tag not in ("iframe", "img", "style", "object", "embed", "base")
            assert tag != "script" or values == {"src": "/static/live.js", "defer": ""}
            for name, value in values.items():
                assert not name.startswith("on"), (tag, name)
                assert name not in ("style", "srcdoc", "formaction"), (tag, name)
                assert name not in ("href", "src", "action") or value.startswith(("/", "#")), (tag, value)


def test_an_unknown_run_is_not_found(open_client: FlaskClient) -> None:
    assert open_client.get("/runs/run-none").status_code == 404
    assert open_client.get("/runs/../../etc/passwd").status_code == 404


def test_a_broken_database_is_said(open_client: FlaskClient, store: SqlStore, shown: Run) -> None:
    path = store._database.sqlite_path
    assert path is not None
    path.rename(path.with_suffix(".gone"))
    assert open_client.get(f"/runs/{shown.run_id}").status_code == 503
    path.with_suffix(".gone").rename(path)


def test_the_front_page_says_what_this_is(client: FlaskClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert "A GitHub App" in answer.text
    assert client.get("/static/specbot.css", buffered=True).status_code == 200


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: client.get("/"),
        lambda client: client.get("/nowhere"),
        lambda client: client.get("/healthz"),
        lambda client: client.get("/static/specbot.css", buffered=True),
        lambda client: client.post("/webhooks/github", data=b"x"),
        lambda client: client.get("/webhooks/github"),
    ],
    ids=["front", "404", "health", "static", "refused hook", "405"],
)
def test_every_answer_carries_the_security_headers(app: Flask, ask: Callable[[FlaskClient], object]) -> None:
    answer = ask(app.test_client())
    for name, value in SECURITY_HEADERS.items():
        assert answer.headers[name] == value  # type: ignore[attr-defined]


def test_metrics_are_a_separate_application(app: Flask) -> None:
    metrics = WebMetrics()
    metrics.deliveries.labels("stored").inc()
    said: list[str] = []
    body = b"".join(
        metrics_app(metrics.registry)(
            {"REQUEST_METHOD": "GET", "PATH_INFO": "/metrics"}, lambda status, _: said.append(status)
        )
    )
    assert said == ["200 OK"]
    assert b'specbot_deliveries_total{outcome="stored"} 1.0' in body
    assert app.test_client().get("/metrics").status_code == 404


def test_times_are_shown_in_utc(open_client: FlaskClient, shown: Run) -> None:
    assert shown.created_at == datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    assert "2026-11-22 08:00:00 UTC" in open_client.get(f"/runs/{shown.run_id}").text
