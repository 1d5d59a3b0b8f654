"""Logging in with GitHub: out to GitHub and back with a code, then a session in a sealed cookie. Nothing of it is stored here.

The way out and the way back are tied to one browser by a cookie of its own (state and PKCE verifier), so that nobody can be logged in
as somebody else by a link, and a code that leaks is worth nothing. The refresh token is not kept: a session ends before its token.
"""

import base64
import hashlib
import re
import secrets
from datetime import datetime, timedelta

from flask import Blueprint, Request, Response, g, make_response, redirect, render_template, request

from bot.core.ports import Clock, Visitors
from bot.core.pulls import Secret
from bot.core.visitors import Visitor
from bot.errors import Refused, Transient
from bot.ids import UserId
from bot.web.sealing import Seal

ATTEMPT_LIFE = timedelta(minutes=10)
"""From the way out to the way back: as long as GitHub's code is good (docs, generating a user access token)."""

SESSION_LIFE = timedelta(hours=8)
"""The longest session, also where tokens do not expire: GitHub's own life of a user access token."""

TOKEN_MARGIN = timedelta(minutes=2)
"""A session ends this long before its token, so that no page fails in the middle."""

HOME = "/runs"
"""Where somebody lands who wanted nothing else."""

_PATH = re.compile(r"/(?!/)[A-Za-z0-9._~/?=&-]{0,300}")
"""An address on this site: one slash, then nothing that a browser could take for a host (`//`, a backslash) or for a new line."""

SESSION, ATTEMPT = "session", "log-in"
SEE_OTHER = 303


class Login:
    """The log-in of one site. `public_url` is the address that browsers see; `secret` seals the cookies."""

    def __init__(self, visitors: Visitors, *, public_url: str, secret: Secret, clock: Clock) -> None:
        self._visitors = visitors
        self._public_url = public_url
        self._callback = f"{public_url}/login/callback"
        self._secure = public_url.startswith("https://")
        self._seal = Seal(secret, clock)
        self._clock = clock

    def blueprint(self) -> Blueprint:
        routes = Blueprint("login", __name__, template_folder="templates")
        routes.add_url_rule("/login", "start", self.start)
        routes.add_url_rule("/login/callback", "back", self.back)
        routes.add_url_rule("/logout", "out", self.out, methods=["POST"])
        return routes

    def visitor(self) -> Visitor | None:
        """Who makes the request at hand; None for nobody. Opened once a request."""
        if "visitor" not in g:
            g.visitor = self._visitor(request)
        visitor: Visitor | None = g.visitor
        return visitor

    def start(self) -> Response:
        """Out to GitHub."""
        state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        address = self._visitors.authorize_url(state=state, challenge=_challenge(verifier), redirect_uri=self._callback)
        until = self._clock.now() + ATTEMPT_LIFE
        attempt: dict[str, str | int] = {
            "state": state,
            "verifier": verifier,
            "to": same_site(request.args.get("to", "")),
        }
        response = make_response(redirect(address, SEE_OTHER))
        self._set(response, ATTEMPT, self._seal.close(ATTEMPT, attempt, until), ATTEMPT_LIFE)
        return response

    def back(self) -> Response:
        """Back from GitHub. Whatever happens, the attempt is over."""
        attempt = self._seal.open(ATTEMPT, request.cookies.get(self._name(ATTEMPT), ""))
        state, code = request.args.get("state", ""), request.args.get("code", "")
        if attempt is None or not secrets.compare_digest(state.encode(), str(attempt["state"]).encode()) or not code:
            return self._failed(
                "It was not begun in this browser, it took too long, or it was broken off at GitHub.", 400
            )
        try:
            visitor = self._visitors.log_in(code=code, verifier=str(attempt["verifier"]), redirect_uri=self._callback)
        except Refused:
            return self._failed("GitHub does not know this log-in any more.", 400)
        except Transient:
            return self._failed("GitHub does not answer.", 503)
        response = make_response(redirect(same_site(str(attempt["to"])), SEE_OTHER))
        self._remember(response, visitor)
        self._forget(response, ATTEMPT)
        return response

    def out(self) -> Response:
        """End the session in this browser; only for a form of ours."""
        origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site", "same-origin")
        if site not in ("same-origin", "none") or origin not in (None, self._public_url):
            return self._failed("The form did not come from this site.", 403)
        response = make_response(redirect("/", SEE_OTHER))
        self._forget(response, SESSION)
        return response

    def _visitor(self, asked: Request) -> Visitor | None:
        values = self._seal.open(SESSION, asked.cookies.get(self._name(SESSION), ""))
        if values is None:
            return None
        return Visitor(UserId(int(values["user_id"])), str(values["login"]), Secret(str(values["token"])))

    def _remember(self, response: Response, visitor: Visitor) -> None:
        until = self._session_end(visitor)
        values: dict[str, str | int] = {
            "user_id": int(visitor.user_id),
            "login": visitor.login,
            "token": visitor.token.reveal(),
        }
        self._set(response, SESSION, self._seal.close(SESSION, values, until), until - self._clock.now())

    def _session_end(self, visitor: Visitor) -> datetime:
        longest = self._clock.now() + SESSION_LIFE
        return longest if visitor.expires_at is None else min(longest, visitor.expires_at - TOKEN_MARGIN)

    def _failed(self, why: str, status: int) -> Response:
        response = make_response(render_template("login_failed.html", why=why), status)
        self._forget(response, ATTEMPT)
        return response

    def _name(self, what: str) -> str:
        """`__Host-` binds a cookie to this host and to https (RFC 6265bis); browsers refuse it on plain http."""
        return f"{'__Host-' if self._secure else ''}specbot-{what}"

    def _set(self, response: Response, what: str, value: str, life: timedelta) -> None:
        """Lax, because the way back from GitHub is a navigation from another site."""
        seconds = max(0, int(life.total_seconds()))
        response.set_cookie(
            self._name(what), value, max_age=seconds, path="/", secure=self._secure, httponly=True, samesite="Lax"
        )

    def _forget(self, response: Response, what: str) -> None:
        response.delete_cookie(self._name(what), path="/", secure=self._secure, httponly=True, samesite="Lax")


def same_site(path: str) -> str:
    """`path` when it certainly leads to a page of this site, else `HOME`."""
    return path if _PATH.fullmatch(path) else HOME


def _challenge(verifier: str) -> str:
    """PKCE's S256 (RFC 7636)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
