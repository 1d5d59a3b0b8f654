"""Webhook requests as GitHub makes them."""

import hashlib
import hmac
import json
import uuid

APP_ID = 12345
SECRET = "It's a Secret to Everybody"


def signed(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def headers(body: bytes, *, guid: str = "", event: str = "push", secret: str = SECRET, **other: str) -> dict[str, str]:
    """All that GitHub sends; `other` overrides by header name with underscores, an empty value leaves one out."""
    made = {
        "Content-Type": "application/json",
        "User-Agent": "GitHub-Hookshot/044aadd",
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": guid or str(uuid.uuid4()),
        "X-GitHub-Hook-ID": "1",
        "X-GitHub-Hook-Installation-Target-Type": "integration",
        "X-GitHub-Hook-Installation-Target-ID": str(APP_ID),
        "X-Hub-Signature-256": signed(body, secret),
    }
    for name, value in other.items():
        made[name.replace("_", "-")] = value
    return {name: value for name, value in made.items() if value}


def payload(**fields: object) -> bytes:
    return json.dumps({"action": "opened", **fields}).encode()
