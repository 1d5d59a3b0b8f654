"""A run's page while the run goes on: what the server says is new, and that a browser shows it."""

import json
import shutil
import subprocess
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from flask import request
from flask.testing import FlaskClient

from bot.adapters.clock import SystemClock
from bot.adapters.store import SqlStore
from bot.core.codec import encode
from bot.core.plans.progress import TaskState
from bot.core.runs import RunState, Stage
from bot.ids import RunId, TaskId, agent_key
from bot.web.metrics import WebMetrics
from bot.web.server import create_app
from tests.web.conftest import DOOR
from tests.web.served import serving
from tests.web.team_run import fill, progress, turn

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture
def client(store: SqlStore) -> FlaskClient:
    app = create_app(store, replace(DOOR, open_pages=True), clock=SystemClock(), metrics=WebMetrics(), runs=store)
    return app.test_client()


@pytest.fixture
def shown(store: SqlStore) -> RunId:
    return fill(store, 12, done=False)


def test_the_page_shows_graph_tasks_bill_and_the_log_of_each_agent(client: FlaskClient, shown: RunId) -> None:
    page = client.get(f"/runs/{shown}").text
    for text in (
        'class="box is-blocked"',
        "T-4, blocked: Holidays that close the shop",
        "the list of holidays is not in the repository",
        "openhours/part3.py",
        "$0.22 of $2.00",
        "Runs like this one cost $0.35 to $0.60.",
        "Head of the ledger",
        "implementer T-3",
        "class Hours:",
    ):
        assert text in page, text
    one = client.get(f"/runs/{shown}", query_string={"agent": agent_key(shown, "implementer", "T-3", 1)}).text
    log = one[one.index('id="events"') :]
    assert "implementer T-3" in log
    assert "implementer T-2" not in log


def test_only_what_changed_is_sent(client: FlaskClient, store: SqlStore, shown: RunId) -> None:
    last = store.last_event(shown)
    assert client.get(f"/runs/{shown}/live?after={last}").get_json() == {
        "number": last,
        "again": 1,
        "parts": {},
        "log": "",
    }
    first = client.get(f"/runs/{shown}/live?after=0").get_json()
    assert set(first["parts"]) == {"state", "held", "plan", "proofs", "bill", "whose"}
    store.keep_note(shown, "progress", encode(progress(False).with_task(TaskId("T-3"), state=TaskState.HANDED_IN)))
    store.emit(shown, "task", json.dumps({"task": "T-3", "state": "handed in", "attempt": 1, "reason": ""}))
    have = ",".join(part["digest"] for part in first["parts"].values())
    news = client.get(f"/runs/{shown}/live?after={last}&have={have}").get_json()
    assert news["number"] == last + 1
    assert "whose" not in news["parts"]
    assert "T-3 is handed in" in news["log"]
    assert "plan" in news["parts"]
    assert "proofs" not in news["parts"]


def test_one_agents_log_grows_by_its_own_events(client: FlaskClient, store: SqlStore, shown: RunId) -> None:
    last = store.last_event(shown)
    wanted, other = (agent_key(shown, "implementer", task, 1) for task in ("T-3", "T-5"))
    turn(store, wanted, 4, "mine", {}, "")
    turn(store, other, 4, "somebody else's", {}, "")
    news = client.get(f"/runs/{shown}/live", query_string={"after": last, "agent": wanted}).get_json()
    assert "mine" in news["log"]
    assert "else" not in news["log"]
    assert news["number"] == last + 2


def test_a_page_asks_as_long_as_something_may_come(client: FlaskClient, store: SqlStore, shown: RunId) -> None:
    def again() -> object:
        return client.get(f"/runs/{shown}/live?after=0").get_json()["again"]

    assert again() == 1
    store.update_run(shown, state=RunState.WAITING, stage=Stage.ENDED)
    assert again() == 10
    store.update_run(shown, state=RunState.DONE)
    assert again() is None
    assert "live.js" not in client.get(f"/runs/{shown}").text


def test_long_logs_come_in_pages(client: FlaskClient, store: SqlStore, shown: RunId) -> None:
    for number in range(310):
        store.emit(shown, "step.started", f"step {number}")
    page = client.get(f"/runs/{shown}").text
    assert "step 309" in page
    assert "T-1 is working" not in page
    last = store.last_event(shown)
    assert f"before={last - 299}" in page
    earlier = client.get(f"/runs/{shown}?before={last - 299}").text
    assert "T-1 is working" in earlier
    assert "live.js" not in earlier


@pytest.mark.parametrize(
    "query",
    ["after=x", "after=-1", "after=99999999999999999999", "before=é", "agent=%00", "have=" + "a" * 2000],
    ids=["word", "negative", "huge", "letter", "nul", "long"],
)
def test_strange_questions_get_plain_answers(client: FlaskClient, shown: RunId, query: str) -> None:
    assert client.get(f"/runs/{shown}/live?{query}").status_code == 200
    assert client.get(f"/runs/{shown}?{query}").status_code == 200


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine, so nothing can run the page's script")
def test_a_browser_shows_what_happens_after_the_page_was_loaded(store: SqlStore, shown: RunId, tmp_path: Path) -> None:
    """The page is loaded once, the news is emitted when the script asks for the first time, and the browser's own document has it."""
    app = create_app(store, replace(DOOR, open_pages=True), clock=SystemClock(), metrics=WebMetrics(), runs=store)
    asked, loads = threading.Event(), []

    def notice() -> None:
        if request.path == f"/runs/{shown}":
            loads.append(request.path)
        if request.path.endswith("/live") and not asked.is_set():
            asked.set()
            store.keep_note(shown, "progress", encode(progress(True)))
            store.emit(shown, "task", json.dumps({"task": "T-7", "state": "merged", "attempt": 1, "reason": ""}))
            store.emit(shown, "pause", "<b id=evil>news</b>")

    app.before_request(notice)
    with serving(lambda _: app) as url:
        dom = dumped(f"{url}/runs/{shown}", tmp_path)
    assert asked.is_set()
    assert len(loads) == 1
    assert "T-7 is merged" in dom
    assert "T-7, merged" in dom
    assert "&lt;b id=evil&gt;news" in dom
    assert 'hidden=""' in dom[dom.index('id="lost"') :][:60]


def dumped(url: str, folder: Path) -> str:
    """The document as the browser has it after some seconds of its own (virtual) time."""
    assert CHROMIUM is not None
    flags = [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", f"--user-data-dir={folder / 'profile'}",
        "--virtual-time-budget=6000", "--dump-dom",
    ]  # fmt: skip
    done = subprocess.run([CHROMIUM, *flags, url], capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout
