"""The door: what is stored, what is turned away, and with which status."""

import gzip
import json
import socket
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bot.adapters.clock import SystemClock
from bot.adapters.store import SqlStore
from bot.adapters.store.database import BUSY_SECONDS
from bot.web.metrics import WebMetrics
from bot.web.server import create_app
from bot.web.webhook import MAX_BODY
from tests.official.examples import webhook_examples
from tests.web.conftest import DOOR
from tests.web.requests import headers, payload, signed

HOOK = "/webhooks/github"


def test_a_delivery_is_stored_as_it_was_signed(client: FlaskClient, store: SqlStore) -> None:
    body = b'{ "action" : "opened",  "spaces": "kept \\u00e9" }'
    answer = client.post(HOOK, data=body, headers=headers(body, guid="g-1", event="pull_request"))
    assert answer.status_code == 202
    [found] = store.pending_deliveries(9)
    assert (found.delivery_id, found.event, found.body) == ("g-1", "pull_request", body)


def test_a_doubled_delivery_is_acknowledged_and_kept_once(client: FlaskClient, store: SqlStore) -> None:
    body = payload()
    for _ in range(2):
        assert client.post(HOOK, data=body, headers=headers(body, guid="g-1")).status_code == 202
    assert len(store.pending_deliveries(9)) == 1


def test_events_nobody_knows_yet_are_stored(client: FlaskClient, store: SqlStore) -> None:
    for event in ("ping", "something_new_2027"):
        body = payload()
        assert client.post(HOOK, data=body, headers=headers(body, event=event)).status_code == 202
    assert len(store.pending_deliveries(9)) == 2


TARGET_ID = "X_GitHub_Hook_Installation_Target_ID"
TARGET_TYPE = "X_GitHub_Hook_Installation_Target_Type"


@pytest.mark.parametrize(
    ("status", "changes"),
    [
        (415, {"Content_Type": "application/x-www-form-urlencoded"}),
        (415, {"Content_Type": ""}),
        (415, {"Content_Type": "text/json"}),
        (202, {"Content_Type": "application/json; charset=utf-8"}),
        (400, {"X_GitHub_Event": ""}),
        (400, {"X_GitHub_Event": "push\x7f"}),
        (400, {"X_GitHub_Delivery": ""}),
        (400, {"X_GitHub_Delivery": "../../etc"}),
        (400, {"X_GitHub_Delivery": "a" * 65}),
        (400, {"X_Hub_Signature_256": ""}),
        (401, {"X_Hub_Signature_256": "sha256=" + "0" * 64}),
        (401, {"X_Hub_Signature_256": "sha1=" + "0" * 40}),
        (401, {"secret": "another"}),
        (400, {TARGET_ID: ""}),
        (400, {TARGET_TYPE: ""}),
        (403, {TARGET_ID: "99"}),
        (403, {TARGET_ID: "012345"}),
        (403, {TARGET_TYPE: "repository"}),
    ],
    ids=lambda value: "" if isinstance(value, int) else " ".join(f"{k}={v[:12]!r}" for k, v in value.items()),
)
def test_the_right_status_and_no_row(
    client: FlaskClient, store: SqlStore, status: int, changes: dict[str, str]
) -> None:
    body = payload()
    assert client.post(HOOK, data=body, headers=headers(body, **changes)).status_code == status
    assert len(store.pending_deliveries(9)) == (1 if status == 202 else 0)


@pytest.mark.parametrize(
    "body",
    [
        b" ",
        b"{",
        b"[]",
        b'"text"',
        b"null",
        b"\xff\xfe",
        b'{"a": ' + b"[" * 200_000,
        b'{"a": ' + b"9" * 10_000 + b"}",
        gzip.compress(b"{}"),
    ],
    ids=["empty", "cut", "list", "text", "null", "no utf-8", "deep", "long number", "gzip"],
)
def test_a_signed_body_that_is_no_object_is_refused(client: FlaskClient, store: SqlStore, body: bytes) -> None:
    assert client.post(HOOK, data=body, headers=headers(body)).status_code == 400
    assert store.pending_deliveries(9) == ()


def test_the_signature_covers_the_bytes_not_the_meaning(client: FlaskClient) -> None:
    body = payload(number=1)
    again = json.dumps(json.loads(body), indent=1).encode()
    answer = client.post(HOOK, data=again, headers=headers(body))
    assert answer.status_code == 401


def test_the_old_secret_still_counts_and_is_seen_in_the_metrics(client: FlaskClient, metrics: WebMetrics) -> None:
    body = payload()
    assert client.post(HOOK, data=body, headers=headers(body)).status_code == 202
    assert client.post(HOOK, data=body, headers=headers(body, secret="the old one")).status_code == 202
    assert client.post(HOOK, data=body, headers=headers(body, secret="older still")).status_code == 401
    value = metrics.registry.get_sample_value
    assert value("specbot_webhook_secret_matches_total", {"position": "1"}) == 1
    assert value("specbot_webhook_secret_matches_total", {"position": "2"}) == 1
    assert value("specbot_deliveries_total", {"outcome": "stored"}) == 2
    assert value("specbot_deliveries_total", {"outcome": "unsigned"}) == 1


def test_only_post_is_answered(client: FlaskClient) -> None:
    answer = client.get(HOOK)
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_the_largest_payload_fits_and_one_byte_more_does_not(client: FlaskClient, store: SqlStore) -> None:
    body = b'{"a": "' + b"x" * (MAX_BODY - 9) + b'"}'
    assert len(body) == MAX_BODY
    assert client.post(HOOK, data=body, headers=headers(body)).status_code == 202
    assert client.post(HOOK, data=body + b" ", headers=headers(body + b" ")).status_code == 413
    assert len(store.pending_deliveries(9)) == 1


def test_too_large_is_refused_before_it_is_sent(served: str) -> None:
    """The answer comes although not one byte of the body was sent."""
    host, port = served.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        head = f"POST {HOOK} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {MAX_BODY + 1}\r\n\r\n"
        connection.sendall(head.encode())
        assert connection.recv(64).split()[1] == b"413"


def test_a_body_without_length_is_refused(served: str) -> None:
    host, port = served.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        head = (
            f"POST {HOOK} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        connection.sendall(head.encode())
        assert connection.recv(64).split()[1] == b"411"


def test_a_body_that_ends_early_is_not_stored(served: str, store: SqlStore) -> None:
    body = payload(text="x" * 1000)
    host, port = served.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        lines = [f"{name}: {value}" for name, value in {**headers(body), "Content-Length": str(len(body))}.items()]
        connection.sendall("\r\n".join([f"POST {HOOK} HTTP/1.1", "Host: x", *lines, "", ""]).encode() + body[:500])
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(64).split()[1] == b"400"
    assert store.pending_deliveries(9) == ()


def test_sixteen_copies_at_once_over_http_make_one_row(served: str, store: SqlStore) -> None:
    body = payload()
    sent = headers(body, guid="same")

    def post(_: int) -> int:
        connection = HTTPConnection(served.removeprefix("http://"), timeout=30)
        connection.request("POST", HOOK, body, sent)
        status = connection.getresponse().status
        connection.close()
        return status

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(post, range(16))) == [202] * 16
    assert len(store.pending_deliveries(99)) == 1


def test_while_the_database_is_down_github_is_told_so(client: FlaskClient, store: SqlStore, tmp_path: Path) -> None:
    body = payload()
    assert client.post(HOOK, data=body, headers=headers(body)).status_code == 202
    (tmp_path / "state").rename(tmp_path / "gone")
    answer = client.post(HOOK, data=body, headers=headers(body))
    assert answer.status_code == 503
    assert b"asked for again" in answer.data
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
    (tmp_path / "gone").rename(tmp_path / "state")
    assert client.post(HOOK, data=body, headers=headers(body)).status_code == 202
    assert client.get("/readyz").status_code == 200
    assert len(store.pending_deliveries(9)) == 2


def test_a_locked_database_is_503_within_githubs_patience(url: str, store: SqlStore) -> None:
    """Half of GitHub's ten seconds are waited in production; here a tenth of one."""
    hasty = SqlStore(url, busy_seconds=0.1)
    client = create_app(hasty, DOOR, clock=SystemClock(), metrics=WebMetrics()).test_client()
    body = payload()
    with store._database.writing():
        assert client.post(HOOK, data=body, headers=headers(body)).status_code == 503
    assert client.post(HOOK, data=body, headers=headers(body)).status_code == 202
    hasty.close()
    assert BUSY_SECONDS < 10


def test_every_official_example_payload_is_accepted(client: FlaskClient, store: SqlStore) -> None:
    examples = webhook_examples()
    for event, example in examples:
        body = json.dumps(example).encode()
        answer = client.post(HOOK, data=body, headers=headers(body, event=event))
        assert answer.status_code == 202, event
    assert len(examples) == 329
    assert len(store.pending_deliveries(1000)) == 329


def test_a_body_signed_with_the_wrong_prefix_is_unsigned(client: FlaskClient) -> None:
    body = payload()
    assert client.post(HOOK, data=body, headers=headers(body, X_Hub_Signature_256=signed(body)[7:])).status_code == 401
