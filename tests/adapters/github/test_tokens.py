"""Credentials: narrow, cached, replaced in time, never shown; and requests that cannot be mixed up."""

import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from bot.adapters.github import AppGitHub
from bot.adapters.github.app_key import AppKey
from bot.core.pulls import ReactionTarget, Secret, Token
from bot.errors import ConfigFault, NotThere, RateLimited, Refused, Transient
from bot.hub import Fault
from bot.ids import PrNumber, RepoId
from tests.adapters.github.canned import MINTED, Answer, Asked, Canned, token_answer
from tests.adapters.github.conftest import HEAD, REPO, World, client_of, github_on, some_key


class SetClock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.moment = datetime.now(UTC)

    def now(self) -> datetime:
        return self.moment


def minted(world: World, since: int) -> list[dict[str, object]]:
    made = [one for one in world.hub.journal.requests[since:] if one.path.endswith(MINTED)]
    return [one.request for one in made]  # type: ignore[misc]


def test_every_token_is_for_one_repository_and_one_purpose(world: World) -> None:
    github = client_of(world.hub, world.app)
    since = len(world.hub.journal.requests)
    github.pull_request(world.repo, world.pull.number)
    github.checks(world.repo, world.pull.head_sha, "x")
    github.react(world.repo, ReactionTarget.ISSUE, world.pull.number, "eyes")
    github.git_token(world.repo, write=False)
    github.git_token(world.repo, write=True)
    github.close()
    wishes = minted(world, since)
    assert {tuple(wish["repository_ids"]) for wish in wishes} == {(world.repo.repo_id,)}  # type: ignore[arg-type]
    assert [wish["permissions"] for wish in wishes] == [
        {"metadata": "read", "checks": "read", "contents": "read", "issues": "read", "pull_requests": "read"},
        {"metadata": "read", "checks": "write"},
        {"metadata": "read", "issues": "write", "pull_requests": "write"},
        {"metadata": "read", "contents": "read"},
        {"metadata": "read", "contents": "write"},
    ]


def test_a_token_cannot_touch_a_second_repository(world: World) -> None:
    """The installation covers both; our token for one of them does not."""
    second = world.hub.create_repository("ada/second", private=True, files={"a": "a"})
    world.hub.select_repositories(world.installation, [world.repository, second])
    confused = replace(world.repo, name="second")
    with pytest.raises((NotThere, Refused)):
        world.github.react(confused, ReactionTarget.ISSUE, 1, "eyes")
    with pytest.raises((NotThere, Refused)):
        world.github.pull_request(confused, PrNumber(1))
    assert world.github.repository(world.installation, RepoId(second.id)).ref.name == "second"


def test_tokens_are_long_and_never_print(world: World) -> None:
    token = world.github.git_token(world.repo, write=True)
    assert isinstance(token, Token)
    assert len(token.value.reveal()) > 400
    assert token.value.reveal().count(".") >= 2
    assert token.value.reveal() not in f"{token!r} {token} {world.github!r}"


def test_sixteen_threads_mint_one_token(world: World) -> None:
    github = client_of(world.hub, world.app)
    since = len(world.hub.journal.requests)
    barrier = threading.Barrier(16, timeout=20)

    def ask(_: int) -> str:
        barrier.wait()
        token = github.git_token(world.repo, write=True)
        assert token is not None
        return token.value.reveal()

    with ThreadPoolExecutor(16) as pool:
        assert len(set(pool.map(ask, range(16)))) == 1
    assert len(minted(world, since)) == 1
    github.close()


def test_a_token_is_replaced_five_minutes_before_it_expires() -> None:
    count = iter(range(1, 9))
    clock = SetClock()

    def answer(asked: Asked) -> Answer | None:
        return token_answer(f"ghs_{next(count)}") if MINTED in asked.path else None

    def value(github: AppGitHub) -> str:
        token = github.git_token(REPO, write=False)
        assert token is not None
        return token.value.reveal()

    with Canned(answer) as server, github_on(server, clock) as github:
        assert value(github) == "ghs_1"
        clock.moment += timedelta(minutes=54)
        assert value(github) == "ghs_1"
        clock.moment += timedelta(minutes=2)
        assert value(github) == "ghs_2"


def test_a_token_that_ends_in_the_middle_is_replaced_once_and_the_request_repeated_once() -> None:
    """401 on a write: nothing was applied, so repeating it is safe."""
    count = iter(range(1, 9))

    def answer(asked: Asked) -> Answer | None:
        if MINTED in asked.path:
            return token_answer(f"ghs_{next(count)}")
        return Answer(201, {"id": 1}) if asked.token == "ghs_2" else Answer(401, {"message": "Bad credentials"})

    with Canned(answer) as server, github_on(server) as github:
        github.react(REPO, ReactionTarget.ISSUE, 1, "eyes")
        assert [asked.token for asked in server.of("POST", "reactions")] == ["ghs_1", "ghs_2"]
        github.react(REPO, ReactionTarget.ISSUE, 1, "eyes")
        assert len(server.of("POST", MINTED)) == 2


