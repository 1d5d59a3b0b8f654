"""The catch-up asks for exactly those deliveries that never arrived, each once."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from bot.adapters.clock import SystemClock
from bot.adapters.github.deliveries import OVERLAP, WINDOW, WINDOW_ENTERPRISE
from bot.adapters.store import SqlStore, migrate
from bot.core.pulls import Secret
from bot.errors import RateLimited, Transient
from bot.hub import Fault
from bot.web.metrics import WebMetrics
from bot.web.server import Door, create_app
from tests.adapters.github.canned import Answer, Asked, Canned
from tests.adapters.github.conftest import World, client_of, github_on

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


class Still:
    def now(self) -> datetime:
        return NOW


class Hook:
    """GitHub's list of delivery attempts, newest first, in pages behind a cursor."""

    def __init__(self) -> None:
        self.attempts: list[dict[str, object]] = []
        self.asked_again: list[int] = []
        self.fail_after: int | None = None

    def add(self, guid: str, status: int, *, ago: timedelta = timedelta(), redelivery: bool = False) -> int:
        number = len(self.attempts) + 1
        at = (NOW - ago).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.attempts.append(
            {"id": number, "guid": guid, "delivered_at": at, "status_code": status, "redelivery": redelivery}
        )
        return number

    def __call__(self, asked: Asked) -> Answer | None:
        if asked.method == "POST":
            if self.fail_after is not None and len(self.asked_again) >= self.fail_after:
                return Answer(403, {"message": "secondary rate limit"}, {"Retry-After": "30"})
            self.asked_again.append(int(asked.path.split("/")[-2]))
            return Answer(202, {})
        newest = sorted(self.attempts, key=lambda one: (str(one["delivered_at"]), one["id"]), reverse=True)
        start = int(asked.query.get("cursor", "v1_0").removeprefix("v1_"))
        per_page = int(asked.query["per_page"])
        link = f'<https://elsewhere.example/deliveries?per_page={per_page}&cursor=v1_{start + per_page}>; rel="next"'
        more = start + per_page < len(newest)
        return Answer(data=newest[start : start + per_page], headers={"Link": link} if more else {})

    def guids_asked_again(self) -> Counter[str]:
        by_id = {one["id"]: str(one["guid"]) for one in self.attempts}
        return Counter(by_id[number] for number in self.asked_again)


def mixed(hook: Hook) -> set[str]:
    """250 attempts of 200 deliveries over two days; the GUIDs that never arrived."""
    lost = set()
    for number in range(200):
        guid, ago = f"g-{number:03}", timedelta(minutes=10 * number)
        if number % 4 == 0:
            hook.add(guid, 502, ago=ago)
            hook.add(guid, 202 if number % 8 else 504, ago=ago - timedelta(minutes=1), redelivery=True)
            if number % 8 == 0:
                lost.add(guid)
        elif number % 10 == 1:
            hook.add(guid, 0, ago=ago)
            lost.add(guid)
        else:
            hook.add(guid, 202, ago=ago)
    return lost


def test_exactly_the_lost_ones_are_asked_for_once_over_three_pages() -> None:
    hook = Hook()
    lost = mixed(hook)
    assert len(hook.attempts) == 250
    with Canned(hook) as server, github_on(server, Still()) as github:
        done = github.redeliver_lost(None)
        assert hook.guids_asked_again() == Counter(lost)
        assert set(done.redelivered) == lost
        assert (done.looked_at, done.seen_until) == (250, NOW)
        assert len(server.of("GET")) == 3
        assert all("elsewhere" not in asked.path for asked in server.asked)


def test_the_newest_attempt_is_the_one_asked_for_again() -> None:
    hook = Hook()
    hook.add("g", 502, ago=timedelta(hours=2))
    newest = hook.add("g", 503, ago=timedelta(hours=1), redelivery=True)
    with Canned(hook) as server, github_on(server, Still()) as github:
        github.redeliver_lost(None)
        assert hook.asked_again == [newest]


def test_what_we_refused_twice_is_not_asked_for_again() -> None:
    hook = Hook()
    hook.add("refused", 401, ago=timedelta(hours=2))
    hook.add("refused", 401, ago=timedelta(hours=1), redelivery=True)
    hook.add("refused once", 401, ago=timedelta(hours=1))
    hook.add("down", 503, ago=timedelta(hours=1), redelivery=True)
    with Canned(hook) as server, github_on(server, Still()) as github:
        done = github.redeliver_lost(None)
        assert done.refused == ("refused",)
        assert set(done.redelivered) == {"refused once", "down"}


