"""Logging in with GitHub, from the first click to the last: over HTTP, against the hub."""

import json
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient

from bot.adapters.clock import SystemClock
from bot.adapters.github.oauth import AppLogin
from bot.adapters.store import SqlStore
from bot.core.pulls import Secret
from bot.hub import Hub
from bot.web.login import HOME, Login, same_site
from bot.web.sealing import Seal
from tests.adapters.store.values import run
from tests.web.served import OwnClock, Place, Visitor, placed, run_of


@pytest.fixture
def place(hub: Hub, store: SqlStore) -> Iterator[Place]:
    with placed(hub, store) as made:
        yield made


@pytest.fixture
def visitor(place: Place) -> Iterator[Visitor]:
    made = Visitor(place)
    yield made
    made.session.close()


def test_who_may_read_the_repository_sees_the_run(visitor: Visitor, place: Place) -> None:
    page = visitor.log_in("rea", to=place.path)
    assert (page.status_code, urlsplit(page.url).path) == (200, place.path)
    assert "ada/text#7" in page.text
    assert f'href="{place.hub.url}/ada/text/pull/7"' in page.text
    assert "rea" in page.text
    assert visitor.get(f"{place.path}/live?after=0").status_code == 200
    assert place.path in visitor.get("/runs").text


def test_nobody_learns_which_runs_there_are(visitor: Visitor, place: Place) -> None:
    """A stranger's answers, and those to somebody without permission, are the same for a run that exists and for one that does not."""
    for logged_in in (False, True):
        if logged_in:
            visitor.log_in("stranger")
        real, unreal = visitor.get(place.path), visitor.get(place.unknown)
        assert real.status_code == unreal.status_code == 404
        assert real.text.replace(place.path, "") == unreal.text.replace(place.unknown, "")
        live = visitor.get(f"{place.path}/live?after=0"), visitor.get(f"{place.unknown}/live?after=0")
        assert [answer.status_code for answer in live] == [404, 404]
        assert "ada/text" not in real.text + live[0].text + visitor.get("/runs").text
    assert visitor.get("/runs/run-nonsense").status_code == 404


def test_the_right_is_asked_for_before_the_run_is_looked_for(visitor: Visitor, place: Place) -> None:
    """Else the time that an answer takes would tell."""
    visitor.log_in("stranger")
    for path in (place.path, place.unknown):
        place.clock.pass_by(minutes=2)
        before = len(place.hub.journal.requests)
        visitor.get(path)
        asked = [one.path for one in place.hub.journal.requests[before:]]
        assert asked == [f"/api/v3/repositories/{place.repository.id}"]


def test_an_unknown_run_of_ones_own_repository_is_not_found(visitor: Visitor, place: Place) -> None:
    visitor.log_in("ada")
    assert visitor.get(place.unknown).status_code == 404


def test_a_list_has_what_one_may_see(visitor: Visitor, place: Place) -> None:
    other = place.hub.create_repository("bob/secret", private=True, files={"a": "a\n"})
    hidden = place.store.create_run(run_of(other))
    page = visitor.log_in("rea")
    assert place.shown.run_id in page.text
    assert hidden.run_id not in page.text
    assert "bob/secret" not in page.text


def test_what_the_app_does_not_reach_is_not_shown_to_its_owner(visitor: Visitor, place: Place) -> None:
    other = place.hub.create_repository("ada/elsewhere", private=True, files={"a": "a\n"})
    hidden = place.store.create_run(run_of(other))
    visitor.log_in("ada")
    assert visitor.get(f"/runs/{hidden.run_id}").status_code == 404


def test_an_answer_is_remembered_for_a_minute_and_no_longer(visitor: Visitor, place: Place) -> None:
    visitor.log_in("rea", to=place.path)
    before = len(place.hub.journal.requests)
    assert [visitor.get(f"{place.path}/live?after=0").status_code for _ in range(5)] == [200] * 5
    assert len(place.hub.journal.requests) == before
    place.hub.set_permission(place.repository, "rea", "none")
    place.clock.pass_by(seconds=59)
    assert visitor.get(place.path).status_code == 200
    place.clock.pass_by(seconds=2)
    assert visitor.get(place.path).status_code == 404
    assert visitor.get(f"{place.path}/live?after=0").status_code == 404
    place.hub.set_permission(place.repository, "rea", "read")
    place.clock.pass_by(seconds=61)
    assert visitor.get(place.path).status_code == 200


