"""The door's Flask application, put together from its parts."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from bot.core.ports import Clock, DeliveryStore, Visitors
from bot.core.pulls import Secret
from bot.web.gate import Gate, guarded
from bot.web.headers import add_security_headers
from bot.web.health import health
from bot.web.metrics import WebMetrics
from bot.web.pages import pages
from bot.web.run_view import RunReader
from bot.web.webhook import Webhook


@dataclass(frozen=True, slots=True)
class Door:
    """What the door must know. `open_pages` shows runs to everybody who reaches the port: the demo on loopback, nothing else.

    `public_url` is the address that browsers see, `session_secret` seals the cookies of people who log in, `github_url` is where links to
    pull requests lead ("" for nowhere).
    """

    app_id: int
    webhook_secrets: Sequence[Secret]
    open_pages: bool = False
    github_url: str = ""
    public_url: str = ""
    session_secret: Secret | None = None


def create_app(
    deliveries: DeliveryStore,
    door: Door,
    *,
    clock: Clock,
    metrics: WebMetrics,
    runs: RunReader | None = None,
    visitors: Visitors | None = None,
) -> Flask:
    """The web process: webhook, health, log-in, pages. One for each process, made after a fork.

    Without `runs` no run is shown; without `visitors` nobody can log in, so that only open pages show any. Nothing is opened before the
    first request.
    """
    app = Flask(__name__)
    app.jinja_options = {"autoescape": True}
    webhook = Webhook(deliveries, app_id=door.app_id, secrets=door.webhook_secrets, clock=clock, metrics=metrics)
    app.register_blueprint(webhook.blueprint())
    app.register_blueprint(health(deliveries))
    gate = _gate(door, visitors, clock)
    if gate.login is not None:
        app.register_blueprint(gate.login.blueprint())
    app.register_blueprint(pages(runs, gate, clock, door.github_url))
    app.register_error_handler(HTTPException, _plain_error)
    app.after_request(add_security_headers)
    return app


def _gate(door: Door, visitors: Visitors | None, clock: Clock) -> Gate:
    if door.open_pages:
        return Gate(open=True)
    if visitors is None or door.session_secret is None or not door.public_url:
        return Gate()
    return guarded(visitors, public_url=door.public_url, secret=door.session_secret, clock=clock)


def _plain_error(error: HTTPException) -> Response:
    """One short line: an error page tells strangers nothing."""
    response = Response(f"{error.code} {error.name}\n", error.code, mimetype="text/plain")
    response.headers.extend((name, value) for name, value in error.get_headers() if name in ("Allow", "Location"))
    return response
