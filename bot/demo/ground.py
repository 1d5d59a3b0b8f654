"""The ground the demo stands on: a local GitHub with the App on it, and the real web and worker processes, all on loopback.

Everything lives in one folder and ends with the `with` block: processes are stopped, files removed.
"""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import yaml

from bot.adapters.store.migrate import migrate
from bot.adapters.store.store import SqlStore
from bot.errors import SpecbotError
from bot.hub import Hub
from bot.hub.state.apps import App
from bot.ids import RunId

MANIFEST = Path(__file__).resolve().parents[2] / "app.yml"

GRACE_SECONDS = 10
"""For web and worker to end after SIGTERM before they are killed; the demo must leave nothing behind."""

PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "OPENAI_API_KEY")
"""What the bot's processes see of the caller's environment, besides the installer's own settings: no more than they need."""


class DemoFault(SpecbotError):
    """The demo could not be set up, or one of its processes ended."""

    code = "demo"


@dataclass
class Ground:
    """`with Ground(...) as ground:` starts the hub; `start_bot` starts web and worker."""

    model_environment: dict[str, str]
    wheels: Path | None = None
    root: Path = field(init=False)
    hub: Hub = field(init=False)
    store: SqlStore = field(init=False)
    web_url: str = ""
    _stack: ExitStack = field(default_factory=ExitStack)
    _processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def __enter__(self) -> "Ground":
        try:
            self.root = Path(tempfile.mkdtemp(prefix="specbot-demo-"))
            # A box's own user must be able to pass through to its checkout; it cannot list what lies here.
            self.root.chmod(0o711)
            self._stack.callback(shutil.rmtree, self.root, ignore_errors=True)
            self.state.mkdir(mode=0o711)
            self.hub = self._stack.enter_context(Hub(self.root / "hub"))
            migrate(self.database_url)
            self.store = SqlStore(self.database_url)
            self._stack.callback(self.store.close)
            self._stack.callback(self._stop_processes)
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def state(self) -> Path:
        return self.root / "state"

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.state}/specbot.db"

    def log_of(self, process: str) -> Path:
        return self.root / f"{process}.log"

    def page_of(self, run: RunId) -> str:
        """Where a run can be watched, once the web process is started."""
        return f"{self.web_url}/runs/{run}"

    def start_bot(self, owner: str, repositories: list[str]) -> App:
        """Register and install the App, start web and worker, and tell the hub where to send webhooks."""
        manifest = yaml.safe_load(MANIFEST.read_text())
        app = self.hub.register_app(
            "specbot",
            "Specbot",
            permissions=manifest["default_permissions"],
            events=manifest["default_events"],
            secret=secrets.token_hex(20),
            owner=owner,
        )
        self.hub.install(app, owner, repositories)
        door = self._stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        url = self.web_url = f"http://127.0.0.1:{door.getsockname()[1]}"
        environment = self._environment(app, url)
        self._start("worker", environment)
        self._start("web", {**environment, "GUNICORN_CMD_ARGS": f"--bind fd://{door.fileno()}"}, door.fileno())
        self.hub.set_webhook(app, f"{url}/webhooks/github")
        return app

    def check_alive(self) -> None:
        """Raises `DemoFault` with the end of its log when one of our processes has ended."""
        for name, process in self._processes.items():
            if process.poll() is not None:
                tail = self.log_of(name).read_text(errors="replace")[-2000:]
                raise DemoFault(f"the {name} process ended with {process.returncode}", hint=f"its last words:\n{tail}")

    def _environment(self, app: App, url: str) -> dict[str, str]:
        key = self.root / "app.pem"
        key.touch(mode=0o600)
        key.write_text(app.private_key_pem)
        passed = {name: value for name, value in os.environ.items() if name in PASSED_ON or name.startswith("PIP_")}
        wheels = {"SPECBOT_WHEELS": str(self.wheels)} if self.wheels else {}
        return {
            **passed,
            "HOME": str(self.root),
            "PYTHONUNBUFFERED": "1",
            "APP_ID": str(app.app_id),
            "PRIVATE_KEY_PATH": str(key),
            "WEBHOOK_SECRET": app.webhook_secret,
            "GITHUB_URL": self.hub.url,
            "GITHUB_API_URL": self.hub.api_url,
            "SPECBOT_STATE_DIR": str(self.state),
            "SPECBOT_PUBLIC_URL": url,
            "SPECBOT_OPEN_PAGES": "on",
            "LOG_LEVEL": "INFO",
            **wheels,
            **self.model_environment,
        }

    def _start(self, name: str, environment: dict[str, str], *keep: int) -> None:
        log = self._stack.enter_context(self.log_of(name).open("wb"))
        self._processes[name] = subprocess.Popen(
            [sys.executable, "-m", "bot", name],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            pass_fds=keep,
            start_new_session=True,
        )

    def _stop_processes(self) -> None:
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            try:
                process.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
