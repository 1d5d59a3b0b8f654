"""Webhooks: signed, in order, recorded, never retried by themselves; and what can go wrong on the way."""

import hashlib
import hmac
import json
import uuid
from typing import Any

from bot.hub import Fault, Hub
from tests.hub.site import Receiver, make_site


def names(receiver: Receiver) -> list[tuple[str, str | None]]:
    return [(arrival.event, json.loads(arrival.body).get("action")) for arrival in receiver.arrivals]


def test_headers_and_signature(hub: Hub, receiver: Receiver) -> None:
    site = make_site(hub, receiver.url)
    assert hub.deliveries_idle(10)
    for arrival in receiver.arrivals:
        headers, secret = arrival.headers, site.app.webhook_secret.encode()
        assert headers["X-Hub-Signature-256"] == "sha256=" + hmac.new(secret, arrival.body, hashlib.sha256).hexdigest()
        assert headers["X-Hub-Signature"] == "sha1=" + hmac.new(secret, arrival.body, hashlib.sha1).hexdigest()
        assert headers["User-Agent"].startswith("GitHub-Hookshot/")
        assert headers["Content-Type"] == "application/json"
        assert headers["X-GitHub-Hook-Installation-Target-Type"] == "integration"
        assert headers["X-GitHub-Hook-Installation-Target-ID"] == str(site.app.id)
        assert headers["X-GitHub-Hook-ID"] == str(site.app.hook_id)
        assert str(uuid.UUID(arrival.guid)) == arrival.guid
    assert len({arrival.guid for arrival in receiver.arrivals}) == len(receiver.arrivals)


def test_order_is_that_of_what_happened(hub: Hub, receiver: Receiver) -> None:
    site = make_site(hub, receiver.url)
    for number in range(5):
        hub.comment(site.repo, 1, "rea", f"comment {number}")
    assert hub.deliveries_idle(10)
    assert names(receiver) == [
        ("ping", None),
        ("installation", "created"),
        ("push", None),
        ("check_suite", "requested"),
        ("pull_request", "opened"),
        *[("issue_comment", "created")] * 5,
    ]
    bodies = [json.loads(arrival.body)["comment"]["body"] for arrival in receiver.arrivals[5:]]
    assert bodies == [f"comment {number}" for number in range(5)]


def test_payload_is_as_things_were_when_it_happened(hub: Hub, receiver: Receiver) -> None:
    site = make_site(hub, receiver.url)
    first = hub.comment(site.repo, 1, "rea", "first")
    hub.edit_comment(first.id, "rea", "second")
    hub.delete_comment(first.id, "rea")
    assert hub.deliveries_idle(10)
    last: list[Any] = [json.loads(arrival.body) for arrival in receiver.arrivals[-3:]]
    assert [(one["action"], one["comment"]["body"]) for one in last] == [
        ("created", "first"),
        ("edited", "second"),
        ("deleted", "second"),
    ]
    assert last[1]["changes"] == {"body": {"from": "first"}}
    assert {one["installation"]["id"] for one in last} == {site.installation_id}
    assert last[0]["repository"]["clone_url"] == site.repo.clone_url


def test_the_bots_own_writes_come_back_to_it(hub: Hub, receiver: Receiver) -> None:
    site = make_site(hub, receiver.url)
    site.bot().ok("POST", f"{site.path}/issues/1/comments", {"body": "mine"})
    arrivals = receiver.wait_for(lambda all: all[-1].event == "issue_comment")
    body = json.loads(arrivals[-1].body)
    assert (body["sender"]["login"], body["sender"]["type"]) == ("specbot[bot]", "Bot")
    assert body["comment"]["performed_via_github_app"]["id"] == site.app.id


def test_only_what_was_subscribed_and_permitted(hub: Hub, receiver: Receiver) -> None:
    repo = hub.create_repository("ada/text", files={"a": "a\n"})
    quiet = hub.register_app("quiet", "Quiet", {"contents": "read"}, ["issues"], receiver.url)
    elsewhere = hub.create_repository("ada/elsewhere", files={"a": "a\n"})
    installation = hub.install(quiet, "ada", [repo])
    hub.commit(repo, "main", {"b": "b\n"}, "b", "ada")
    hub.open_issue(elsewhere, "not covered", "ada")
    hub.suspend(installation)
    hub.open_issue(repo, "while suspended", "ada")
    hub.suspend(installation, False)
    hub.open_issue(repo, "heard", "ada")
    assert hub.deliveries_idle(10)
    assert names(receiver) == [
        ("ping", None),
        ("installation", "created"),
        ("installation", "suspend"),
        ("installation", "unsuspend"),
        ("issues", "opened"),
    ]


