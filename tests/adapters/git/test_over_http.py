"""The adapter against the local GitHub: tokens, leases, refusals and broken answers."""

import base64
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bot.adapters.git.git import GitCommandLine
from bot.adapters.sandbox.box_uids import BoxUids
from bot.core.pulls import RepoRef, Secret, Token
from bot.errors import LeaseLost, NotThere, RateLimited, Refused, Transient
from bot.hub import Drop, Fault, Hub, Repository, Write
from bot.ids import InstallationId, PrNumber, RepoId, Sha
from tests.adapters.git.origin import BOT, wait_until


@dataclass
class HubTokens:
    """Mints as the real thing does: one repository, one permission. `kind` may be forced to play a weak or dead token."""

    hub: Hub
    repo: Repository
    installation: int
    level: str | None = None
    minted: list[str] = field(default_factory=list)

    def git_token(self, repo: RepoRef, *, write: bool) -> Token | None:
        level = self.level or ("write" if write else "read")
        if level == "dead":
            value = "ghs_" + "x" * 36
        else:
            value = self.hub.installation_token(self.installation, [self.repo], {"contents": level})
        self.minted.append(value)
        return Token(Secret(value), datetime.now(UTC) + timedelta(hours=1))


@dataclass
class Scene:
    """A private repository on the hub with a pull request's branch, and the adapter as the App sees it."""

    hub: Hub
    repo: Repository
    ref: RepoRef
    git: GitCommandLine
    tokens: HubTokens
    head: Sha
    state: Path

    def work(self, message: str = "work", path: str | None = None) -> Sha:
        tree = self.git.tree(self.ref, self.head)
        if path:
            entry = self.git.entries(self.ref, tree)[0]
            tree = self.git.with_files(self.ref, tree, {path: entry}, [])
        return self.git.commit(self.ref, tree, [self.head], message, BOT)

    def stands(self, branch: str = "topic") -> str | None:
        return self.hub.store.bare(self.repo).commit_id(f"refs/heads/{branch}")


@pytest.fixture
def scene(hub: Hub, tmp_path: Path) -> Iterator[Scene]:
    repo = hub.create_repository("ada/text", private=True, files={"README.md": "# text\n"})
    app = hub.register_app("specbot", "Specbot", {"contents": "write", "pull_requests": "write"}, [])
    installation = hub.install(app, "ada", [repo])
    hub.commit(repo, "topic", {"a.txt": "a\n"}, "Add a", "ada")
    hub.open_pull_request(repo, "topic", "Add a", "ada")
    tokens = HubTokens(hub, repo, installation)
    state = tmp_path / "state"
    git = GitCommandLine(state, lambda ref: f"{hub.url}/{ref.full_name}.git", tokens, BoxUids(state))
    ref = RepoRef(InstallationId(installation), RepoId(repo.id), "ada", "text")
    head = git.branch_head(ref, "topic")
    assert head is not None
    git.fetch(ref, [head], pull=PrNumber(1))
    yield Scene(hub, repo, ref, git, tokens, head, state)
    git.close()


def pushes(scene: Scene) -> list[Write]:
    return [write for write in scene.hub.journal.writes() if write.kind == "git"]


def test_fetch_work_push(scene: Scene) -> None:
    commit = scene.work()
    scene.git.push(scene.ref, commit, "topic", expected=scene.head)
    assert scene.stands() == commit
    scene.git.push(scene.ref, commit, "topic", expected=scene.head)
    scene.git.push(scene.ref, commit, "specbot/run-1", expected=None)
    assert scene.git.branch_head(scene.ref, "specbot/run-1") == commit
    assert len(pushes(scene)) == 2


def test_a_persons_push_wins_even_in_the_last_moment(scene: Scene) -> None:
    commit = scene.work()
    raced = threading.Event()

    def person_is_faster(moment: str, write: Write) -> None:
        if moment == "before" and write.kind == "git" and not raced.is_set():
            raced.set()
            scene.hub.commit(scene.repo, "topic", {"b.txt": "b\n"}, "Faster", "ada")

    scene.hub.on_write(person_is_faster)
    with pytest.raises(LeaseLost):
        scene.git.push(scene.ref, commit, "topic", expected=scene.head)
    assert raced.is_set()
    assert scene.stands() not in (commit, scene.head)
    with pytest.raises(LeaseLost):
        scene.git.push(scene.ref, commit, "topic", expected=scene.head)


