"""How a token reaches git: through an inherited memory file that only the password program opens.

Never in a command line, a URL, a configuration file or an environment block. The password program answers only for the origin
that the token is meant for, so that a redirect to another host gets nothing.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.adapters.git.commandline import Access
from bot.adapters.git.remotes import LOGIN, Remote
from bot.core.pulls import Token
from bot.errors import ConfigFault

_PROGRAM = """#!/bin/sh
# Git asks here for a password; the answer lies in an inherited file that has no name.
case "$1" in
  "$SPECBOT_PROMPT"*) exec cat "/proc/self/fd/$SPECBOT_FD" ;;
esac
exit 1
"""

STALLED_SECONDS = 60
"""A transfer that brings less than `STALLED_BYTES` a second for this long is dead; GitHub's own pauses are shorter."""

STALLED_BYTES = 100
"""Below this rate nothing useful arrives; counting objects on GitHub's side still sends progress."""


class Credentials:
    """Hands tokens to git. `folder` is ours alone; the password program is kept there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def access(self, remote: Remote, token: Token | None, inherited: tuple[int, ...] = ()) -> Iterator[Access]:
        """Access to that remote while the block runs; `inherited` are further file descriptors for git to hold."""
        config = (
            f"http.lowSpeedLimit={STALLED_BYTES}",
            f"http.lowSpeedTime={STALLED_SECONDS}",
            "http.followRedirects=initial",
        )
        if remote.protocol == "file":
            # A local clone may belong to another user than the service; it was named on purpose.
            trusting = self._keep("trusting.gitconfig", "[safe]\n\tdirectory = *\n", 0o600)
            yield Access("file", (), {"GIT_CONFIG_GLOBAL": str(trusting)}, inherited)
        elif token is None:
            yield Access(remote.protocol, config, {}, inherited)
        else:
            secret = _memory_file(token.value.reveal())
            try:
                environment = {
                    "GIT_ASKPASS": str(self._password_program()),
                    "SPECBOT_FD": str(secret),
                    "SPECBOT_PROMPT": remote.password_prompt,
                }
                yield Access(
                    remote.protocol, (*config, f"credential.username={LOGIN}"), environment, (*inherited, secret)
                )
            finally:
                os.close(secret)

    def _password_program(self) -> Path:
        program = self._keep("password", _PROGRAM, 0o700)
        if not os.access(program, os.X_OK):
            raise ConfigFault(f"{program} cannot be executed", hint="mount the state directory without noexec")
        return program

    def _keep(self, name: str, content: str, mode: int) -> Path:
        path = self._folder / name
        if not path.exists():
            draft = path.with_name(f"{name}.{os.urandom(8).hex()}")
            draft.write_text(content)
            draft.chmod(mode)
            draft.replace(path)
        return path


def _memory_file(text: str) -> int:
    descriptor = os.memfd_create("specbot", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.write(descriptor, text.encode())
    fcntl.fcntl(
        descriptor,
        fcntl.F_ADD_SEALS,
        fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL,
    )
    return descriptor
