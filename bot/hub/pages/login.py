"""Logging in through an App: the page that asks the person, and the exchange of its code for a token (OAuth 2.0, RFC 6749 and 7636).

GitHub's words for what goes wrong, from its documentation of user access tokens; it answers the exchange with 200 whatever happens.
"""

import base64
import hashlib
import json
import secrets
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from bot.hub.pages.door import HEADERS
from bot.hub.pages.people import actor_of, everybody
from bot.hub.pages.visit import ACTS_AS, Visit
from bot.hub.refusal import Refused, not_found
from bot.hub.state.apps import AccessToken, App, LoginCode

AUTHORIZE = "/login/oauth/authorize"
TOKEN = "/login/oauth/access_token"  # noqa: S105 - an address

CODE_LIFE = timedelta(minutes=10)
"""How long a code can be exchanged; GitHub's documentation says so."""

TOKEN_LIFE = timedelta(hours=8)
"""How long a user access token lives; GitHub's documentation says so."""

CHALLENGE_LENGTH = 43
"""Characters of a SHA-256 in base64url without padding."""

SEE_OTHER = 303


def ask(visit: Visit) -> Response:
    """The page that asks who the visitor is and whether the App may know it."""
    app, target = _app(visit), _target(visit)
    page = visit.page("authorize.html", app=app, logins=everybody(visit), query=_query(visit))
    # Browsers hold a form's policy against the redirect that answers it, too.
    back = "{0.scheme}://{0.netloc}".format(urlsplit(target))
    policy = HEADERS["Content-Security-Policy"].replace("form-action 'self'", f"form-action 'self' {back}")
    page.headers["Content-Security-Policy"] = policy
    return page


def agree(visit: Visit) -> Response:
    """The person said yes: back to the App with a code."""
    app, target, who = _app(visit), _target(visit), actor_of(visit)
    with visit.store.lock:
        code = visit.store.login_codes.put(
            LoginCode(
                visit.store.new_id(),
                secrets.token_hex(10),
                app.id,
                who.id,
                target,
                visit.query("code_challenge"),
                visit.hub.world.clock() + CODE_LIFE,
            )
        )
    response = redirect(f"{target}?{urlencode({'code': code.code, 'state': visit.query('state')})}", SEE_OTHER)
    response.set_cookie(ACTS_AS, who.login, httponly=True, samesite="Lax")
    return response


def token(visit: Visit) -> Response:
    """A token for a code, asked for by the App's own server."""
    form = visit.request.form
    app = visit.store.apps.first(lambda one: one.client_id == form.get("client_id", ""))
    if app is None:
        raise not_found()
    if not secrets.compare_digest(form.get("client_secret", "").encode(), app.client_secret.encode()):
        return _error("incorrect_client_credentials", "The client_id and/or client_secret passed are incorrect.")
    with visit.store.lock:
        found = visit.store.login_codes.first(lambda one: one.code == form.get("code", "") and one.app_id == app.id)
        if found is not None:
            visit.store.login_codes.drop(found.id)
        if (
            found is None
            or found.expires_at <= visit.hub.world.clock()
            or not _verified(found, form.get("code_verifier", ""))
        ):
            return _error("bad_verification_code", "The code passed is incorrect or expired.")
        if form.get("redirect_uri", found.redirect_uri) != found.redirect_uri:
            return _error("redirect_uri_mismatch", "The redirect_uri MUST match the registered callback URL.")
        return _granted(visit, app, found)


def _granted(visit: Visit, app: App, code: LoginCode) -> Response:
    expires = visit.hub.world.clock() + TOKEN_LIFE
    made = visit.store.tokens.put(
        AccessToken(
            visit.store.new_id(),
            f"ghu_{secrets.token_hex(18)}",
            "user",
            code.user_id,
            expires_at=expires,
            app_id=app.id,
        )
    )
    return _json(
        {
            "access_token": made.token,
            "expires_in": int(TOKEN_LIFE.total_seconds()),
            "refresh_token": f"ghr_{secrets.token_hex(38)}",
            "refresh_token_expires_in": 15_897_600,
            "token_type": "bearer",
            "scope": "",
        }
    )


def _verified(code: LoginCode, verifier: str) -> bool:
    if not code.challenge:
        return True
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    return secrets.compare_digest(digest, code.challenge)


def _app(visit: Visit) -> App:
    found = visit.store.apps.first(lambda one: one.client_id == visit.query("client_id"))
    if found is None:
        raise not_found()
    challenge, method = visit.query("code_challenge"), visit.query("code_challenge_method")
    if (challenge or method) and (method != "S256" or len(challenge) != CHALLENGE_LENGTH):
        raise Refused(422, "The code challenge must be a SHA-256 (S256) in base64url")
    return found


def _target(visit: Visit) -> str:
    """Where the browser goes back to: only where the App's owner said. Nobody is sent anywhere else, not even with an error."""
    urls = _app(visit).callback_urls
    wanted = visit.query("redirect_uri", urls[0] if urls else "")
    if wanted not in urls:
        raise Refused(422, "The redirect_uri is not associated with this application.")
    return wanted


def _query(visit: Visit) -> str:
    return urlencode(list(visit.request.args.items(multi=True)))


def _error(code: str, words: str) -> Response:
    return _json({"error": code, "error_description": words})


def _json(body: object) -> Response:
    return Response(json.dumps(body), 200, content_type="application/json; charset=utf-8")