def test_only_what_is_young_enough_is_looked_at() -> None:
    hook = Hook()
    hook.add("old", 502, ago=WINDOW_ENTERPRISE + timedelta(minutes=1))
    hook.add("young", 502, ago=WINDOW_ENTERPRISE - timedelta(minutes=1))
    with Canned(hook) as server, github_on(server, Still()) as github:
        assert github.redeliver_lost(None).redelivered == ("young",)
    assert timedelta(days=3) == WINDOW


def test_the_watermark_shortens_the_look_but_overlaps() -> None:
    hook = Hook()
    for number in range(250):
        hook.add(f"ok-{number}", 202, ago=timedelta(hours=2, minutes=number))
    hook.add("before", 502, ago=timedelta(hours=1) + OVERLAP + timedelta(minutes=1))
    hook.add("within the overlap", 502, ago=timedelta(hours=1) + OVERLAP - timedelta(minutes=1))
    with Canned(hook) as server, github_on(server, Still()) as github:
        done = github.redeliver_lost(NOW - timedelta(hours=1))
        assert done.redelivered == ("within the overlap",)
        assert len(server.of("GET")) == 1, "older pages are not read"


def test_a_pass_that_is_cut_off_is_done_again_and_completes() -> None:
    hook = Hook()
    lost = mixed(hook)
    hook.fail_after = 7
    with Canned(hook) as server, github_on(server, Still()) as github:
        with pytest.raises(RateLimited):
            github.redeliver_lost(None)
        assert len(hook.asked_again) == 7
        for number in hook.asked_again:
            arrived = next(str(one["guid"]) for one in hook.attempts if one["id"] == number)
            hook.add(arrived, 202, redelivery=True)
        hook.fail_after = None
        github.redeliver_lost(None)
        assert hook.guids_asked_again() == Counter(lost)


def test_a_delivery_that_github_forgot_is_left_out() -> None:
    hook = Hook()
    hook.add("gone", 502)

    def answer(asked: Asked) -> Answer | None:
        return Answer(404, {"message": "Not Found"}) if asked.method == "POST" else hook(asked)

    with Canned(answer) as server, github_on(server, Still()) as github:
        assert github.redeliver_lost(None).redelivered == ()


@pytest.fixture
def door(tmp_path_factory: pytest.TempPathFactory, shared: World) -> Iterator[tuple[str, SqlStore]]:
    """Our own web application for the hub's App; its address and its store."""
    url = f"sqlite:///{tmp_path_factory.mktemp('door')}/bot.db"
    migrate(url)
    store = SqlStore(url)
    settings = Door(shared.app.id, [Secret(shared.app.webhook_secret)])

    class Silent(WSGIRequestHandler):
        def log(self, type: str, message: str, *args: object) -> None:
            """The test reads the store."""

    app = create_app(store, settings, clock=SystemClock(), metrics=WebMetrics())
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/webhooks/github", store
    server.shutdown()
    thread.join()
    server.server_close()
    store.close()


def test_another_apps_delivery_signed_with_our_secret_is_turned_away(shared: World, door: tuple[str, SqlStore]) -> None:
    """Signed validly, meant for somebody else: the target in the headers tells."""
    address, store = door
    hub = shared.hub
    app = hub.register_app(
        "catcher", "Catcher", {"issues": "read"}, ["issue_comment"], secret=shared.app.webhook_secret
    )
    hub.install(app, "ada", [shared.repository])
    hub.set_webhook(app, address)
    assert hub.deliveries_idle(20)
    refused = hub.store.deliveries.where(lambda one: one.app_id == app.id)
    assert [one.status_code for one in refused] == [403]
    assert store.pending_deliveries(9) == ()


def test_a_dropped_delivery_arrives_by_the_catch_up_and_is_stored_once(
    shared: World, door: tuple[str, SqlStore]
) -> None:
    address, store = door
    hub = shared.hub
    hub.faults.add(Fault("drop", event="ping"))
    hub.set_webhook(shared.app, address)
    assert hub.deliveries_idle(20)
    assert store.pending_deliveries(9) == ()
    github = client_of(hub, shared.app)
    assert len(github.redeliver_lost(None).redelivered) >= 1
    assert hub.deliveries_idle(20)
    arrived = store.pending_deliveries(9)
    assert "ping" in {one.event for one in arrived}
    assert all(json.loads(one.body) for one in arrived)
    assert github.redeliver_lost(None).redelivered == ()
    assert len(store.pending_deliveries(9)) == len(arrived)
    hub.set_webhook(shared.app, None)
    github.close()


def test_a_catch_up_while_github_is_down_is_transient(shared: World) -> None:
    shared.hub.faults.add(Fault("error_before", "GET", "/app/hook/deliveries", times=None))
    with pytest.raises(Transient):
        shared.github.redeliver_lost(None)
    shared.hub.faults.clear()