def test_failures_are_recorded_and_redelivered_under_the_same_guid(hub: Hub, receiver: Receiver) -> None:
    site = make_site(hub, receiver.url)
    assert hub.deliveries_idle(10)
    receiver.status = 500
    hub.comment(site.repo, 1, "rea", "lost")
    assert hub.deliveries_idle(10)
    receiver.status = 202
    app = site.as_app()
    failed = app("GET", "/app/hook/deliveries?status=failure").json()
    assert [(one["event"], one["status_code"], one["redelivery"]) for one in failed] == [("issue_comment", 500, False)]
    full = app("GET", f"/app/hook/deliveries/{failed[0]['id']}").json()
    assert full["request"]["payload"]["comment"]["body"] == "lost"
    assert full["response"]["payload"] == "ok"
    before = len(receiver.arrivals)
    assert app("POST", f"/app/hook/deliveries/{failed[0]['id']}/attempts").status_code == 202
    assert hub.deliveries_idle(10)
    again = receiver.arrivals[before:]
    assert [arrival.guid for arrival in again] == [failed[0]["guid"]]
    newest = app("GET", "/app/hook/deliveries?per_page=1").json()[0]
    assert (newest["guid"], newest["redelivery"], newest["status_code"]) == (failed[0]["guid"], True, 202)
    assert newest["id"] != failed[0]["id"]


def test_deliveries_are_paged_by_cursor(hub: Hub, receiver: Receiver) -> None:
    site = make_site(hub, receiver.url)
    assert hub.deliveries_idle(10)
    app, seen = site.as_app(), []
    url: str | None = f"{hub.api_url}/app/hook/deliveries?per_page=2"
    while url:
        page = app("GET", url)
        seen += [one["id"] for one in page.json()]
        url = page.links.get("next", {}).get("url")
        assert url is None or "cursor=" in url
    assert seen == sorted((row.id for row in hub.store.deliveries), reverse=True)


def test_nobody_listening_is_a_recorded_failure(hub: Hub, receiver: Receiver) -> None:
    receiver.close()
    site = make_site(hub, receiver.url)
    assert hub.deliveries_idle(10)
    rows = site.as_app()("GET", "/app/hook/deliveries?status=failure").json()
    assert len(rows) == len(hub.store.deliveries) == 5
    assert {row["status"] for row in rows} == {"failed to connect to host"}
    receiver.__post_init__()


def test_form_content_type(hub: Hub, receiver: Receiver) -> None:
    site = make_site(hub)
    body = {"content_type": "form", "url": receiver.url, "secret": "s3cret"}
    shown = site.as_app()("PATCH", "/app/hook/config", body).json()
    assert (shown["content_type"], shown["secret"]) == ("form", "********")
    ping = receiver.wait_for(bool)[0]
    assert ping.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert ping.body.startswith(b"payload=%7B")
    assert ping.headers["X-Hub-Signature-256"] == "sha256=" + hmac.new(b"s3cret", ping.body, hashlib.sha256).hexdigest()


def test_dropped_doubled_reordered_and_delayed(hub: Hub, receiver: Receiver) -> None:
    site = make_site(hub, receiver.url)
    assert hub.deliveries_idle(10)
    receiver.arrivals.clear()
    hub.faults.add(Fault("drop", event="issue_comment"))
    hub.faults.add(Fault("double", event="issue_comment", skip=1))
    hub.faults.add(Fault("reorder", event="issues", action="opened"))
    hub.faults.add(Fault("delay", event="issues", action="closed", seconds=0.3))
    for number in range(3):
        hub.comment(site.repo, 1, "rea", str(number))
    hub.open_issue(site.repo, "late", "rea")
    hub.close(site.repo, 2, "rea")
    hub.comment(site.repo, 2, "rea", "3")
    assert hub.deliveries_idle(10)
    assert names(receiver) == [
        ("issue_comment", "created"),
        ("issue_comment", "created"),
        ("issue_comment", "created"),
        ("issue_comment", "created"),
        ("issues", "opened"),
        ("issues", "closed"),
    ]
    bodies = [json.loads(arrival.body)["comment"]["body"] for arrival in receiver.arrivals[:4]]
    assert bodies == ["1", "2", "2", "3"]
    assert receiver.arrivals[1].guid == receiver.arrivals[2].guid
    assert hub.faults.rules() == ()
    failed = site.as_app()("GET", "/app/hook/deliveries?status=failure").json()
    assert [row["event"] for row in failed] == ["issue_comment"]
