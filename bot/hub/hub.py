"""The hub as a Python object: start it, fill it, look into it, act as people."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from bot.hub.acting import Acting
from bot.hub.faults import Faults
from bot.hub.front import Front
from bot.hub.git_http import GitHttp
from bot.hub.journal import Journal, Observer
from bot.hub.pages.site import Site
from bot.hub.rest.api import RestApi
from bot.hub.server import Server
from bot.hub.setting_up import new_key
from bot.hub.state.store import Store
from bot.hub.webhooks import Webhooks
from bot.hub.world import Clock, World
from bot.hub.wsgi import WsgiApp

DRAIN = 10.0
"""Seconds that stopping waits for requests in work; a push of the tests takes well under one."""


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


class Hub(Acting):
    """A local GitHub. Every method may be called from any thread; people are named by login, repositories by `owner/name`.

    `root` is a folder for the bare repositories; `clock` gives the time for expiry and stamps; `make_key` gives each App
    its private key (PEM, RSA), for tests that would rather not wait for a new one.
    """

    def __init__(self, root: Path, clock: Clock = utc_now, make_key: Callable[[], str] = new_key) -> None:
        store = Store()
        self.journal = Journal(clock)
        self.faults = Faults()
        self.webhooks = Webhooks(store, self.journal, self.faults)
        super().__init__(World(root, clock, store, self.webhooks), make_key)
        self._front = Front(
            self.world,
            self.journal,
            self.faults,
            RestApi(self.world, self.webhooks, self.faults),
            GitHttp(self.world, self.journal),
            self._pages(),
        )
        self._server: Server | None = None

    def _pages(self) -> WsgiApp:
        return Site(self)

    def start(self, port: int = 0) -> "Hub":
        """Listen on loopback; port 0 takes a free one."""
        self._server = Server(self._front, port)
        self.world.url = f"http://127.0.0.1:{self._server.port}"
        self._front.resume()
        self.webhooks.start(f"127.0.0.1:{self._server.port}")
        self._server.start()
        return self

    def stop(self) -> None:
        """Stop listening and sending. What was remembered stays, also for a new start."""
        if self._server is not None:
            self._server.stop()
            self._front.drain(DRAIN)
            self.webhooks.stop()
            self._server = None

    def __enter__(self) -> "Hub":
        return self if self._server is not None else self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`."""
        return self.world.address

    @property
    def api_url(self) -> str:
        """The base of the REST API."""
        return f"{self.url}/api/v3"

    def deliveries_idle(self, timeout: float) -> bool:
        """Wait until no webhook is queued, held back or in flight; False if that took longer than `timeout` seconds."""
        return self.webhooks.idle(timeout)

    def on_write(self, observer: Observer) -> Callable[[], None]:
        """Call an observer before and after each write of an App; the answer stops it. See `journal.Observer`."""
        return self.journal.on_write(observer)
