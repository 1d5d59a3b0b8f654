"""The one place that starts git: hardened, without a shell, with a time-out and a cap on what it may say."""

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from bot.adapters.git.faults import local_fault
from bot.errors import ConfigFault, Defect, Transient, Unsafe

LOCAL_SECONDS = 120.0
"""Commands on our own disk: the slowest measured (an index over 28,600 files on a noisy machine) takes two seconds."""

OUTPUT_BYTES = 256 << 20
"""More than any listing or pack of an agent's work; a hostile repository must not fill our memory."""

STDERR_BYTES = 16 << 10
"""The end of stderr is where git says what went wrong."""

_CHUNK = 1 << 16

HARDENING = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.untrackedCache=false",
    "core.attributesFile=/dev/null",
    "attr.tree=4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "core.excludesFile=/dev/null",
    "core.pager=cat",
    "core.editor=false",
    "core.sshCommand=false",
    "core.alternateRefsCommand=true",
    "core.protectHFS=true",
    "core.protectNTFS=true",
    "core.symlinks=false",
    "core.autocrlf=false",
    "core.quotePath=false",
    "diff.external=",
    "commit.gpgsign=false",
    "tag.gpgsign=false",
    "push.gpgsign=false",
    "push.followTags=false",
    "push.recurseSubmodules=no",
    "submodule.recurse=false",
    "fetch.recurseSubmodules=false",
    "fetch.fsckObjects=true",
    "transfer.fsckObjects=true",
    "transfer.advertiseSID=false",
    "transfer.bundleURI=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "credential.helper=",
    "protocol.version=2",
    "protocol.allow=never",
    "advice.detachedHead=false",
)
"""Nothing that a repository brings is run, nothing runs in the background, and every transport is off until `Access` opens one. `attr.tree` is
git's empty tree: from 2.43 on, git would read attributes of HEAD in a bare repository (git-config, *attr.tree*; older ones do not know it)."""

TOLERATED_FLAWS = (
    "badDate",
    "badDateOverflow",
    "badEmail",
    "badTimezone",
    "missingEmail",
    "missingNameBeforeEmail",
    "missingSpaceBeforeDate",
    "missingSpaceBeforeEmail",
    "multipleAuthors",
    "zeroPaddedDate",
    "zeroPaddedFilemode",
)
"""Flaws that old tools left in honest histories (GitHub serves them); none of them can lead a path or a command astray."""

_PASSED_ON = (
    "HTTPS_PROXY",
    "https_proxy",
    "NO_PROXY",
    "no_proxy",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "GIT_SSL_CAINFO",
    "CURL_CA_BUNDLE",
)


@dataclass(frozen=True, slots=True)
class Access:
    """What one command may reach. `protocol` is `https`, `http`, `file` or empty (nothing); `fds` are inherited by git."""

    protocol: str = ""
    config: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    fds: tuple[int, ...] = ()


NO_ACCESS = Access()
"""A command on our own disk only."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended. `err` is the end of stderr, decoded with replacement."""

    code: int
    out: bytes
    err: str


