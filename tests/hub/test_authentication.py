"""Who is let in, and what they are told when not."""

import time
from pathlib import Path

import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.hub import Hub
from tests.hub.site import Client, FakeClock, Site, app_jwt, make_site


def test_app_jwt_by_id_and_by_client_id(site: Site) -> None:
    assert site.as_app()("GET", "/app").status_code == 200
    assert site.as_app(iss=site.app.client_id)("GET", "/app").json()["id"] == site.app.id


def test_bad_jwts_are_401(site: Site) -> None:
    bad: dict[str, dict[str, object]] = {
        "issuer": {"iss": "12345"},
        "too far": {"exp": time.time() + 1200},
        "expired": {"exp": time.time() - 5},
        "issued later": {"iat": time.time() + 300},
        "no expiry": {"exp": None},
    }
    for name, claims in bad.items():
        assert site.as_app(**claims)("GET", "/app").status_code == 401, name


def test_jwt_of_another_key_is_401(site: Site) -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    assert Client(site.hub.api_url, app_jwt(site.app, other.decode()))("GET", "/app").status_code == 401


def test_wrong_tokens_are_401_even_where_nobody_needs_one(site: Site) -> None:
    assert site.nobody()("GET", site.path).status_code == 200
    assert Client(site.hub.api_url, "ghs_wrong")("GET", site.path).status_code == 401
    assert Client(site.hub.api_url, "a.b.c")("GET", site.path).status_code == 401
    assert site.nobody()("GET", "/app").status_code == 401


def test_tokens_are_long_and_have_two_dots(site: Site) -> None:
    token = site.hub.installation_token(site.installation_id)
    assert token.startswith(f"ghs_{site.app.id}_")
    assert token.count(".") == 2
    assert 450 <= len(token) <= 600


def test_tokens_live_one_hour(tmp_path: Path) -> None:
    clock = FakeClock()
    with Hub(tmp_path / "hub", clock) as hub:
        site = make_site(hub)
        bot = site.bot()
        clock.forward(minutes=59)
        assert bot("GET", site.path).status_code == 200
        clock.forward(minutes=2)
        assert bot("GET", site.path).status_code == 401
        assert hub.deliveries_idle(5)


def test_token_is_narrowed_by_repository_and_permission(site: Site) -> None:
    more = site.hub.create_repository("ada/more", files={"a": "a\n"})
    site.hub.select_repositories(site.installation_id, [site.repo, more])
    make = f"/app/installations/{site.installation_id}/access_tokens"
    body = {"repository_ids": [more.id], "permissions": {"issues": "read"}}
    made = site.as_app()("POST", make, body).json()
    assert made["permissions"] == {"issues": "read", "metadata": "read"}
    assert [repo["full_name"] for repo in made["repositories"]] == ["ada/more"]
    bot = Client(site.hub.api_url, made["token"])
    assert bot("GET", "/repos/ada/more").status_code == 200
    assert bot("GET", site.path).status_code == 404
    assert bot("POST", "/repos/ada/more/issues", {"title": "x"}).status_code == 403
    assert bot("GET", "/repos/ada/more/commits").status_code == 403
    names = [repo["full_name"] for repo in bot("GET", "/installation/repositories").json()["repositories"]]
    assert names == ["ada/more"]


def test_token_cannot_exceed_the_grant(site: Site) -> None:
    make = f"/app/installations/{site.installation_id}/access_tokens"
    assert site.as_app()("POST", make, {"permissions": {"workflows": "write"}}).status_code == 422
    assert site.as_app()("POST", make, {"permissions": {"metadata": "write"}}).status_code == 422
    assert site.as_app()("POST", make, {"repositories": ["nothing"]}).status_code == 422
    everything = site.as_app()("POST", make, {"permissions": {}}).json()["permissions"]
    assert everything["contents"] == "write"


def test_suspended_and_deleted_installations(site: Site) -> None:
    bot = site.bot()
    site.hub.suspend(site.installation_id)
    assert bot("GET", site.path).status_code == 403
    make = f"/app/installations/{site.installation_id}/access_tokens"
    assert site.as_app()("POST", make, {}).status_code == 403
    site.hub.suspend(site.installation_id, False)
    assert bot("GET", site.path).status_code == 200
    site.hub.uninstall(site.installation_id)
    assert bot("GET", site.path).status_code == 401
    assert site.as_app()("POST", make, {}).status_code == 404


def test_repository_taken_out_of_the_installation(site: Site) -> None:
    bot = site.bot()
    site.hub.select_repositories(site.installation_id, [])
    assert bot("GET", site.path).status_code == 404
    assert bot("POST", f"{site.path}/issues/1/comments", {"body": "x"}).status_code == 404


def test_people_by_role(hub: Hub) -> None:
    site = make_site(hub, private=True)
    comment, label = (f"{site.path}/issues/1/{what}" for what in ("comments", "labels"))
    wanted = {"wen": (201, 200), "tri": (201, 200), "rea": (201, 403), "stranger": (404, 404)}
    for login, statuses in wanted.items():
        person = site.user(login)
        answers = (person("POST", comment, {"body": "x"}), person("POST", label, {"labels": ["x"]}))
        assert tuple(answer.status_code for answer in answers) == statuses, login


def test_permission_reports_the_coarse_and_the_real_role(site: Site) -> None:
    def told(login: str) -> tuple[str, str]:
        body = site.bot()("GET", f"{site.path}/collaborators/{login}/permission").json()
        return body["permission"], body["role_name"]

    assert told("ada") == ("admin", "admin")
    assert told("mai") == ("write", "maintain")
    assert told("wen") == ("write", "write")
    assert told("tri") == ("read", "triage")
    assert told("stranger") == ("read", "read")
    assert site.bot()("GET", f"{site.path}/collaborators/nobody-here/permission").status_code == 404


def test_strangers_have_nothing_in_private_repositories(hub: Hub) -> None:
    site = make_site(hub, private=True)
    body = site.bot()("GET", f"{site.path}/collaborators/stranger/permission").json()
    assert (body["permission"], body["role_name"]) == ("none", "none")


def test_unknown_fields_are_ignored_and_broken_json_is_400(site: Site) -> None:
    bot = site.bot()
    assert bot("POST", f"{site.path}/issues/1/comments", {"body": "x", "nonsense": [1]}).status_code == 201
    headers = {"Authorization": f"Bearer {bot.token}"}
    url = f"{site.hub.api_url}{site.path}/issues/1/comments"
    assert requests.post(url, data=b"{", headers=headers, timeout=10).status_code == 400
    assert bot("POST", f"{site.path}/issues/1/comments", {"body": 7}).status_code == 422
    assert bot("POST", f"{site.path}/issues/1/comments", {}).status_code == 422
