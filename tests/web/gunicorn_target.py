"""The door as gunicorn loads it in these tests: from the environment, after the fork."""

import os

from flask import Flask

from bot.adapters.clock import SystemClock
from bot.adapters.store import SqlStore
from bot.settings import load_settings
from bot.web.metrics import WebMetrics
from bot.web.reading_deadline import PatientWorker
from bot.web.server import Door, create_app


class HastyWorker(PatientWorker):  # type: ignore[misc]  # gunicorn ships no types
    """The production worker with a patience that a test can wait for."""

    read_seconds = 0.4


def web() -> Flask:
    settings = load_settings(os.environ)
    store = SqlStore(settings.database_url.reveal())
    door = Door(settings.app_id, settings.webhook_secrets)
    return create_app(store, door, clock=SystemClock(), metrics=WebMetrics())
