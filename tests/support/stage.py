"""The stage for stories: hub, web door, worker, git, sandbox and a scripted model, all real, in this process and on loopback.

    with Stage(implementing({"greet.py": GOOD})) as stage:
        pull = stage.open(SPEC)
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"

The repository is small and its criteria need no installed package, so that a story takes seconds.
"""

import functools
import os
import shutil
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import TracebackType

from werkzeug.serving import make_server

from bot.adapters.clock import SystemClock
from bot.adapters.github.github import AppGitHub
from bot.adapters.store.migrate import migrate
from bot.adapters.store.store import SqlStore
from bot.app import build_house, engine_url, working
from bot.core.pace import Rhythm
from bot.core.runs import Run
from bot.hub import App, Hub, Repository
from bot.hub.hub import utc_now
from bot.hub.state.checks import CheckRun
from bot.hub.state.issues import Comment, Issue
from bot.hub.state.reviews import Review, ReviewComment
from bot.ids import PrNumber, RepoId
from bot.reporting.names import ACCEPTANCE, STATUS_MARKER
from bot.settings import Settings, load_settings
from bot.web.metrics import WebMetrics
from bot.web.server import Door, create_app
from bot.workflows.engine import Engine, worker_id
from bot.workflows.house import House
from bot.workflows.pump import Pump
from bot.workflows.showing import Showing
from tests.conftest import judged, one_key
from tests.support.scripted_model import Answer, Script, ScriptedModel, Seen, call

DEADLINE = 60.0
"""Seconds a story may wait for one thing. Far above what it takes, so that only a hang reaches it."""

PREPARED = Path(tempfile.gettempdir()) / f"specbot-test-environments-{os.getuid()}"
"""Prepared environments that stages share; they are named by their content, so an old one is never taken for another."""

AT_ONCE = Rhythm(0.0, 0.0, 0.0)
"""Progress is shown whenever there is some: a whole story is over within the ten seconds that people get to read."""

PERMISSIONS = {
    "metadata": "read",
    "contents": "write",
    "pull_requests": "write",
    "issues": "write",
    "checks": "write",
    "statuses": "read",
} | {"merge_queues": "read"}
EVENTS = (
    "pull_request",
    "issue_comment",
    "issues",
    "merge_group",
    "pull_request_review",
    "pull_request_review_comment",
    "check_suite",
    "check_run",
    "push",
    "status",
)

CONFIGURATION = "environment:\n  requirements: []\nbudget:\n  tokens: 500000\n  minutes: 10\n"
BASE = {
    ".github/specbot.yml": CONFIGURATION,
    "greet.py": 'def greet(name):\n    return "hello"\n',
    "README.md": "# greet\n",
}
SPEC_PATH = "specs/0001-greet.md"
SPEC = """\
---
title: Greet people by name
status: ready
scope: [greet.py]
---

# Greet people by name

## Acceptance criteria

- **AC-1** The greeting names the person.

  ```sh verify
  python3 -c "from greet import greet; assert greet('Ada') == 'hello Ada'"
  ```

- **AC-2** Nobody in particular is greeted as before.

  ```sh keep
  python3 -c "from greet import greet; assert greet('').strip() == 'hello'"
  ```
"""
GOOD = 'def greet(name):\n    return f"hello {name}".strip()\n'
WRONG = 'def greet(name):\n    return "hello everybody"\n'


@functools.cache
def blank_databases() -> Mapping[str, bytes]:
    """Our database and the engine's as a first start leaves them, made once: the engine finds new queues a second after they are made."""
    with tempfile.TemporaryDirectory(prefix="specbot-blank-") as folder:
        url = f"sqlite:///{folder}/specbot.db"
        migrate(url)
        engine = Engine(url.removesuffix(".db") + "-engine.db", worker_id())
        engine.start({})
        engine.stop()
        return {path.name: path.read_bytes() for path in Path(folder).glob("*.db")}


@contextmanager
def shared_environments(folder: Path) -> Iterator[None]:
    """Start with what earlier stages prepared, and leave the rest for later ones: installing pytest takes longer than a story."""
    if PREPARED.is_dir():
        shutil.copytree(PREPARED, folder, dirs_exist_ok=True, symlinks=True)
    try:
        yield
    finally:
        if folder.is_dir() and not PREPARED.is_dir():
            with tempfile.TemporaryDirectory(dir=PREPARED.parent) as part:
                shutil.copytree(folder, Path(part) / "environments", symlinks=True)
                with suppress(OSError):  # another test was first
                    (Path(part) / "environments").rename(PREPARED)


