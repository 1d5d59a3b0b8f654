"""Inside a box: starts the services that a command expects, empty, then runs the command and ends with its status.

    python specbot_services.py NAME,NAME COMMAND…

Ends with status 96 when a service does not start. Everything ends with the box. Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import glob
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time

NOT_STARTED = 96

SECONDS = 60
"""For one service to answer: some tenths on an idle machine, some seconds for the first files of a database on a busy one."""


def program(name: str) -> str:
    """On the system's path, or where distributions put PostgreSQL's, newest first."""
    versions = glob.glob("/usr/lib/postgresql/*/bin/" + name)
    found = shutil.which(name, path="/usr/local/bin:/usr/bin:/bin")
    if versions:
        return max(versions, key=lambda path: [int(part) for part in path.split("/")[4].split(".") if part.isdigit()])
    if found is None:
        raise OSError(name + " is not there")
    return found


def postgresql(folder: str) -> tuple[list[str], int]:
    data = os.path.join(folder, "data")
    made = subprocess.run(
        [program("initdb"), "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync"],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
    )
    if made.returncode != 0:
        raise OSError("initdb: " + (made.stderr or made.stdout).strip()[-400:])
    words = [program("postgres"), "-D", data, "-k", folder, "-h", "127.0.0.1", "-p", "5432"]
    # Nothing has to outlive the box, and its memory is what the files of a small database take.
    for setting in ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=16MB"):
        words += ["-c", setting]
    return [*words, "-c", "max_wal_size=64MB", "-c", "logging_collector=off"], 5432


def redis(folder: str) -> tuple[list[str], int]:
    words = [program("redis-server"), "--bind", "127.0.0.1", "--port", "6379", "--dir", folder]
    return [*words, "--save", "", "--appendonly", "no"], 6379


STARTERS = {"postgresql": postgresql, "redis": redis}


def answers(name: str, port: int) -> bool:
    """PostgreSQL listens before it lets anybody in: it is asked for a session, as clients do (protocol 3.0, start-up message)."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as line:
            if name == "redis":
                line.sendall(b"PING\r\n")
                return line.recv(5) == b"+PONG"
            wish = b"\0\3\0\0user\0postgres\0database\0postgres\0\0"
            line.sendall((len(wish) + 4).to_bytes(4, "big") + wish)
            return line.recv(1) == b"R"
    except OSError:
        return False


def start(name: str) -> None:
    folder = tempfile.mkdtemp(prefix="service-")
    words, port = STARTERS[name](folder)
    log = os.path.join(folder, "log")
    with open(log, "wb") as sink:
        server = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink, start_new_session=True)
    deadline = time.monotonic() + SECONDS
    while not answers(name, port):
        if server.poll() is not None or time.monotonic() > deadline:
            with open(log, encoding="utf-8", errors="replace") as text:
                raise OSError(text.read()[-400:].strip() or "it said nothing")
        time.sleep(0.02)


def main(names: str, command: list[str]) -> int:
    for name in names.split(","):
        try:
            start(name)
        except (OSError, subprocess.SubprocessError) as fault:
            sys.stderr.write(name + " does not start: " + " ".join(str(fault).split()) + "\n")
            return NOT_STARTED
    status = subprocess.call(command)
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
