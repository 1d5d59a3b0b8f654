"""A repository with a pull request on the local GitHub, and our App on it."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.adapters.github import AppGitHub
from bot.core.ports import Clock
from bot.core.pulls import PullRequest, RepoRef, Secret
from bot.hub import App, Hub
from bot.hub import Repository as HubRepository
from bot.ids import InstallationId, PrNumber, RepoId, Sha
from tests.adapters.github.canned import Canned
from tests.conftest import judged

PERMISSIONS = {"checks": "write", "contents": "write", "issues": "write", "pull_requests": "write"}

PAUSES = (0.01, 0.01)
"""The hub shows a write at once."""


@dataclass(frozen=True)
class World:
    hub: Hub
    repository: HubRepository
    app: App
    installation: InstallationId
    github: AppGitHub
    repo: RepoRef
    pull: PullRequest


@cache
def some_key() -> str:
    """A private key for servers that do not look at it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return pem.decode()


def github_at(url: str, clock: Clock | None = None) -> AppGitHub:
    return AppGitHub(url, 7, Secret(some_key()), pauses=PAUSES, clock=clock)


@contextmanager
def github_on(server: Canned, clock: Clock | None = None) -> Iterator[AppGitHub]:
    github = github_at(server.url, clock)
    try:
        yield github
    finally:
        github.close()


REPO = RepoRef(InstallationId(5), RepoId(1), "octo", "lib")
HEAD = Sha("a" * 40)


def client_of(hub: Hub, app: App) -> AppGitHub:
    return AppGitHub(hub.api_url, app.id, Secret(app.private_key_pem), pauses=PAUSES)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One hub for a file of tests, whose traffic is judged at the end; each test has a pull request of its own in it."""
    with Hub(tmp_path_factory.mktemp("hub")) as hub:
        repository = hub.create_repository("ada/text", files={"README.md": "# text\n", "text/cut.py": "x = 1\n"})
        app = hub.register_app("specbot", "Specbot", PERMISSIONS, [])
        installation = InstallationId(hub.install(app, "ada", [repository]))
        github = client_of(hub, app)
        repo = RepoRef(installation, RepoId(repository.id), "ada", "text")
        yield World(hub, repository, app, installation, github, repo, open_pull(hub, repository, github, repo))
        github.close()
        assert hub.deliveries_idle(20)
    judged(hub)


def open_pull(hub: Hub, repository: HubRepository, github: AppGitHub, repo: RepoRef) -> PullRequest:
    """A pull request from a fresh branch that adds `a.txt` with 200 lines."""
    branch = f"topic-{secrets.token_hex(4)}"
    text = "".join(f"{branch} {n}\n" for n in range(1, 201))
    hub.commit(repository, branch, {"a.txt": text}, "Add a", "ada")
    return github.pull_request(repo, PrNumber(hub.open_pull_request(repository, branch, "Add a", "ada").number))


@pytest.fixture
def world(shared: World) -> Iterator[World]:
    pull = open_pull(shared.hub, shared.repository, shared.github, shared.repo)
    yield replace(shared, pull=pull)
    shared.hub.faults.clear()
