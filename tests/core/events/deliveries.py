"""Payloads as small as they may be, for the tests of the events room."""

import json
from datetime import UTC, datetime
from typing import Any

from bot.core.events.model import Delivery
from bot.core.pulls import AppIdentity, Person
from bot.ids import DeliveryId, UserId

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SHA = "0123456789abcdef0123456789abcdef01234567"
US = AppIdentity(7, "specbot", Person(UserId(700), "specbot[bot]", is_bot=True))
ANN = {"id": 11, "login": "ann", "type": "User"}
ROBOT = {"id": 12, "login": "other[bot]", "type": "Bot"}
OURSELVES = {"id": 700, "login": "specbot[bot]", "type": "Bot"}

WHERE: dict[str, Any] = {
    "installation": {"id": 5},
    "repository": {"id": 6, "name": "text", "owner": {"login": "ann"}},
}


def delivery(event: str, payload: object, guid: str = "guid-1") -> Delivery:
    return Delivery(DeliveryId(guid), event, json.dumps(payload).encode(), NOW)


def pull_request(action: str = "opened", sender: dict[str, Any] = ANN, **more: Any) -> dict[str, Any]:
    return {**WHERE, "action": action, "pull_request": {"number": 3, "head": {"sha": SHA}}, "sender": sender, **more}


def comment(body: str, author: dict[str, Any] = ANN, **more: Any) -> dict[str, Any]:
    return {
        **WHERE,
        "action": "created",
        "issue": {"number": 3, "pull_request": {"url": "https://example.org"}},
        "comment": {"id": 99, "body": body, "user": author, "created_at": "2026-11-22T08:59:00Z"},
        "sender": author,
        **more,
    }


def check_run(
    action: str, identifier: str | None = None, app_id: int = 7, sender: dict[str, Any] = ANN
) -> dict[str, Any]:
    payload = {
        **WHERE,
        "action": action,
        "check_run": {"id": 44, "head_sha": SHA, "external_id": "run-6-3-abc-1", "app": {"id": app_id}},
        "sender": sender,
    }
    return payload if identifier is None else {**payload, "requested_action": {"identifier": identifier}}


def check_suite(action: str, app_id: int = 7, sender: dict[str, Any] = ANN) -> dict[str, Any]:
    suite = {"id": 45, "head_sha": SHA, "app": {"id": app_id}}
    return {**WHERE, "action": action, "check_suite": suite, "sender": sender}
