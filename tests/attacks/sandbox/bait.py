"""What a service has that an attacker wants. All of it is readable by every user of the machine, so that only the box protects it.

A process with a token in its environment; a home with an ssh key and a .netrc; an App key; a database; a server on
loopback; UNIX sockets, abstract and by path; an open file that is inherited by children.
"""

import os
import secrets
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

SERVICE = "import sys; print('ready', flush=True); sys.stdin.read()"


@dataclass(frozen=True)
class Bait:
    """`word` stands in every secret. `service` is the process id of the bait's process, `inherited` an inheritable descriptor of ours."""

    word: str
    home: Path
    service: int
    port: int
    abstract: str
    inherited: int

    @property
    def files(self) -> list[Path]:
        return [self.home / name for name in (".ssh/id_ed25519", ".netrc", "app.pem", "bot.db")]

    @property
    def socket(self) -> Path:
        return self.home / "service.sock"


@contextmanager
def bait_laid() -> Iterator[Bait]:
    word = f"BAIT{secrets.token_hex(8)}"
    with ExitStack() as stack:
        home = Path(tempfile.mkdtemp(prefix="specbot-bait-"))
        stack.callback(shutil.rmtree, home, ignore_errors=True)
        (home / ".ssh").mkdir()
        for path in (home / ".ssh" / "id_ed25519", home / ".netrc", home / "app.pem"):
            path.write_text(f"secret {word}\n")
        database = sqlite3.connect(home / "bot.db")
        database.execute("create table tokens (value text)")
        database.execute("insert into tokens values (?)", (word,))
        database.commit()
        database.close()
        for path in (home, *home.rglob("*")):
            path.chmod(0o777 if path.is_dir() else 0o666)
        service = _service(stack, word)
        os.environ["GITHUB_TOKEN"] = word
        stack.callback(os.environ.pop, "GITHUB_TOKEN", None)
        port = _listening(stack, socket.AF_INET, ("127.0.0.1", 0), word)
        abstract = f"specbot-{word}"
        _listening(stack, socket.AF_UNIX, f"\0{abstract}", word)
        _listening(stack, socket.AF_UNIX, str(home / "service.sock"), word)
        (home / "service.sock").chmod(0o777)
        inherited = os.open(home / "app.pem", os.O_RDWR)
        stack.callback(os.close, inherited)
        os.set_inheritable(inherited, True)
        yield Bait(word, home, service, port, abstract, inherited)


def _service(stack: ExitStack, word: str) -> int:
    """A process of ours with the token in the environment that it was started with, which is what /proc shows."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVICE],
        env={"GITHUB_TOKEN": word, "PATH": os.environ.get("PATH", "")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    stack.enter_context(process)  # closes its pipes, which ends it, and waits
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return process.pid


def _listening(stack: ExitStack, family: int, address: object, word: str) -> int:
    """A server that gives the word to everybody who connects; its port, 0 for UNIX sockets."""
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.bind(address)
    listener.listen(64)

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.sendall(f"HTTP/1.0 200 OK\r\n\r\n{word}\n".encode())

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()

    def stop() -> None:
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(10)
        listener.close()

    stack.callback(stop)
    return int(listener.getsockname()[1]) if family == socket.AF_INET else 0
