"""From an `Authorization` header to who is asking."""

import base64
import binascii
from datetime import UTC, datetime

import jwt

from bot.hub.actor import Actor
from bot.hub.refusal import Refused, bad_credentials
from bot.hub.state.apps import AccessToken, App
from bot.hub.world import World

JWT_LIFE = 600
"""Seconds between now and the latest `exp` that GitHub takes in an App's JWT."""

CLOCK_SLACK = 60
"""Seconds by which the clocks of App and hub may differ; the documentation advises to backdate `iat` by this much."""


def bearer(header: str) -> str | None:
    """The token in a header, whether Bearer, token or Basic (there it is the password); None without one."""
    kind, _, value = header.partition(" ")
    if kind.lower() in ("bearer", "token"):
        return value.strip()
    if kind.lower() == "basic":
        try:
            name, _, password = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return ""
        return password or name
    return None


def authenticate(world: World, header: str) -> Actor:
    """Who holds the token in the header. Raises a 401 for a token that does not work; no header is nobody."""
    token = bearer(header)
    if token is None:
        return Actor("anonymous")
    if token.count(".") == 2 and not token.startswith("ghs_"):
        return Actor("app", app=_app_of_jwt(world, token))
    held = world.store.token(token)
    if held is None or (held.expires_at is not None and held.expires_at <= world.clock()):
        raise bad_credentials()
    if held.kind == "user":
        return Actor("user", user=world.store.users[held.user_id], app=world.store.apps.get(held.app_id))
    return _installation(world, held)


def _installation(world: World, held: AccessToken) -> Actor:
    one = world.store.installations.get(held.installation_id)
    if one is None:
        raise bad_credentials()
    if one.suspended_at is not None:
        raise Refused(403, "This installation has been suspended")
    app = world.store.apps[one.app_id]
    return Actor("installation", app.bot_user, app, one, held.repository_ids, held.permissions)


def _app_of_jwt(world: World, token: str) -> App:
    unread = "A JSON web token could not be decoded"
    try:
        issuer = str(jwt.decode(token, options={"verify_signature": False}).get("iss"))
        app = world.store.apps.first(lambda one: issuer in (str(one.id), one.client_id))
        if app is None:
            raise bad_credentials("Integration not found")
        # Times are judged below, by the hub's own clock.
        claims = jwt.decode(
            token,
            app.public_key_pem,
            algorithms=["RS256"],
            options={
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
                "verify_aud": False,
                "verify_iss": False,
                "verify_sub": False,
                "require": ["exp", "iat"],
            },
        )
        expires = datetime.fromtimestamp(float(claims["exp"]), UTC)
        issued = datetime.fromtimestamp(float(claims["iat"]), UTC)
    except (jwt.InvalidTokenError, ValueError, TypeError, OverflowError) as wrong:
        raise bad_credentials(unread) from wrong
    now = world.clock()
    if expires <= now:
        raise bad_credentials("'Expiration time' claim ('exp') must be a numeric value representing a future time")
    if (expires - now).total_seconds() > JWT_LIFE + CLOCK_SLACK / 2:
        raise bad_credentials("'Expiration time' claim ('exp') is too far in the future")
    if (issued - now).total_seconds() > CLOCK_SLACK / 2:
        raise bad_credentials("'Issued at' claim ('iat') must be an Integer representing the time of the assertion")
    return app