def test_a_github_that_does_not_answer_is_no(visitor: Visitor, place: Place) -> None:
    visitor.log_in("ada", to="/nowhere")
    port = int(place.hub.url.rpartition(":")[2])
    place.hub.stop()
    assert visitor.get(place.path).status_code == 404
    place.hub.start(port)
    assert visitor.get(place.path).status_code == 404
    place.clock.pass_by(seconds=6)
    assert visitor.get(place.path).status_code == 200


def test_a_token_that_was_revoked_sees_nothing(visitor: Visitor, place: Place) -> None:
    visitor.log_in("ada", to="/nowhere")
    for token in place.hub.store.tokens.where(lambda one: one.app_id == place.app.id):
        place.hub.store.tokens.drop(token.id)
    assert visitor.get(place.path).status_code == 404


def test_another_browsers_log_in_is_refused(visitor: Visitor, place: Place) -> None:
    """A link with somebody else's code logs nobody in: it was not begun here (login CSRF)."""
    back = visitor.agree(visitor.ask_github(), "ada").headers["Location"]
    victim = Visitor(place)
    assert victim.session.get(back, timeout=30).status_code == 400
    assert victim.get(place.path).status_code == 404
    # A log-in of their own has another state.
    victim.ask_github()
    answer = victim.session.get(back, timeout=30)
    assert answer.status_code == 400
    assert "The log-in did not work" in answer.text
    assert victim.get(place.path).status_code == 404
    victim.session.close()


def test_a_code_works_once(visitor: Visitor, place: Place) -> None:
    page = visitor.ask_github()
    attempt = visitor.session.cookies["specbot-log-in"]
    back = visitor.agree(page, "ada").headers["Location"]
    assert visitor.session.get(back, timeout=30).status_code == 200
    assert "specbot-log-in" not in visitor.session.cookies
    again = Visitor(place)
    again.session.cookies.set("specbot-log-in", attempt)
    assert again.session.get(back, timeout=30).status_code == 400
    assert again.get(place.path).status_code == 404
    again.session.close()


def test_a_log_in_that_took_too_long_or_was_broken_off_is_refused(visitor: Visitor, place: Place) -> None:
    back = visitor.agree(visitor.ask_github(), "ada").headers["Location"]
    place.clock.pass_by(minutes=11)
    assert visitor.session.get(back, timeout=30).status_code == 400
    state = parse_qs(urlsplit(visitor.ask_github().url).query)["state"][0]
    refused = visitor.get(f"/login/callback?error=access_denied&state={state}")
    assert refused.status_code == 400
    assert "specbot-session" not in visitor.session.cookies


def test_a_log_in_while_github_is_down_is_said(visitor: Visitor, place: Place) -> None:
    back = visitor.agree(visitor.ask_github(), "ada").headers["Location"]
    place.hub.stop()
    answer = visitor.session.get(back, timeout=30)
    assert answer.status_code == 503
    assert "GitHub does not answer" in answer.text


def test_a_cookie_that_is_forged_borrowed_or_old_is_nobody(visitor: Visitor, place: Place) -> None:
    visitor.log_in("ada")
    good = visitor.session.cookies["specbot-session"]
    later = place.clock.now() + timedelta(hours=1)
    values = {"user_id": 1, "login": "ada", "token": "ghu_x"}
    own = Seal(Secret(place.app.client_secret), place.clock)
    others = (
        "",
        "é",
        good[:-6] + "AAAAAA",
        Seal(Secret("another secret"), place.clock).close("session", values, later),
        own.close("log-in", {"state": "s", "verifier": "v", "to": "/"}, later),
        own.close("session", values, place.clock.now()),
    )
    for cookie in others:
        answer = requests.get(
            place.url + place.path, headers={"Cookie": f"specbot-session={cookie}".encode()}, timeout=30
        )
        assert answer.status_code == 404, cookie
    assert visitor.get(place.path).status_code == 200
    place.clock.pass_by(hours=7, minutes=59)
    assert visitor.get(place.path).status_code == 404


