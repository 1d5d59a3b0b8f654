"""`/healthz`: this process answers. `/readyz`: it could store a delivery right now."""

from flask import Blueprint, Response

from bot.core.ports import DeliveryStore
from bot.errors import Transient


def health(deliveries: DeliveryStore) -> Blueprint:
    """Both say one word, because anybody may ask."""
    routes = Blueprint("health", __name__)

    def alive() -> Response:
        return Response("alive\n", mimetype="text/plain")

    def ready() -> Response:
        try:
            deliveries.ping()
        except Transient:
            return Response("database unavailable\n", 503, mimetype="text/plain")
        return Response("ready\n", mimetype="text/plain")

    routes.add_url_rule("/healthz", "alive", alive)
    routes.add_url_rule("/readyz", "ready", ready)
    return routes
