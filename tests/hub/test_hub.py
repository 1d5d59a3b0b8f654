"""The hub as an object: starting, stopping, starting again."""

from pathlib import Path

import pytest
import requests

from bot.hub import Hub
from tests.hub.site import Receiver, Site, make_site


def test_an_outage_forgets_nothing(site: Site) -> None:
    port = int(site.hub.url.rpartition(":")[2])
    token, bot = site.hub.url, site.bot()
    site.hub.stop()
    with pytest.raises(requests.ConnectionError):
        bot("GET", site.path)
    site.hub.start(port)
    assert site.hub.url == token
    assert bot("GET", f"{site.path}/pulls/1").json()["head"]["sha"] == site.head
    site.hub.comment(site.repo, 1, "ada", "still here")


def test_stopping_sends_what_is_queued(tmp_path: Path, receiver: Receiver) -> None:
    with Hub(tmp_path) as hub:
        make_site(hub, receiver.url)
    assert [arrival.event for arrival in receiver.arrivals][-1] == "pull_request"


def test_there_is_no_address_before_the_start(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="before start"):
        assert Hub(tmp_path).url


def test_two_hubs_know_nothing_of_each_other(hub: Hub, tmp_path: Path) -> None:
    hub.create_repository("ada/text", files={"a": "a\n"})
    with Hub(tmp_path / "other") as other:
        assert requests.get(f"{other.api_url}/repos/ada/text", timeout=10).status_code == 404


def test_it_listens_on_loopback_only(hub: Hub) -> None:
    assert hub.url.startswith("http://127.0.0.1:")


def test_unknown_names_are_lookup_errors(site: Site) -> None:
    with pytest.raises(LookupError, match="no user"):
        site.hub.comment(site.repo, 1, "nobody-here", "x")
    with pytest.raises(LookupError, match="no repository"):
        site.hub.comment("ada/nothing", 1, "ada", "x")
    with pytest.raises(LookupError, match="no #7"):
        site.hub.comment(site.repo, 7, "ada", "x")