def test_a_person_who_pushes_between_our_look_and_our_push_wins(scene: Scene) -> None:
    commit = scene.work()
    # Looking takes two requests (without and with the token); the third opens the push.
    scene.hub.faults.add(Fault("latency", path="info/refs", skip=2, seconds=0.6))

    def person_is_faster() -> None:
        wait_until(lambda: scene.hub.faults.rules() == (), "the push has begun")
        scene.hub.store.bare(scene.repo).run("update-ref", "refs/heads/topic", base)

    # Back to an ancestor of ours: only the lease stands against it.
    base = str(scene.stands("main"))
    person = threading.Thread(target=person_is_faster)
    person.start()
    try:
        with pytest.raises(LeaseLost):
            scene.git.push(scene.ref, commit, "topic", expected=scene.head)
    finally:
        person.join()
    assert scene.stands() == base


def test_a_push_whose_answer_was_lost_counts_once(scene: Scene) -> None:
    commit = scene.work()

    def no_answer(moment: str, write: Write) -> None:
        if moment == "after" and write.kind == "git":
            raise Drop

    stop = scene.hub.on_write(no_answer)
    scene.git.push(scene.ref, commit, "topic", expected=scene.head)
    stop()
    assert scene.stands() == commit
    assert len(pushes(scene)) == 1


def test_a_push_that_never_arrived_may_be_tried_again(scene: Scene) -> None:
    commit = scene.work()
    scene.hub.faults.add(Fault("error_before", method="POST", path="git-receive-pack"))
    with pytest.raises(Transient):
        scene.git.push(scene.ref, commit, "topic", expected=scene.head)
    assert scene.stands() == scene.head
    scene.git.push(scene.ref, commit, "topic", expected=scene.head)
    assert scene.stands() == commit


def test_broken_answers_are_transient(scene: Scene) -> None:
    for fault in (
        Fault("error_before", path="info/refs"),
        Fault("reset_before", path="info/refs"),
        Fault("error_after", path="info/refs"),
        Fault("reset_after", path="info/refs"),
    ):
        scene.hub.faults.add(fault)
        with pytest.raises(Transient):
            scene.git.branch_head(scene.ref, "topic")
        assert scene.git.branch_head(scene.ref, "topic") == scene.head


@pytest.mark.parametrize("status", [403, 429])
def test_a_limit_in_the_middle_of_a_push_is_no_refusal(scene: Scene, status: int) -> None:
    work = scene.work()
    scene.hub.faults.add(Fault("secondary_limit", method="POST", path="git-receive-pack$", status=status))
    with pytest.raises(RateLimited):
        scene.git.push(scene.ref, work, "topic", expected=scene.head)
    scene.git.push(scene.ref, work, "topic", expected=scene.head)
    assert scene.git.branch_head(scene.ref, "topic") == work


def test_a_limit_is_a_pause(scene: Scene) -> None:
    scene.hub.faults.add(Fault("secondary_limit", path="info/refs", status=429))
    with pytest.raises(RateLimited):
        scene.git.branch_head(scene.ref, "topic")


def test_a_read_token_pushes_nothing(scene: Scene) -> None:
    commit = scene.work()
    scene.tokens.level = "read"
    with pytest.raises(Refused, match="403"):
        scene.git.push(scene.ref, commit, "topic", expected=scene.head)
    assert scene.stands() == scene.head


def test_a_dead_token_is_refused(scene: Scene) -> None:
    scene.tokens.level = "dead"
    with pytest.raises(Refused, match="token"):
        scene.git.branch_head(scene.ref, "topic")


def test_workflow_files_are_the_servers_refusal(scene: Scene) -> None:
    commit = scene.work(path=".github/workflows/ci.yml")
    with pytest.raises(Refused, match="workflows"):
        scene.git.push(scene.ref, commit, "topic", expected=scene.head)
    assert scene.stands() == scene.head


