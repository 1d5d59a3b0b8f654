"""Is this request from GitHub? HMAC-SHA256 over the raw bytes, against any of several secrets."""

import hashlib
import hmac
import re
from collections.abc import Sequence

from bot.core.pulls import Secret

_FORM = re.compile(r"sha256=[0-9a-f]{64}")


def matching_secret(body: bytes, header: str, secrets: Sequence[Secret]) -> int | None:
    """The position (from 1) of the secret that signed these bytes; None for none of them or a header of another form.

    Every secret is tried and each comparison takes constant time, so that the answer's time tells nothing. GitHub holds one
    secret; we accept several while one replaces the other (GitHub docs, validating webhook deliveries).
    """
    if not _FORM.fullmatch(header):
        return None
    found = None
    for position, secret in enumerate(secrets, start=1):
        expected = "sha256=" + hmac.new(secret.reveal().encode(), body, hashlib.sha256).hexdigest()
        if hmac.compare_digest(expected, header) and found is None:
            found = position
    return found