class GitProgram:
    """Starts git. `home` is an empty directory of ours, so that no `.netrc` or user configuration is found."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def run(
        self,
        git_dir: Path,
        arguments: Sequence[str],
        *,
        stdin: bytes = b"",
        access: Access = NO_ACCESS,
        environment: Mapping[str, str] | None = None,
        seconds: float = LOCAL_SECONDS,
        limit: int = OUTPUT_BYTES,
    ) -> Ended:
        """Run one git command on `git_dir` to its end, whatever its exit status.

        Raises `Transient` after `seconds`, `Unsafe` for more than `limit` bytes of output, `ConfigFault` without git. The whole
        process group is dead before it returns.
        """
        try:
            process = subprocess.Popen(
                self._command(git_dir, arguments, access),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                cwd=git_dir if git_dir.is_dir() else self._home,
                env=self._environment(access, environment or {}),
                pass_fds=access.fds,
                start_new_session=True,
            )
        except FileNotFoundError as error:
            raise ConfigFault("git cannot be started", hint="install git 2.39 or newer") from error
        with process:
            try:
                return _converse(process, arguments[0], stdin, seconds, limit)
            finally:
                _kill(process)

    def check(
        self,
        git_dir: Path,
        arguments: Sequence[str],
        *,
        stdin: bytes = b"",
        environment: Mapping[str, str] | None = None,
        limit: int = OUTPUT_BYTES,
    ) -> bytes:
        """What a local command printed; its failure as one of our errors."""
        ended = self.run(git_dir, arguments, stdin=stdin, environment=environment, limit=limit)
        if ended.code:
            raise local_fault(arguments[0], ended.err)
        return ended.out

    def _command(self, git_dir: Path, arguments: Sequence[str], access: Access) -> list[str]:
        settings = [*HARDENING, *(f"fetch.fsck.{flaw}=ignore" for flaw in TOLERATED_FLAWS)]
        if access.protocol:
            settings.append(f"protocol.{access.protocol}.allow=always")
        options = [part for setting in (*settings, *access.config) for part in ("-c", setting)]
        return ["git", "--no-pager", *options, f"--git-dir={git_dir}", *arguments]

    def _environment(self, access: Access, more: Mapping[str, str]) -> dict[str, str]:
        inherited = {name: os.environ[name] for name in _PASSED_ON if name in os.environ and access.protocol == "https"}
        return {
            **inherited,
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self._home),
            "XDG_CONFIG_HOME": str(self._home),
            "LC_ALL": "C",
            "TZ": "UTC",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": "false",
            "SSH_ASKPASS": "false",
            "GIT_SSH_COMMAND": "false",
            "GIT_EDITOR": "false",
            "GIT_ALLOW_PROTOCOL": access.protocol or "none",
            **access.environment,
            **more,
        }


@dataclass(slots=True)
class _Talk:
    """One command's pipes while it runs."""

    stdin: IO[bytes]
    stdout: IO[bytes]
    stderr: IO[bytes]
    left: memoryview
    out: bytearray = field(default_factory=bytearray)
    err: bytearray = field(default_factory=bytearray)


def _converse(process: subprocess.Popen[bytes], verb: str, stdin: bytes, seconds: float, limit: int) -> Ended:
    if process.stdin is None or process.stdout is None or process.stderr is None:
        raise Defect("git was started without pipes")
    talk = _Talk(process.stdin, process.stdout, process.stderr, memoryview(stdin))
    deadline = time.monotonic() + seconds
    os.set_blocking(talk.stdin.fileno(), False)
    with selectors.DefaultSelector() as waiting:
        waiting.register(talk.stdout, selectors.EVENT_READ)
        waiting.register(talk.stderr, selectors.EVENT_READ)
        waiting.register(talk.stdin, selectors.EVENT_WRITE)
        while waiting.get_map():
            ready = waiting.select(max(deadline - time.monotonic(), 0))
            if not ready:
                raise Transient(f"git {verb} took longer than {seconds:.0f} seconds", hint="try again")
            for key, _ in ready:
                _serve(talk, waiting, key)
            if len(talk.out) > limit:
                raise Unsafe(
                    f"git {verb} said more than {limit} bytes", hint="the repository or the change is too large"
                )
    try:
        code = process.wait(max(deadline - time.monotonic(), 1))
    except subprocess.TimeoutExpired as error:
        raise Transient(f"git {verb} did not end", hint="try again") from error
    return Ended(code, bytes(talk.out), talk.err.decode("utf-8", "replace"))


def _serve(talk: _Talk, waiting: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
    if key.fileobj is talk.stdin:
        talk.left = _feed(key.fd, talk.left)
        if not talk.left:
            waiting.unregister(talk.stdin)
            talk.stdin.close()
    elif chunk := os.read(key.fd, _CHUNK):
        (talk.out if key.fileobj is talk.stdout else talk.err).extend(chunk)
        del talk.err[: max(len(talk.err) - STDERR_BYTES, 0)]
    else:
        waiting.unregister(key.fileobj)


def _feed(pipe: int, left: memoryview) -> memoryview:
    if not left:
        return left
    try:
        return left[os.write(pipe, left[:_CHUNK]) :]
    except BrokenPipeError:
        return left[len(left) :]


def _kill(process: subprocess.Popen[bytes]) -> None:
    # A group is only killed while its leader is not reaped: until then its number cannot belong to anybody else.
    if process.returncode is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