def implementing(files: Mapping[str, str], *, finding: bool = True, repair: Mapping[str, str] | None = None) -> Script:
    """A model that writes these files and hands in (on a repair, those), and a reviewer with one remark on greet.py or none."""

    def script(seen: Seen) -> Answer:
        role = seen.label.split("/")[0]
        if role == "reviewer":
            remark = {"path": "greet.py", "line": 2, "severity": "low", "message": "What of names with blanks?"}
            return call("finish", summary="Reads well.", findings=[remark] if finding else [])
        asked = [m for m in seen.body["messages"] if m["role"] == "user"]
        wanted = files if len(asked) == 1 else (repair or files)
        if seen.body["messages"][-1]["role"] == "user":
            return Answer(
                calls=[("create", {"path": path, "content": text, "overwrite": True}) for path, text in wanted.items()]
            )
        return call("finish", summary="Done as asked.")

    return script


def never(seen: Seen) -> Answer:
    """For stories in which no model may be called."""
    raise AssertionError(f"a model was called: {seen.label}")


@dataclass
class Stage:
    """See the module. `worker` and `door` can be stopped and started again by a story. `before` can hold a model's request up without holding up
    the others; `clock` is the hub's."""

    script: Script
    base: Mapping[str, str] = field(default_factory=lambda: dict(BASE))
    environment: Mapping[str, str] = field(default_factory=dict)
    before: Callable[[Seen], object] = lambda seen: None
    clock: Callable[[], datetime] = utc_now
    root: Path = field(init=False)
    hub: Hub = field(init=False)
    model: ScriptedModel = field(init=False)
    app: App = field(init=False)
    repo: Repository = field(init=False)
    store: SqlStore = field(init=False)
    house: House = field(init=False)
    _stack: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> "Stage":
        try:
            self._set_up()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()
        if kind is None:
            judged(self.hub)

    def _set_up(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="specbot-stage-"))
        self.root.chmod(0o711)  # a box's own user passes through to its checkout
        self._stack.callback(shutil.rmtree, self.root, ignore_errors=True)
        (self.root / "state").mkdir(mode=0o711)
        if "requirements: []" not in self.base.get(".github/specbot.yml", ""):
            self._stack.enter_context(shared_environments(self.root / "state" / "environments"))
        self.model = self._stack.enter_context(ScriptedModel(self.script, self.before))
        self.hub = self._stack.enter_context(Hub(self.root / "hub", self.clock, make_key=one_key))
        self.hub.add_user("ada")
        self.repo = self.hub.create_repository("ada/greet", files=self.base)
        self.hub.set_permission(self.repo, "grace", "write")
        self.hub.set_permission(self.repo, "linus", "read")
        self.app = self.hub.register_app("specbot", "Specbot", PERMISSIONS, EVENTS, secret="a secret", owner="ada")
        self.hub.install(self.app, "ada", [self.repo])
        self.hub.protect(self.repo, "main", [(ACCEPTANCE, self.app.app_id)])
        for name, content in blank_databases().items():
            (self.root / "state" / name).write_bytes(content)
        self.store = SqlStore(self.settings.database_url.reveal())
        self._stack.callback(self.store.close)
        self.house = replace(build_house(self.settings, self.store), showing=Showing(AT_ONCE))
        self.hub.set_webhook(self.app, f"{self._stack.enter_context(self.door())}/webhooks/github")
        self._stack.callback(lambda: self.hub.deliveries_idle(10))

    @property
    def settings(self) -> Settings:
        return load_settings(self.environ)

    @property
    def environ(self) -> dict[str, str]:
        """What a process of the bot on this stage is given."""
        state = self.root / "state"
        state.mkdir(mode=0o711, exist_ok=True)
        key = self.root / "app.pem"
        if not key.exists():
            key.touch(mode=0o600)
            key.write_text(self.app.private_key_pem)
        return {
            "APP_ID": str(self.app.app_id),
            "PRIVATE_KEY_PATH": str(key),
            "WEBHOOK_SECRET": self.app.webhook_secret,
            "GITHUB_URL": self.hub.url,
            "GITHUB_API_URL": self.hub.api_url,
            "SPECBOT_STATE_DIR": str(state),
            "OPENAI_BASE_URL": self.model.base_url,
            "OPENAI_API_KEY": "sk-of-the-stage",
            "SPECBOT_MODEL": "scripted",
            "SPECBOT_PRICES": '{"scripted": {"prompt": 1, "completion": 2}}',
            "LOG_LEVEL": "WARNING",
            **self.environment,
        }

    @property
    def elsewhere(self) -> dict[str, str]:
        """The same for a process on another machine: the database is shared, everything on disk is its own."""
        state = self.root / "elsewhere"
        state.mkdir(mode=0o711, exist_ok=True)
        database = f"sqlite:///{self.root}/state/specbot.db"
        return {**self.environ, "SPECBOT_STATE_DIR": str(state), "SPECBOT_DATABASE_URL": database}

    # --- processes ---

    @contextmanager
    def door(self) -> Iterator[str]:
        """The web process's application on a port; its address."""
        app = create_app(
            self.store,
            Door(self.app.app_id, self.settings.webhook_secrets),
            clock=SystemClock(),
            metrics=WebMetrics(),
            runs=self.store,
        )
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    @contextmanager
    def worker(self, house: House | None = None) -> Iterator[Engine]:
        """A worker in this process, until the block ends; in the stage's own house or another one on its database."""
        stop = threading.Event()
        house = house or self.house
        with working(house, engine_url(self.settings)) as engine:
            thread = threading.Thread(target=Pump(house, engine).run, args=(stop,))
            thread.start()
            try:
                yield engine
            finally:
                stop.set()
                thread.join()

    def redeliver_lost(self, since: datetime | None) -> datetime:
        """What a worker's sweep asks GitHub for: every delivery that never arrived."""
        assert isinstance(self.house.github, AppGitHub)
        return self.house.github.redeliver_lost(since).seen_until

    # --- what people do ---

    def push(
        self, files: Mapping[str, str | None], branch: str = "topic", login: str = "ada", message: str = "Push"
    ) -> str:
        """Push one commit; its SHA."""
        return self.hub.commit(self.repo, branch, files, message, login)

    def open(
        self,
        spec: str | None = SPEC,
        files: Mapping[str, str | None] | None = None,
        login: str = "ada",
        branch: str = "topic",
        draft: bool = False,
    ) -> Issue:
        """Push a branch with the spec and other files, and open a pull request from it."""
        self.push({**({SPEC_PATH: spec} if spec is not None else {}), **(files or {})}, branch, login)
        return self.hub.open_pull_request(self.repo, branch, "Greet people by name", login, draft=draft)

    def say(self, pull: Issue, body: str, login: str = "ada") -> Comment:
        """A comment. It is never written in the very second in which its head was first seen: GitHub's times could not tell which was first."""
        seen = self.store.heads(RepoId(self.repo.id), PrNumber(pull.number))
        if seen and int(seen[-1].seen_at.timestamp()) >= int(time.time()):
            self.next_second()
        return self.hub.comment(self.repo, pull.number, login, body)

    def next_second(self) -> None:
        """Let the second pass: GitHub's times have no fractions, and what people do in sequence never happens in one second."""
        now = int(time.time())
        self.until(lambda: time.time() >= now + 1, "the clock")

    # --- what they see ---

    def head(self, pull: Issue) -> str:
        return self.hub.issue(self.repo, pull.number).as_pull.head_sha

    def checks(self, sha: str, name: str = ACCEPTANCE) -> list[CheckRun]:
        return [c for c in self.hub.check_runs(self.repo, sha) if c.name == name and c.app_id == self.app.app_id]

    def acceptance(self, pull: Issue, sha: str | None = None) -> str | None:
        """The conclusion of the newest acceptance check on a commit, by default the head; None while there is none."""
        found = self.checks(sha or self.head(pull))
        return found[-1].conclusion if found else None

    def told(self, sha: str) -> dict[str, list[str | None]]:
        """Everything our checks say on a commit: the conclusions by name, oldest first."""
        ours = [c for c in self.hub.check_runs(self.repo, sha) if c.app_id == self.app.app_id]
        return {name: [c.conclusion for c in ours if c.name == name] for name in {c.name for c in ours}}

    def title(self, pull: Issue) -> str:
        return self.checks(self.head(pull))[-1].output.title or ""

    def comments(self, pull: Issue) -> list[Comment]:
        """Everything we wrote in the conversation."""
        return [c for c in self.hub.comments(self.repo, pull.number) if c.author_id == self.app.bot_user.id]

    def status(self, pull: Issue) -> str:
        """The sticky comment's text."""
        return next(c.body for c in self.comments(pull) if c.body.startswith(STATUS_MARKER))

    def statuses(self, pull: Issue) -> int:
        """How many sticky comments there are."""
        return sum(c.body.startswith(STATUS_MARKER) for c in self.comments(pull))

    def answer(self, pull: Issue, asked: str, nth: int = 1) -> str:
        """Our answer to a command, waited for; the `nth` of several to the same words."""

        def found() -> list[str]:
            return [c.body for c in self.comments(pull) if f"\n> `{asked}`\n" in c.body or f"\n> {asked}\n" in c.body]

        self.until(lambda: len(found()) >= nth, f"an answer to {asked!r}")
        return found()[nth - 1]

    def file(self, sha: str, path: str) -> str:
        return self._git("show", f"{sha}:{path}")

    def _git(self, *words: str) -> str:
        return subprocess.run(
            ["git", "-C", str(self.repo.path), *words], capture_output=True, text=True, check=True
        ).stdout

    def blockers(self, pull: Issue) -> list[str]:
        """Why the merge button is shut, in GitHub's words."""
        return self.hub.merge_blockers(self.repo, pull.number)

    def reviews(self, pull: Issue) -> list[Review]:
        """Our reviews, oldest first."""
        return self.hub.store.reviews.where(lambda r: r.issue_id == pull.id and r.author_id == self.app.bot_user.id)

    def remarks(self, pull: Issue) -> list[ReviewComment]:
        """Our comments on lines of the diff, oldest first."""
        found = self.hub.store.review_comments
        return found.where(lambda c: c.issue_id == pull.id and c.author_id == self.app.bot_user.id)

    def reactions(self) -> list[str]:
        """Everything we reacted with, anywhere."""
        return [r.content for r in self.hub.store.reactions.where(lambda r: r.user_id == self.app.bot_user.id)]

    def executions(self) -> int:
        """How many commands of specs were ever executed."""
        with closing(sqlite3.connect(self.root / "state" / "specbot.db")) as database:
            return int(database.execute("select count(*) from executions").fetchone()[0])

    def branches(self) -> dict[str, str]:
        """Every branch with its tip."""
        shown = self._git("for-each-ref", "--format=%(refname:lstrip=2) %(objectname)", "refs/heads")
        return dict(line.split() for line in shown.splitlines())

    def message(self, sha: str) -> str:
        """A commit's whole message."""
        return self._git("log", "-1", "--format=%B", sha, "--")

    # --- waiting ---

    def settled(self, pull: Issue, seconds: float = DEADLINE) -> None:
        """Until nothing is under way: deliveries sent and understood, commands carried out, runs ended, the head's check completed."""
        self.until(lambda: self._at_rest(pull), "the pull request to come to rest", seconds)

    def until(self, true: Callable[[], object], what: str, seconds: float = DEADLINE) -> None:
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, f"waited in vain for {what}; {self._story()}"
            time.sleep(0.05)

    def runs(self, pull: Issue) -> list[str]:
        return [f"{r.start_head[:7]}#{r.attempt} {r.state.value}" for r in self.runs_at(pull)]

    def runs_at(self, pull: Issue) -> tuple[Run, ...]:
        """The pull request's runs as stored, oldest first."""
        return self.store.runs_of(RepoId(self.repo.id), PrNumber(pull.number))

    def unsettled(self) -> int:
        """How many of the engine's workflows are still under way."""
        with closing(sqlite3.connect(self.root / "state" / "specbot-engine.db")) as database:
            unended = "status in ('PENDING', 'ENQUEUED', 'DELAYED')"
            return int(database.execute(f"select count(*) from workflow_status where {unended}").fetchone()[0])

    def _at_rest(self, pull: Issue) -> bool:
        """What costs nothing is looked at first: a story looks often, and shares two cores with the worker it waits for."""
        acceptance = self.checks(self.head(pull))
        if not acceptance or acceptance[-1].status != "completed" or not self.hub.deliveries_idle(0.5):
            return False
        if self.store.pending_deliveries(1) or self.store.pending_commands(1):
            return False
        if any(run.state.live for run in self.runs_at(pull)):
            return False
        return all(c.status == "completed" for head in self._heads(pull) for c in self.checks(head))

    def _heads(self, pull: Issue) -> set[str]:
        return {seen.sha for seen in self.store.heads(RepoId(self.repo.id), PrNumber(pull.number))}

    def _story(self) -> str:
        runs = self.store.recent_runs(10)
        told = [f"{r.run_id} is {r.state.value} at {r.stage.value}: {r.reason}" for r in runs]
        said = {c.output.title or "" for r in runs for c in self.checks(r.start_head)}
        return "; ".join([*told, *sorted(said), f"{len(self.model.requests)} model calls"])
