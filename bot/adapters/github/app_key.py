"""The App's own identity towards GitHub: a short-lived signed statement."""

import threading
from datetime import datetime, timedelta

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from bot.core.ports import Clock
from bot.core.pulls import Secret
from bot.errors import ConfigFault

ISSUED_BEFORE = timedelta(seconds=300)
"""How far `iat` lies back, and nearly how far `exp` lies ahead: GitHub accepts at most ten minutes, and a clock that is up to five
minutes wrong in either direction still works (threats test 34)."""

VALID_FOR = timedelta(seconds=295)

KEEP_FOR = timedelta(seconds=60)
"""How long one is used: long enough for a burst, short enough to keep the tolerance for wrong clocks."""


class AppKey:
    """Signs for the App. The key is parsed once (it takes ~40 ms), a signature is kept for a minute."""

    def __init__(self, app_id: int, private_key: Secret, clock: Clock) -> None:
        self.app_id = app_id
        self._clock = clock
        self._key = _load(private_key)
        self._lock = threading.Lock()
        self._made: tuple[datetime, str] | None = None

    def authorization(self) -> str:
        """The value of the Authorization header for requests as the App itself."""
        with self._lock:
            now = self._clock.now()
            if self._made is None or not timedelta(0) <= now - self._made[0] < KEEP_FOR:
                claims = {"iat": now - ISSUED_BEFORE, "exp": now + VALID_FOR, "iss": str(self.app_id)}
                self._made = (now, jwt.encode(claims, self._key, algorithm="RS256"))
            return f"Bearer {self._made[1]}"


def _load(private_key: Secret) -> RSAPrivateKey:
    try:
        key = load_pem_private_key(private_key.reveal().encode(), password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, RSAPrivateKey):
        raise ConfigFault(
            "PRIVATE_KEY is no RSA private key", hint="generate one in the App's settings and use the whole file"
        )
    return key
