"""A hub with something to see, and a reader."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from bot.hub import App, Hub, Repository
from bot.hub.state.issues import Issue
from tests.conftest import judged, one_key
from tests.hub.pages.browser import Browser
from tests.hub.pages.showcase import fill


@dataclass(frozen=True)
class Shown:
    """The showcase of `showcase.py`, not to be changed by tests; `page` is its pull request's address."""

    hub: Hub
    repo: Repository
    pull: Issue
    app: App
    browser: Browser
    page: str = "/ada/text/pull/1"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    """The showcase, made once."""
    with Hub(tmp_path_factory.mktemp("shown"), make_key=one_key) as hub:
        repo, pull, app = fill(hub)
        browser = Browser(hub.url)
        yield Shown(hub, repo, pull, app, browser)
        browser.close()
        assert hub.deliveries_idle(20)
    judged(hub)


@pytest.fixture
def browser(hub: Hub) -> Iterator[Browser]:
    """A reader of a fresh hub."""
    reader = Browser(hub.url)
    yield reader
    reader.close()
