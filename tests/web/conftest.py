"""A door on a real database."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import WSGIRequestHandler, make_server

from bot.adapters.clock import SystemClock
from bot.adapters.store import SqlStore, migrate
from bot.core.pulls import Secret
from bot.web.metrics import WebMetrics
from bot.web.server import Door, create_app
from tests.web.requests import APP_ID, SECRET

DOOR = Door(APP_ID, [Secret(SECRET), Secret("the old one")])


@pytest.fixture
def url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/state/bot.db"
    migrate(url)
    return url


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    store = SqlStore(url)
    yield store
    store.close()


@pytest.fixture
def metrics() -> WebMetrics:
    return WebMetrics()


@pytest.fixture
def app(store: SqlStore, metrics: WebMetrics) -> Flask:
    return create_app(store, DOOR, clock=SystemClock(), metrics=metrics)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


class Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """The tests read answers, not logs."""


@pytest.fixture
def served(app: Flask) -> Iterator[str]:
    """The same door over real HTTP; its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
