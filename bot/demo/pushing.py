"""Pushing to the hub as a person would: a clone, commits, `git push` over HTTP with that person's token."""

import os
import subprocess
import tempfile
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

GIT_SECONDS = 60
"""A push to this machine takes a second; more means that the hub hangs."""


@dataclass(frozen=True, slots=True)
class Pusher:
    """A person with a token. The token travels in git's own environment, never in a command line or a URL."""

    name: str
    email: str
    token: str
    remote: str

    def push(self, branch: str, files: Mapping[str, bytes], message: str, *, onto: str | None = None) -> str:
        """Commit `files` on top of the remote's branch `onto` (None: as a first commit) and push it as `branch`; the SHA."""
        with tempfile.TemporaryDirectory(prefix="specbot-push-") as folder:
            tree = Path(folder)
            if onto is None:
                self._git(tree, "init", "-q", "-b", branch, ".")
            else:
                self._git(tree, "clone", "-q", "--branch", onto, "--", self.remote, ".")
                self._git(tree, "checkout", "-q", "-B", branch)
            for path, data in files.items():
                (tree / path).parent.mkdir(parents=True, exist_ok=True)
                (tree / path).write_bytes(data)
            self._git(tree, "add", "--all")
            self._git(tree, "commit", "-q", "-m", message)
            self._git(tree, "push", "-q", "--", self.remote, f"HEAD:refs/heads/{branch}")
            return self._git(tree, "rev-parse", "HEAD")

    def push_commits(self, clone: Path, branches: Mapping[str, str]) -> None:
        """Push commits of an existing clone as branches of the remote."""
        for branch, commit in branches.items():
            self._git(clone, "push", "-q", "--no-verify", "--", self.remote, f"{commit}:refs/heads/{branch}")

    def _git(self, folder: Path, *arguments: str) -> str:
        basic = b64encode(f"x-access-token:{self.token}".encode()).decode()
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_AUTHOR_NAME": self.name,
            "GIT_AUTHOR_EMAIL": self.email,
            "GIT_COMMITTER_NAME": self.name,
            "GIT_COMMITTER_EMAIL": self.email,
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"http.{self.remote}.extraHeader",
            "GIT_CONFIG_VALUE_0": f"Authorization: Basic {basic}",
        }
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            capture_output=True,
            text=True,
            env=environment,
            timeout=GIT_SECONDS,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"git {arguments[0]}: {done.stderr.strip()}")
        return done.stdout.strip()
