"""People who log in through the App (GitHub docs, generating a user access token for a GitHub App; web application flow).

The token they give is narrowed by GitHub to what both the person and the App may do, so asking for a repository with it answers two
questions at once: does the App reach it, and may this person read it.
"""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests

from bot.adapters.clock import SystemClock
from bot.adapters.github.answers import Body, Reply
from bot.adapters.github.limits import fault_of, limit_seconds
from bot.adapters.github.transport import LOOPBACK, TIMEOUT_SECONDS, USER_AGENT, Broken, Transport
from bot.core.ports import Clock
from bot.core.pulls import Secret
from bot.core.visitors import Visitor
from bot.errors import Refused, Transient
from bot.ids import RepoId, UserId

AUTHORIZE = "/login/oauth/authorize"
TOKEN = "/login/oauth/access_token"  # noqa: S105 - an address
"""Where people and our server go; below GitHub's own address, not the API's."""

WRONG_CODE = "bad_verification_code"
"""What GitHub calls a code that is wrong, used or more than ten minutes old."""


class AppLogin:
    """The `Visitors` port. Safe from any number of threads; asks nothing before its first use."""

    def __init__(
        self, github_url: str, api_url: str, client_id: str, client_secret: Secret, *, clock: Clock | None = None
    ) -> None:
        self._github_url = github_url
        self._transport = Transport(api_url)
        self._client_id = client_id
        self._client_secret = client_secret
        self._clock = clock or SystemClock()
        self._session = requests.Session()
        self._session.trust_env = urlsplit(github_url).hostname not in LOOPBACK
        # Without this, requests looks for credentials in ~/.netrc and adds them.
        self._session.auth = _as_it_is

    def close(self) -> None:
        """Close the idle sockets."""
        self._transport.close()
        self._session.close()

    def authorize_url(self, *, state: str, challenge: str, redirect_uri: str) -> str:
        """Only S256 is accepted as the challenge's method (GitHub changelog, PKCE support)."""
        query = {
            "client_id": self._client_id,
            "redirect_uri": redirect_uri,
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{self._github_url}{AUTHORIZE}?{urlencode(query)}"

    def log_in(self, *, code: str, verifier: str, redirect_uri: str) -> Visitor:
        """The refresh token that comes along is dropped: a session ends with its token."""
        now = self._clock.now()
        answer = self._exchanged(code, verifier, redirect_uri)
        token = Secret(answer.text("access_token"))
        lifetime = _lifetime(answer)
        person = Body(self._read(token, "/user", "who logged in").data)
        expires_at = None if lifetime is None else now + lifetime
        return Visitor(UserId(person.number("id")), person.text("login"), token, expires_at)

    def may_read(self, token: Secret, repo: RepoId) -> bool:
        """By the repository's number: a name may belong to another repository by now, and renaming must lock nobody out."""
        reply = self._asked(token, f"/repositories/{repo}")
        if reply.status in (401, 403, 404, 451) and limit_seconds(reply, now=self._clock.now()) is None:
            return False
        if not reply.ok:
            raise fault_of(reply, f"repository {repo}", now=self._clock.now())
        body = Body(reply.data)
        held = body.maybe("permissions")
        return body.number("id") == repo and (held is None or held.flag("pull"))

    def _exchanged(self, code: str, verifier: str, redirect_uri: str) -> Body:
        """Asked once: a repeated exchange of a code that was spent is refused anyway."""
        form = {
            "client_id": self._client_id,
            "client_secret": self._client_secret.reveal(),
            "code": code,
            "code_verifier": verifier,
            "redirect_uri": redirect_uri,
        }
        try:
            answer = self._session.post(
                self._github_url + TOKEN,
                data=form,
                headers={"Accept": "application/json", "User-Agent": USER_AGENT},
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
            )
        except requests.RequestException as broken:
            # The exception's text may carry what was sent; only its kind is needed.
            raise Transient(
                f"GitHub does not answer (log-in: {type(broken).__name__})", hint="try again later"
            ) from None
        data = _json(answer.text)
        if answer.status_code != requests.codes.ok or not isinstance(data, dict):
            raise Transient(f"GitHub is unwell (log-in: {answer.status_code})", hint="try again later")
        if data.get("error") == WRONG_CODE:
            raise Refused("GitHub does not know this log-in any more", hint="log in again")
        if "error" in data:
            raise Refused(
                f"GitHub refused the log-in: {str(data['error'])[:100]}", hint="check CLIENT_ID and CLIENT_SECRET"
            )
        return Body(data)

    def _read(self, token: Secret, path: str, what: str) -> Reply:
        reply = self._asked(token, path)
        if not reply.ok:
            raise fault_of(reply, what, now=self._clock.now())
        return reply

    def _asked(self, token: Secret, path: str) -> Reply:
        try:
            return self._transport.send("GET", path, authorization=f"Bearer {token.reveal()}")
        except Broken as broken:
            raise Transient(f"GitHub does not answer ({path}: {broken})", hint="try again later") from None


def _lifetime(answer: Body) -> timedelta | None:
    """None when the App's owner has switched expiry off: the answer then names no end."""
    return timedelta(seconds=answer.number("expires_in")) if answer.has("expires_in") else None


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
