"""Faults on requests: each does what its name says, and no more often than asked."""

import time

import pytest
import requests

from bot.hub import Fault, Hub
from tests.hub.site import Site

COMMENTS = r"/issues/\d+/comments$"


def post(site: Site) -> requests.Response:
    return site.bot()("POST", f"{site.path}/issues/1/comments", {"body": "x"})


def count(site: Site) -> int:
    return len(site.hub.comments(site.repo, 1))


def test_502_after_the_write_was_applied(site: Site) -> None:
    site.hub.faults.add(Fault("error_after", method="POST", path=COMMENTS))
    struck = post(site)
    assert (struck.status_code, struck.headers["Content-Type"]) == (502, "text/html; charset=utf-8")
    assert count(site) == 1
    assert len(site.hub.journal.writes()) == 1
    assert post(site).status_code == 201


def test_503_before(site: Site) -> None:
    site.hub.faults.add(Fault("error_before", path=COMMENTS, status=503, times=2, skip=1))
    assert [post(site).status_code for _ in range(4)] == [201, 503, 503, 201]
    assert count(site) == 2


@pytest.mark.parametrize(
    ("fault", "applied"), [(Fault("reset_before", path=COMMENTS), 0), (Fault("reset_after", path=COMMENTS), 1)]
)
def test_connection_closed_without_an_answer(site: Site, fault: Fault, applied: int) -> None:
    site.hub.faults.add(fault)
    with pytest.raises(requests.ConnectionError):
        post(site)
    assert count(site) == applied
    assert post(site).status_code == 201


def test_primary_limit_says_when_it_ends(site: Site) -> None:
    site.hub.faults.add(Fault("rate_limit", path=COMMENTS, seconds=90))
    limited = post(site)
    assert (limited.status_code, limited.headers["X-RateLimit-Remaining"]) == (403, "0")
    assert 80 <= int(limited.headers["X-RateLimit-Reset"]) - time.time() <= 91
    assert "Retry-After" not in limited.headers
    assert "API rate limit exceeded" in limited.json()["message"]
    assert count(site) == 0


def test_secondary_limit_with_and_without_retry_after(site: Site) -> None:
    site.hub.faults.add(Fault("secondary_limit", path=COMMENTS, status=429, retry_after=7))
    site.hub.faults.add(Fault("secondary_limit", path=COMMENTS))
    first, second = post(site), post(site)
    assert (first.status_code, first.headers["Retry-After"]) == (429, "7")
    assert (second.status_code, "Retry-After" in second.headers) == (403, False)
    assert second.headers["X-RateLimit-Remaining"] != "0"
    assert "secondary rate limit" in second.json()["message"]


def test_latency(site: Site) -> None:
    site.hub.faults.add(Fault("latency", method="GET", seconds=0.2))
    began = time.monotonic()
    assert site.bot()("GET", site.path).status_code == 200
    assert time.monotonic() - began >= 0.2


def test_faults_strike_git_too(site: Site) -> None:
    site.hub.faults.add(Fault("error_before", path=r"git-upload-pack"))
    url = f"{site.hub.url}/ada/text.git/info/refs?service=git-upload-pack"
    assert requests.get(url, timeout=10).status_code == 200
    assert requests.post(f"{site.hub.url}/ada/text.git/git-upload-pack", data=b"0000", timeout=10).status_code == 502


def test_over_http(hub: Hub) -> None:
    at = f"{hub.url}/_hub/faults"
    made = requests.post(at, json={"kind": "error_after", "path": "/comments$", "times": 3}, timeout=10)
    assert (made.status_code, made.json()["times"]) == (201, 3)
    assert hub.faults.rules()[0].path == "/comments$"
    assert [rule["kind"] for rule in requests.get(at, timeout=10).json()] == ["error_after"]
    assert requests.delete(at, timeout=10).status_code == 204
    assert hub.faults.rules() == ()
    assert requests.post(at, json={"kind": "nonsense"}, timeout=10).status_code == 422
    assert requests.post(at, json={"kind": "latency", "path": "("}, timeout=10).status_code == 422
    # What a form on somebody's page could send is not taken.
    assert requests.post(at, data={"kind": "latency"}, timeout=10).status_code == 415
