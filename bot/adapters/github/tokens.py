"""Installation tokens: each for one repository and one purpose, minted once, kept until shortly before they expire.

Minted by a raw request, because PyGithub can narrow permissions but never repositories, and mints several at once from several
threads (notes, PyGithub traps). A token may have any length: the newer ones have about 520 characters.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any

from bot.adapters.github.answers import Body, Reply
from bot.adapters.github.app_key import AppKey
from bot.adapters.github.limits import fault_of
from bot.adapters.github.transport import Broken, Transport
from bot.core.ports import Clock
from bot.core.pulls import RepoRef, Secret, Token
from bot.errors import Refused, Transient
from bot.ids import InstallationId, RepoId

REFRESH_BEFORE = timedelta(minutes=5)
"""A token lives an hour; it is replaced this long before, so that none expires under a request or a git push."""


class Purpose(Enum):
    """What a token is for; its value is all that it may do. GitHub adds `metadata: read` to every token. RESOLVE: GitHub refuses to resolve a
    thread to an App that may not write contents, as many have reported; its documentation names no permission for it."""

    READ = (("checks", "read"), ("contents", "read"), ("issues", "read"), ("pull_requests", "read"))
    CHECK = (("checks", "write"),)
    TALK = (("issues", "write"), ("pull_requests", "write"))
    OPEN = (("contents", "read"), ("pull_requests", "write"))
    FETCH = (("contents", "read"),)
    PUSH = (("contents", "write"),)
    STATUSES = (("statuses", "read"),)
    LOGS = (("actions", "read"),)
    RESOLVE = (("contents", "write"), ("pull_requests", "write"))
    LOOK_AROUND = (("metadata", "read"),)

    @property
    def permissions(self) -> Mapping[str, str]:
        return {"metadata": "read", **dict(self.value)}


@dataclass(frozen=True, slots=True)
class TokenKey:
    """Whose token. `repo` is None only for looks at public facts that belong to no repository."""

    installation: InstallationId
    repo: RepoId | None
    purpose: Purpose


class InstallationTokens:
    """The cache, one lock for each key: many threads that need one token mint it once, and others do not wait."""

    def __init__(self, transport: Transport, key: AppKey, clock: Clock) -> None:
        self._transport = transport
        self._key = key
        self._clock = clock
        self._lock = threading.Lock()
        self._locks: dict[TokenKey, threading.Lock] = {}
        self._tokens: dict[TokenKey, Token] = {}

    def git_token(self, repo: RepoRef, *, write: bool) -> Token:
        """The `Tokens` port: for git, this repository's contents and nothing else."""
        return self.token(TokenKey(repo.installation_id, repo.repo_id, Purpose.PUSH if write else Purpose.FETCH))

    def token(self, key: TokenKey) -> Token:
        """A token that lives for some minutes yet. Raises `RateLimited`, `Transient`, `NotThere`, `Refused`."""
        with self._lock_of(key):
            found = self._tokens.get(key)
            if found is None or found.expires_at - self._clock.now() < REFRESH_BEFORE:
                found = self._tokens[key] = self._mint(key)
            return found

    def renew(self, key: TokenKey, stale: Token) -> Token:
        """A new token in place of one that GitHub did not accept; the one another thread already put there, if so."""
        with self._lock_of(key):
            if self._tokens.get(key) == stale:
                del self._tokens[key]
        return self.token(key)

    def _lock_of(self, key: TokenKey) -> threading.Lock:
        with self._lock:
            return self._locks.setdefault(key, threading.Lock())

    def _mint(self, key: TokenKey) -> Token:
        wish: dict[str, Any] = {"permissions": dict(key.purpose.permissions)}
        if key.repo is not None:
            wish["repository_ids"] = [key.repo]
        reply = self._ask(key.installation, wish)
        body = Body(reply.data)
        return Token(Secret(body.text("token")), body.time("expires_at"))

    def _ask(self, installation: InstallationId, wish: dict[str, Any]) -> Reply:
        """Minting twice does no harm: an unused token expires by itself. So a broken answer is simply asked again, once."""
        path = f"/app/installations/{installation}/access_tokens"
        what = f"a token of installation {installation}"
        for last in (False, True):
            try:
                reply = self._transport.send("POST", path, authorization=self._key.authorization(), body=wish)
            except Broken as broken:
                if last:
                    raise Transient(f"GitHub does not answer ({what}: {broken})", hint="tried again later") from None
                continue
            if reply.ok:
                return reply
            if reply.status < 500 or last:
                break
        if reply.status == 422:
            raise Refused(
                f"GitHub refused {what}: {reply.message}",
                hint="did the owner accept the App's permissions, and does the installation cover the repository?",
            )
        raise fault_of(reply, what, now=self._clock.now())
