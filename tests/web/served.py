"""The bot's pages over real HTTP, with the hub as the GitHub that people log in with."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin

import requests
from flask import Flask
from werkzeug.serving import make_server

from bot.adapters.github.oauth import AppLogin
from bot.adapters.store import SqlStore
from bot.core.pulls import RepoRef, Secret
from bot.core.runs import Run
from bot.hub import App, Hub
from bot.hub import Repository as HubRepository
from bot.ids import InstallationId, RepoId, run_id
from bot.web.metrics import WebMetrics
from bot.web.server import Door, create_app
from tests.adapters.store.values import run
from tests.hub.pages.browser import Page
from tests.web.conftest import Silent
from tests.web.requests import APP_ID, SECRET


class OwnClock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.moment = datetime.now(UTC)

    def now(self) -> datetime:
        return self.moment

    def pass_by(self, **time: float) -> None:
        self.moment += timedelta(**time)


@dataclass
class Place:
    """`ada/text` is private: ada owns it, `rea` may read it, `stranger` may not. `shown` is a run of it."""

    hub: Hub
    app: App
    repository: HubRepository
    store: SqlStore
    clock: OwnClock
    url: str
    shown: Run

    @property
    def path(self) -> str:
        return f"/runs/{self.shown.run_id}"

    @property
    def unknown(self) -> str:
        """A run of the same repository that is not there."""
        return self.path.removesuffix("1") + "9"


@dataclass
class Visitor:
    """Somebody's browser, as far as cookies and forms go."""

    place: Place
    session: requests.Session = field(default_factory=requests.Session)

    def get(self, path: str) -> requests.Response:
        return self.session.get(urljoin(self.place.url, path), timeout=30, allow_redirects=False)

    def ask_github(self, to: str = "/runs") -> requests.Response:
        """Out to GitHub's page that asks who one is."""
        return self.session.get(f"{self.place.url}/login", params={"to": to}, timeout=30)

    def agree(self, page: requests.Response, login: str) -> requests.Response:
        """What GitHub answers to the form: back to the bot, not followed."""
        (form,) = Page(page.text).forms
        data = form.fields | {"as": login}
        return self.session.post(urljoin(page.url, form.action), data=data, timeout=30, allow_redirects=False)

    def log_in(self, login: str, to: str = "/runs") -> requests.Response:
        """All the way; the page that one lands on."""
        back = self.agree(self.ask_github(to), login)
        return self.session.get(back.headers["Location"], timeout=30)


def run_of(repository: HubRepository, attempt: int = 1) -> Run:
    repo = RepoRef(InstallationId(5), RepoId(repository.id), repository.owner, repository.name)
    made = run(attempt=attempt)
    return replace(
        made, repo=repo, head_repo_id=repo.repo_id, run_id=run_id(repo.repo_id, made.number, made.start_head, attempt)
    )


@contextmanager
def placed(hub: Hub, store: SqlStore) -> Iterator[Place]:
    repository = hub.create_repository("ada/text", private=True, files={"a.txt": "a\n"})
    hub.set_permission(repository, "rea", "read")
    hub.add_user("stranger")
    app = hub.register_app("specbot", "Specbot", {"contents": "read"}, [])
    hub.install(app, "ada", [repository])
    clock = OwnClock()
    visitors = AppLogin(hub.url, hub.api_url, app.client_id, Secret(app.client_secret), clock=clock)
    shown = store.create_run(run_of(repository))

    def made(url: str) -> Flask:
        door = Door(
            APP_ID,
            [Secret(SECRET)],
            github_url=hub.url,
            public_url=url,
            session_secret=Secret(app.client_secret),
        )
        return create_app(store, door, clock=clock, metrics=WebMetrics(), runs=store, visitors=visitors)

    with serving(made) as url:
        hub.set_callbacks(app, [f"{url}/login/callback"])
        yield Place(hub, app, repository, store, clock, url, shown)
    visitors.close()


@contextmanager
def serving(make: Callable[[str], Flask]) -> Iterator[str]:
    """An application that knows its own address, on loopback."""
    late: list[Flask] = []
    server = make_server(
        "127.0.0.1",
        0,
        lambda environ, start: late[0](environ, start),  # noqa: PLW0108 - it is made when its address is known
        threaded=True,
        request_handler=Silent,
    )
    url = f"http://127.0.0.1:{server.server_port}"
    late.append(make(url))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield url
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