def test_credentials_that_are_never_accepted_end_as_a_refusal() -> None:
    def answer(asked: Asked) -> Answer | None:
        return None if MINTED in asked.path else Answer(401, {"message": "Bad credentials"})

    with Canned(answer) as server, github_on(server) as github:
        with pytest.raises(Refused, match="credentials"):
            github.react(REPO, ReactionTarget.ISSUE, 1, "eyes")
        assert len(server.of("POST", MINTED)) == 2
        assert len(server.of("POST", "reactions")) == 2


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (Answer(401, {"message": "A JSON web token could not be decoded"}), Refused),
        (Answer(403, {"message": "This installation has been suspended"}), Refused),
        (Answer(404, {"message": "Not Found"}), NotThere),
        (Answer(422, {"message": "The permissions requested are not granted"}), Refused),
        (Answer(403, {"message": "slow down"}, {"Retry-After": "9"}), RateLimited),
        (Answer(502, text="<html>"), Transient),
        (Answer(201, {"token": 7}), Transient),
    ],
    ids=["bad key", "suspended", "gone", "not granted", "limited", "unwell", "odd"],
)
def test_a_token_that_is_not_given_says_why(given: Answer, error: type[Exception]) -> None:
    with Canned(lambda asked: given) as server, github_on(server) as github, pytest.raises(error):
        github.git_token(REPO, write=False)


def test_minting_survives_one_broken_answer(world: World) -> None:
    for kind in ("reset_after", "error_after"):
        github = client_of(world.hub, world.app)
        world.hub.faults.add(Fault(kind, "POST", "/access_tokens$"))  # type: ignore[arg-type]
        assert github.git_token(world.repo, write=False) is not None
        github.close()


@pytest.mark.parametrize("skew", [-290, -60, 0, 60, 290])
def test_a_clock_that_is_minutes_wrong_still_signs_validly(world: World, skew: int) -> None:
    clock = SetClock()
    clock.moment += timedelta(seconds=skew)
    github = AppGitHub(world.hub.api_url, world.app.id, Secret(world.app.private_key_pem), clock=clock)
    assert github.app().slug == "specbot"
    github.close()


def test_the_apps_own_statement() -> None:
    clock = SetClock()
    key = AppKey(7, Secret(some_key()), clock)
    first = key.authorization()
    claims = jwt.decode(first.removeprefix("Bearer "), options={"verify_signature": False})
    now = int(clock.moment.timestamp())
    assert claims["iss"] == "7"
    assert claims["iat"] <= now - 60
    assert now < claims["exp"] <= now + 600
    assert claims["exp"] - claims["iat"] <= 600
    clock.moment += timedelta(seconds=59)
    assert key.authorization() == first
    clock.moment += timedelta(seconds=2)
    assert key.authorization() != first


@pytest.mark.parametrize("pem", ["", "-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----\n"])
def test_a_key_that_is_none_is_a_config_fault_that_does_not_show_it(pem: str) -> None:
    with pytest.raises(ConfigFault) as caught:
        AppGitHub("https://api.github.com", 1, Secret(pem))
    assert "hunter2" not in str(caught.value)


def test_a_redirect_is_never_followed() -> None:
    """PyGithub would repeat even a POST after a 301, without its query, wherever on the host it points."""
    elsewhere = Answer(301, {"message": "Moved Permanently"}, {"Location": "/api/v3/repositories/9/issues"})
    with Canned(lambda asked: None if MINTED in asked.path else elsewhere) as server, github_on(server) as github:
        with pytest.raises(NotThere, match="moved"):
            github.react(REPO, ReactionTarget.ISSUE, 1, "eyes")
        with pytest.raises(NotThere, match="moved"):
            github.checks(REPO, HEAD, "x")
        assert [asked.path for asked in server.asked if "repositories/9" in asked.path] == []


@pytest.fixture
def eager_switching() -> Iterator[None]:
    """Threads take turns after a microsecond, so that a race of a few instructions shows."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("eager_switching")
def test_many_threads_never_send_each_others_requests() -> None:
    """On PyGithub's shared connection they do: one repository's request goes out with another's token."""

    def answer(asked: Asked) -> Answer | None:
        if MINTED in asked.path:
            return token_answer(f"ghs_for_{asked.body['repository_ids'][0]}")
        number = int(asked.path.split("/")[-1].split("?")[0])
        return Answer(data={"id": number, "owner": {"login": "octo"}, "name": "lib", "default_branch": "main",
                            "private": False, "html_url": asked.token})  # fmt: skip

    with Canned(answer) as server, github_on(server) as github, ThreadPoolExecutor(16) as pool:
        ids = [RepoId(number) for number in range(1, 25)] * 8
        found = list(pool.map(lambda repo: github.repository(REPO.installation_id, repo), ids))
        assert [one.html_url for one in found] == [f"ghs_for_{repo}" for repo in ids]
        assert [one.ref.repo_id for one in found] == ids
        assert Counter(asked.body["repository_ids"][0] for asked in server.of("POST", MINTED)).most_common(1)[0][1] == 1


def test_every_request_says_who_and_which_version() -> None:
    with Canned(lambda asked: None) as server, github_on(server) as github:
        github.git_token(REPO, write=False)
        [asked] = server.asked
        assert asked.headers["User-Agent"] == "specbot"
        assert asked.headers["X-GitHub-Api-Version"] == "2022-11-28"
        assert asked.path == "/api/v3/app/installations/5/access_tokens"
