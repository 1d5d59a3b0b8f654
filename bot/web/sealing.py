"""What a browser keeps for us and cannot read or change: encrypted and authenticated, for one use, until a moment."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.core.ports import Clock
from bot.core.pulls import Secret

KEY_BYTES = 32
"""What Fernet wants: half for AES-128, half for HMAC-SHA256."""

CONTEXT = b"specbot cookies, version 1"
"""Binds the derived key to this use, so that the same secret may serve for something else; another version ends all sessions."""


class Seal:
    """Seals small values under a key that is derived from a secret (HKDF, RFC 5869). A new secret makes every old value worthless."""

    def __init__(self, secret: Secret, clock: Clock) -> None:
        key = HKDF(SHA256(), KEY_BYTES, salt=None, info=CONTEXT).derive(secret.reveal().encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(key))
        self._clock = clock

    def close(self, purpose: str, values: Mapping[str, str | int], until: datetime) -> str:
        """A text that `open` reads back before `until` and for the same `purpose`."""
        body = {"purpose": purpose, "until": until.astimezone(UTC).isoformat(), "values": dict(values)}
        return self._fernet.encrypt(json.dumps(body).encode()).decode("ascii")

    def open(self, purpose: str, text: str) -> Mapping[str, str | int] | None:
        """The values; None for a text that is not ours, was made for another purpose, or whose time is over."""
        try:
            body = json.loads(self._fernet.decrypt(text.encode("ascii")))
        except (InvalidToken, UnicodeEncodeError):
            return None
        if body["purpose"] != purpose or datetime.fromisoformat(body["until"]) <= self._clock.now():
            return None
        values: Mapping[str, str | int] = body["values"]
        return values