def test_a_repository_that_the_app_cannot_see(scene: Scene) -> None:
    gone = RepoRef(scene.ref.installation_id, RepoId(99), "ada", "other")
    with pytest.raises(NotThere):
        scene.git.branch_head(gone, "topic")


def test_a_deleted_pull_request_branch_is_found_by_its_number(scene: Scene, tmp_path: Path) -> None:
    scene.git.push(scene.ref, scene.work(), "topic", expected=scene.head)
    scene.hub.store.bare(scene.repo).run("update-ref", "-d", "refs/heads/topic")
    state = tmp_path / "elsewhere"
    other = GitCommandLine(state, lambda ref: f"{scene.hub.url}/{ref.full_name}.git", scene.tokens, BoxUids(state))
    other.fetch(scene.ref, [scene.head], pull=PrNumber(1), branch="topic")
    assert other.tree(scene.ref, scene.head) == scene.git.tree(scene.ref, scene.head)


class Watcher:
    """Reads what any process on the machine shows of itself while git talks."""

    def __init__(self) -> None:
        self.seen: dict[str, bytes] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> "Watcher":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.003):
            for process in Path("/proc").iterdir():
                if process.name.isdigit() and int(process.name) != os.getpid():
                    for what in ("cmdline", "environ"):
                        try:
                            said = (process / what).read_bytes()
                        except OSError:
                            continue
                        self.seen.setdefault(f"{what}\0{said!r}", said)


def forms(token: str) -> list[bytes]:
    both = base64.b64encode(f"x-access-token:{token}".encode())
    return [token.encode(), base64.b64encode(token.encode()).rstrip(b"="), both.rstrip(b"="), token[5:45].encode()]


def test_the_token_shows_nowhere(scene: Scene) -> None:
    scene.hub.faults.add(Fault("latency", path=r"text\.git", times=None, seconds=0.15))
    commit = scene.work()
    theirs = scene.hub.commit(scene.repo, "main", {"m": "m\n"}, "On main", "ada")
    with Watcher() as watcher:
        scene.git.fetch(scene.ref, [Sha(str(theirs))])
        scene.git.push(scene.ref, commit, "topic", expected=scene.head)
    shown = watcher.seen.values()
    assert any(b"git-remote-http" in said or b"remote-http" in said for said in shown), "git was not caught in the act"
    assert any(b"SPECBOT_FD=" in said for said in shown)
    for token in scene.tokens.minted:
        for form in forms(token):
            assert not [said for said in shown if form in said]
            for file in scene.state.rglob("*"):
                assert not file.is_file() or form not in file.read_bytes(), file


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[str | None]]]:
    """Another origin that asks everybody for a password, and what it was told."""
    told: list[str | None] = []

    class Ask(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.append(self.headers["Authorization"])
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="GitHub"')
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    with serving(Ask) as url:
        yield url, told


class serving:
    """A handler on loopback while the block runs; gives its URL."""

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    def __enter__(self) -> str:
        self._thread.start()
        return f"http://127.0.0.1:{self._server.server_port}"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def test_a_redirect_to_another_origin_gets_no_token(
    scene: Scene, elsewhere: tuple[str, list[str | None]], tmp_path: Path
) -> None:
    url, told = elsewhere

    class Redirect(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", url + self.path)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    with serving(Redirect) as front:
        git = GitCommandLine(
            tmp_path / "redirected", lambda ref: f"{front}/ada/text.git", scene.tokens, BoxUids(tmp_path / "redirected")
        )
        with pytest.raises(Refused):
            git.branch_head(scene.ref, "topic")
    assert told
    assert set(told) == {None}


def test_the_same_origin_gets_the_token_after_a_redirect(
    scene: Scene, elsewhere: tuple[str, list[str | None]], tmp_path: Path
) -> None:
    url, told = elsewhere
    git = GitCommandLine(
        tmp_path / "asked", lambda ref: f"{url}/ada/text.git", scene.tokens, BoxUids(tmp_path / "asked")
    )
    with pytest.raises(Refused):
        git.branch_head(scene.ref, "topic")
    expected = base64.b64encode(f"x-access-token:{scene.tokens.minted[-1]}".encode()).decode()
    assert told == [None, f"Basic {expected}"]
