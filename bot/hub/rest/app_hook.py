"""`/app/hook`: the App's webhook and its deliveries."""

import json
from dataclasses import replace
from urllib.parse import urlencode

from bot.hub.events import ping
from bot.hub.fields import Json
from bot.hub.refusal import not_found, unprocessable
from bot.hub.render.view import maybe_stamp
from bot.hub.rest.call import Answer, Call, Route
from bot.hub.state.apps import App
from bot.hub.state.deliveries import Delivery


def config(call: Call) -> Answer:
    """Where and how deliveries go; the secret is starred out."""
    return Answer(200, _config(call.app()))


def _config(app: App) -> Json:
    secret = "********" if app.webhook_secret else ""
    return {"content_type": app.content_type, "insecure_ssl": "0", "secret": secret, "url": app.webhook_url or ""}


def set_config(call: Call) -> Answer:
    """Change address, content type or secret."""
    app, fields = call.app(), call.fields("Hook")
    kind = fields.one_of("content_type", ("json", "form"), app.content_type) or app.content_type
    changed = replace(
        app,
        content_type=kind,
        webhook_url=fields.optional_text("url") or app.webhook_url,
        webhook_secret=fields.optional_text("secret") or app.webhook_secret,
    )
    call.world.store.apps.put(changed)
    if changed.webhook_url != app.webhook_url:
        ping.announce(call.world, changed)
    return Answer(200, _config(changed))


def deliveries(call: Call) -> Answer:
    """Deliveries, newest first, with a cursor to the older ones."""
    app, (_, size) = call.app(), call.page()
    wanted = {"success": True, "failure": False}.get(call.query.get("status", ""))
    cursor = call.query.get("cursor", "").removeprefix("v1_")
    if cursor and not cursor.isdigit():
        raise unprocessable("Invalid cursor")
    rows = [
        row
        for row in sorted(call.world.store.deliveries, key=lambda row: -row.id)
        if row.app_id == app.id
        and (wanted is None or row.succeeded == wanted)
        and (not cursor or row.id <= int(cursor))
    ]
    headers = {}
    if len(rows) > size:
        query = urlencode({**call.query, "cursor": f"v1_{rows[size].id}"})
        headers["Link"] = f'<{call.view.html}{call.path}?{query}>; rel="next"'
    return Answer(200, [_item(row) for row in rows[:size]], headers)


def delivery(call: Call) -> Answer:
    """One delivery with its full request and response."""
    row = _own_delivery(call)
    body = _item(row) | {
        "url": call.world.store.apps[row.app_id].webhook_url or "",
        "request": {"headers": dict(row.request_headers), "payload": json.loads(row.payload)},
        "response": {"headers": dict(row.response_headers), "payload": row.response_body},
    }
    return Answer(200, body)


def redeliver(call: Call) -> Answer:
    """Send a delivery again, under its old GUID."""
    call.webhooks.redeliver(_own_delivery(call))
    return Answer(202, {})


def _own_delivery(call: Call) -> Delivery:
    row = call.world.store.deliveries.get(call.number("delivery_id"))
    if row is None or row.app_id != call.app().id:
        raise not_found()
    return row


def _item(row: Delivery) -> Json:
    return {
        "id": row.id,
        "guid": row.guid,
        "delivered_at": maybe_stamp(row.delivered_at),
        "redelivery": row.redelivery,
        "duration": row.duration,
        "status": row.status,
        "status_code": row.status_code,
        "event": row.event,
        "action": row.action,
        "installation_id": row.installation_id,
        "repository_id": row.repository_id,
        "throttled_at": None,
    }


ROUTES = (
    Route("GET", "/app/hook/config", config),
    Route("PATCH", "/app/hook/config", set_config),
    Route("GET", "/app/hook/deliveries", deliveries),
    Route("GET", "/app/hook/deliveries/<delivery_id>", delivery),
    Route("POST", "/app/hook/deliveries/<delivery_id>/attempts", redeliver),
)
