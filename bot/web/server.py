"""The door's Flask application, put together from its parts."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from bot.core.ports import Clock, DeliveryStore
from bot.core.pulls import Secret
from bot.web.headers import add_security_headers
from bot.web.health import health
from bot.web.metrics import WebMetrics
from bot.web.pages import RunReader, pages
from bot.web.webhook import Webhook


@dataclass(frozen=True, slots=True)
class Door:
    """What the door must know. `open_pages` shows runs to everybody who reaches the port: the demo on loopback, nothing else."""

    app_id: int
    webhook_secrets: Sequence[Secret]
    open_pages: bool = False


def create_app(
    deliveries: DeliveryStore, door: Door, *, clock: Clock, metrics: WebMetrics, runs: RunReader | None = None
) -> Flask:
    """The web process: webhook, health, pages. One for each process, made after a fork.

    `runs` is needed only for open pages. Nothing is opened before the first request.
    """
    app = Flask(__name__)
    app.jinja_options = {"autoescape": True}
    webhook = Webhook(deliveries, app_id=door.app_id, secrets=door.webhook_secrets, clock=clock, metrics=metrics)
    app.register_blueprint(webhook.blueprint())
    app.register_blueprint(health(deliveries))
    app.register_blueprint(pages(runs if door.open_pages else None))
    app.register_error_handler(HTTPException, _plain_error)
    app.after_request(add_security_headers)
    return app


def _plain_error(error: HTTPException) -> Response:
    """One short line: an error page tells strangers nothing."""
    response = Response(f"{error.code} {error.name}\n", error.code, mimetype="text/plain")
    response.headers.extend((name, value) for name, value in error.get_headers() if name in ("Allow", "Location"))
    return response
