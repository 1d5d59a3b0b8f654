"""A small site on the hub: a repository with a pull request, an App on it, and clients that call as different people."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt
import requests

from bot.hub import App, Hub, Repository
from bot.hub.state.people import Level

PERMISSIONS = {
    "administration": "write",
    "checks": "write",
    "contents": "write",
    "issues": "write",
    "merge_queues": "read",
    "pull_requests": "write",
    "statuses": "write",
}
ROLES: dict[str, Level] = {"wen": "write", "tri": "triage", "rea": "read", "mai": "maintain"}
EVENTS = (
    "check_run",
    "check_suite",
    "issue_comment",
    "issues",
    "merge_group",
    "pull_request",
    "pull_request_review",
    "pull_request_review_comment",
    "push",
    "status",
)


@dataclass(frozen=True)
class Client:
    """Calls the REST API with one token."""

    base: str
    token: str = ""

    def __call__(
        self, method: str, path: str, json: object = None, accept: str = "", headers: dict[str, str] | None = None
    ) -> requests.Response:
        sent = dict(headers or {})
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        if accept:
            sent["Accept"] = accept
        url = path if path.startswith("http") else self.base + path
        return requests.request(method, url, json=json, headers=sent, timeout=30)

    def ok(self, method: str, path: str, json: object = None) -> object:
        """The JSON of a call that must succeed."""
        answer = self(method, path, json)
        assert answer.status_code < 400, (method, path, answer.status_code, answer.text)
        return answer.json() if answer.content else None


@dataclass
class Site:
    """`ada` owns `ada/text`; `wen` may write, `tri` may triage, `rea` may read; #1 is ada's pull request from `topic`."""

    hub: Hub
    app: App
    repo: Repository
    installation_id: int
    path: str = "/repos/ada/text"

    @property
    def head(self) -> str:
        """The head of #1."""
        return self.hub.issue(self.repo, 1).as_pull.head_sha

    def user(self, login: str) -> Client:
        """A client for a person."""
        return Client(self.hub.api_url, self.hub.user_token(login))

    def bot(self, permissions: dict[str, str] | None = None) -> Client:
        """A client for the App on its installation."""
        return Client(self.hub.api_url, self.hub.installation_token(self.installation_id, permissions=permissions))

    def nobody(self) -> Client:
        """A client without a token."""
        return Client(self.hub.api_url)

    def as_app(self, **claims: object) -> Client:
        """A client for the App itself."""
        return Client(self.hub.api_url, app_jwt(self.app, **claims))


def app_jwt(app: App, key: str | None = None, **claims: object) -> str:
    """A JWT of an App, valid unless the claims spoil it."""
    now = int(datetime.now(UTC).timestamp())
    payload = {"iat": now - 60, "exp": now + 300, "iss": str(app.id), **claims}
    return jwt.encode(payload, key or app.private_key_pem, algorithm="RS256")


BASE_FILES = {
    "README.md": "# text\n\nOne.\nTwo.\nThree.\n",
    "src/cut.py": "".join(f"line {n}\n" for n in range(1, 41)),
    "old.txt": "".join(f"keep {n}\n" for n in range(20)),
    "gone.txt": "one\ntwo\n",
    "tests/test_cut.py": "def test(): pass\n",
}


def make_site(hub: Hub, webhook_url: str | None = None, private: bool = False) -> Site:
    """A fresh site."""
    repo = hub.create_repository("ada/text", private=private, files=BASE_FILES)
    for login, level in ROLES.items():
        hub.set_permission(repo, login, level)
    hub.add_user("stranger")
    app = hub.register_app("specbot", "Specbot", PERMISSIONS, EVENTS, webhook_url)
    installation_id = hub.install(app, "ada", [repo])
    lines = BASE_FILES["src/cut.py"].splitlines(keepends=True)
    lines[1] = "line two\n"
    del lines[29]
    change = {
        "src/cut.py": "".join(lines),
        "new.txt": "a\nb\nc\n",
        "gone.txt": None,
        "old.txt": None,
        "moved.txt": BASE_FILES["old.txt"],
    }
    hub.commit(repo, "topic", change, "Change things", "ada")
    hub.open_pull_request(repo, "topic", "Change things", "ada", body="Please.")
    return Site(hub, app, repo, installation_id)


@dataclass(frozen=True)
class Arrival:
    """A webhook as it arrived."""

    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> str:
        """The event's name."""
        return self.headers["X-GitHub-Event"]

    @property
    def guid(self) -> str:
        """The delivery's GUID."""
        return self.headers["X-GitHub-Delivery"]


@dataclass
class Receiver:
    """A webhook receiver; `status` is what it answers."""

    status: int = 202
    arrivals: list[Arrival] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def __post_init__(self) -> None:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with receiver.changed:
                    receiver.arrivals.append(Arrival(dict(self.headers), body))
                    receiver.changed.notify_all()
                self.send_response(receiver.status)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, format: str, *args: object) -> None:
                """Nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server.server_port}/hook"

    def wait_for(self, wanted: Callable[[list[Arrival]], bool], timeout: float = 10) -> list[Arrival]:
        """What arrived, once it is as wanted."""
        with self.changed:
            assert self.changed.wait_for(lambda: wanted(self.arrivals), timeout), [a.event for a in self.arrivals]
            return list(self.arrivals)

    def close(self) -> None:
        """Stop."""
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class FakeClock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **much: float) -> None:
        """Let time pass."""
        self.now += timedelta(**much)