def test_a_cookie_tells_nothing_and_stays_in_its_place(visitor: Visitor, place: Place) -> None:
    page = visitor.ask_github()
    back = visitor.agree(page, "ada").headers["Location"]
    answer = visitor.session.get(back, timeout=30, allow_redirects=False)
    (held,) = place.hub.store.tokens.where(lambda one: one.app_id == place.app.id)
    everything = str(answer.headers) + answer.text
    assert held.token not in everything
    assert place.app.client_secret not in everything
    assert "ghr_" not in everything
    session = next(c for c in answer.raw.headers.getlist("Set-Cookie") if c.startswith("specbot-session="))
    for word in ("HttpOnly", "SameSite=Lax", "Path=/"):
        assert word in session
    assert "Domain" not in session


def test_on_https_cookies_are_bound_to_the_host() -> None:
    visitors = AppLogin("https://github.com", "https://api.github.com", "Iv1.a", Secret("s"))
    app = Flask("bot.web.server")
    login = Login(visitors, public_url="https://bot.example.com", secret=Secret("s"), clock=SystemClock())
    app.register_blueprint(login.blueprint())
    answer = app.test_client().get("/login?to=/runs")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-specbot-log-in=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    asked = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert asked["redirect_uri"] == ["https://bot.example.com/login/callback"]
    assert asked["code_challenge_method"] == ["S256"]
    visitors.close()


def test_logging_out_takes_a_form_of_ours(visitor: Visitor, place: Place) -> None:
    visitor.log_in("ada")
    assert visitor.get("/logout").status_code == 405
    out = f"{place.url}/logout"
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        assert visitor.session.post(out, headers=headers, timeout=30).status_code == 403
    assert visitor.get(place.path).status_code == 200
    assert visitor.session.post(out, headers={"Origin": place.url}, timeout=30).status_code == 200
    assert visitor.get(place.path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "",
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "/\t/evil.example",
        "/runs\r\nSet-Cookie: a=b",
        "javascript:alert(1)",
        "runs",
        "/%2f%2fevil.example",
        "/" + "a" * 400,
    ],
)
def test_nobody_is_sent_to_another_site(path: str) -> None:
    assert same_site(path) == HOME


def test_a_log_in_ends_at_home(visitor: Visitor, place: Place) -> None:
    landed = visitor.log_in("ada", to="//evil.example/")
    assert landed.url == f"{place.url}{HOME}"


def test_a_path_of_ours_is_kept() -> None:
    for path in ("/runs", "/runs/run-1-2-abc-1", "/runs/run-1-2-abc-1?agent=x&before=3"):
        assert same_site(path) == path


def test_a_code_is_worth_nothing_without_the_verifier(visitor: Visitor, place: Place) -> None:
    back = visitor.agree(visitor.ask_github(), "ada").headers["Location"]
    code = parse_qs(urlsplit(back).query)["code"][0]
    form = {
        "client_id": place.app.client_id,
        "client_secret": place.app.client_secret,
        "code": code,
        "code_verifier": "guess",
    }
    answer = requests.post(f"{place.hub.url}/login/oauth/access_token", data=form, timeout=30)
    assert answer.json()["error"] == "bad_verification_code"
    wrong = requests.post(f"{place.hub.url}/login/oauth/access_token", data=form | {"client_secret": "x"}, timeout=30)
    assert wrong.json()["error"] == "incorrect_client_credentials"


def test_the_hub_sends_nobody_where_the_app_did_not_say(visitor: Visitor, place: Place) -> None:
    asked = {"client_id": place.app.client_id, "redirect_uri": "https://evil.example/"}
    answer = requests.get(f"{place.hub.url}/login/oauth/authorize", params=asked, timeout=30)
    assert answer.status_code == 422
    assert "redirect_uri is not associated" in answer.text


def test_without_a_log_in_every_run_is_nothing(store: SqlStore, client: FlaskClient) -> None:
    made = store.create_run(run())
    for path in ("/runs", f"/runs/{made.run_id}", f"/runs/{made.run_id}/live", "/login", "/login/callback"):
        assert client.get(path).status_code == 404


def test_a_seal_is_for_one_purpose_and_a_time() -> None:
    clock = OwnClock()
    seal = Seal(Secret("s"), clock)
    text = seal.close("a", {"x": "1"}, clock.now() + timedelta(seconds=10))
    assert seal.open("a", text) == {"x": "1"}
    assert seal.open("b", text) is None
    assert "x" not in json.dumps(text[:8])
    clock.pass_by(seconds=10)
    assert seal.open("a", text) is None
