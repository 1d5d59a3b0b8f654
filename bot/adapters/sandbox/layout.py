"""Where things are inside the box, and bubblewrap's options that put them there. Pure: paths in, words out."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.core.ports import Bind, Environment
from bot.errors import Defect, Unsafe

WORKSPACE = "/ws"
"""The checkout. Every command starts here."""

HARNESS = "/opt/specbot"
"""The harness's files, read-only."""

REPORT = "/run/specbot/report.jsonl"
"""What the harness writes to: one file of the host, outside the checkout. Being a mount point, it cannot be replaced or removed."""

HOME = "/home/agent"

SETUP_HOME = "/opt/setup"
"""The home of set-up commands: what tools fetch into it is there, read-only, for every later command."""

SOCKET = "/run/way-out"
"""The socket that a set-up's box has and no other."""

SYSTEM_PATH = ("/usr/local/bin", "/usr/bin", "/bin")

BOX_UID = 1000
"""The uid that a command sees for itself; outside it is the checkout's own."""

TEMPORARY = (
    (os.path.join("/", "tmp"), 268_435_456, "1777"),
    (HOME, 67_108_864, "0700"),
    (os.path.join("/", "dev", "shm"), 67_108_864, "1777"),
    ("/run", 16_777_216, "0755"),
)
"""Temporary file systems: path, bytes, permissions. They count as memory; a compiler's scratch needs most."""

TEMPORARY_FOLDERS = tuple(folder for folder, _, _ in TEMPORARY)

ROOT_FOLDERS = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
"""Links into /usr on merged systems, folders of their own elsewhere."""

HOST_FILES = ("/etc/alternatives", "/etc/ld.so.cache", "/etc/ssl/certs", "/etc/nsswitch.conf", "/etc/mime.types")
"""What of the host's configuration programs need to start; nothing of it is secret or names people."""

PASSWD = f"root:x:0:0::/:/usr/sbin/nologin\nagent:x:{BOX_UID}:{BOX_UID}::{HOME}:/bin/bash\n"
GROUP = f"root:x:0:\nagent:x:{BOX_UID}:\n"
HOSTS = "127.0.0.1 localhost box\n::1 localhost box\n"

BASE_VARIABLES = {
    "HOME": HOME,
    "USER": "agent",
    "LOGNAME": "agent",
    "SHELL": "/bin/bash",
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "TERM": "dumb",
    "TMPDIR": TEMPORARY[0][0],
    "CI": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
}


LISTS = {"PYTHONPATH": ":", "PYTEST_ADDOPTS": " ", "NODE_OPTIONS": " ", "GOFLAGS": " "}
"""Variables that hold several values, with what stands between two of them."""


@dataclass(frozen=True, slots=True)
class DataFile:
    """A small read-only file of the box that exists nowhere on the host."""

    box: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Laid:
    """A prepared folder at `path` below the checkout. `changes` and `work` are folders of the host for what a command changes in it (one file
    system for both); without them it is read-only."""

    host: Path
    path: str
    changes: Path | None = None
    work: Path | None = None


@dataclass(frozen=True, slots=True)
class WayOut:
    """What only a set-up's box has: a home that stays, and the socket that leads out."""

    home: Path
    socket: Path


@dataclass(frozen=True, slots=True)
class Plan:
    """One box: what is laid into it and what its command sees. `report` is the host's file for the harness's report."""

    workspace: Path
    writable: bool
    binds: tuple[Bind, ...]
    files: tuple[DataFile, ...]
    variables: Mapping[str, str]
    report: Path | None
    layers: tuple[Laid, ...] = ()
    way_out: WayOut | None = None


SYSTEM_FILES = (
    DataFile("/etc/passwd", PASSWD.encode()),
    DataFile("/etc/group", GROUP.encode()),
    DataFile("/etc/hosts", HOSTS.encode()),
)


def command_variables(environment: Environment, given: Mapping[str, str], harness: Mapping[str, str]) -> dict[str, str]:
    """The command's whole environment. The caller's variables win over the environment's, and the harness's over both; lists (`LISTS`) are
    put before what is there."""
    variables = {**BASE_VARIABLES, **dict(environment.variables)}
    for name, value in (*given.items(), *harness.items()):
        between, before = LISTS.get(name), variables.get(name)
        variables[name] = f"{value}{between}{before}" if between and before else value
    variables.setdefault("PATH", ":".join((*environment.path, *SYSTEM_PATH)))
    return variables


def bubblewrap_options(plan: Plan, data: Iterable[tuple[int, DataFile]], seccomp: int, status: int) -> list[str]:
    """Everything but the command. `data` pairs inherited descriptors with the files that bubblewrap reads from them."""
    words = [
        *("--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-net", "--unshare-cgroup-try"),
        *("--disable-userns", "--die-with-parent", "--as-pid-1", "--new-session", "--hostname", "box"),
        *("--uid", str(BOX_UID), "--gid", str(BOX_UID), "--clearenv"),
    ]
    for name, value in plan.variables.items():
        words += ["--setenv", name, value]
    words += _system()
    for folder, size, permissions in TEMPORARY:
        words += ["--size", str(size), "--perms", permissions, "--tmpfs", folder]
    for bind in plan.binds:
        words += ["--ro-bind", os.fspath(bind.host), _bindable(bind.box)]
    for descriptor, file in data:
        words += ["--perms", "0444", "--file", str(descriptor), file.box]
    if plan.report is not None:
        words += ["--bind", os.fspath(plan.report), REPORT]
    words += ["--bind" if plan.writable else "--ro-bind", os.fspath(plan.workspace), WORKSPACE]
    words += ["--ro-bind-try", os.fspath(plan.workspace / ".git"), f"{WORKSPACE}/.git"]
    for layer in plan.layers:
        words += _laid(layer)
    if plan.way_out is not None:
        words += ["--bind", os.fspath(plan.way_out.home), SETUP_HOME, "--bind", os.fspath(plan.way_out.socket), SOCKET]
    # /dev is a file system of its own, without a size: left writable, it would be memory that nobody counts.
    words += ["--remount-ro", os.path.join("/", "dev"), "--remount-ro", "/", "--chdir", WORKSPACE]
    words += ["--seccomp", str(seccomp), "--json-status-fd", str(status)]
    if any("\0" in word for word in words):
        raise Unsafe("a path or variable for the box holds a NUL character")
    return words


def _system() -> list[str]:
    words = ["--ro-bind", "/usr", "/usr"]
    for name in ROOT_FOLDERS:
        folder = f"/{name}"
        if os.path.islink(folder):
            words += ["--symlink", os.readlink(folder).removeprefix("/"), folder]
        elif os.path.isdir(folder):
            words += ["--ro-bind", folder, folder]
    for path in HOST_FILES:
        words += ["--ro-bind-try", path, path]
    return [*words, "--proc", "/proc", "--dev", os.path.join("/", "dev")]


def _laid(layer: Laid) -> list[str]:
    host, box = os.fspath(layer.host), f"{WORKSPACE}/{layer.path}"
    if layer.changes is None or layer.work is None:
        return ["--ro-bind", host, box]
    return ["--overlay-src", host, "--overlay", os.fspath(layer.changes), os.fspath(layer.work), box]


def _bindable(box: str) -> str:
    if os.path.normpath(box) != box or not box.startswith("/opt/") or box.startswith(HARNESS + "/") or box == HARNESS:
        raise Defect(f"{box} is no place for an environment", hint="environments are laid below /opt")
    return box
