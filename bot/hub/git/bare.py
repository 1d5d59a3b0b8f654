"""One bare repository and the git process that works on it."""

import os
import subprocess
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeVar, cast

T = TypeVar("T")

GIT_TIMEOUT = 60.0
"""Seconds for one git command; the largest repositories of the tests need well under one."""

NO_WORKFLOWS = "HUB_REFUSE_WORKFLOWS"
"""Set to 1 in the environment of a push whose token may not touch workflow files; read by the hook below."""

SIGNED_ONLY = "HUB_SIGNED_ONLY"
LINEAR_ONLY = "HUB_LINEAR_ONLY"
"""In the environment of a push: the refs, with a blank around each, to which only signed commits, or no merge commits, may be pushed."""

SIGNED = "signed-commits"
"""The file in a bare repository that lists the commits which the hub itself has signed. What comes by git has no signature that it could check."""

PRE_RECEIVE = f"""#!/bin/sh
# Refuses what the branch's rules forbid, and new commits that touch workflow files when the pusher lacks the permission; nothing is updated then.
while read -r old new ref; do
  case $new in *[!0]*) ;; *) continue ;; esac
  case $old in *[!0]*) past=$old ;; *) past=--branches ;; esac
  case "${LINEAR_ONLY}" in *" $ref "*|*" ~ALL "*)
    if [ -n "$(git rev-list -1 --min-parents=2 "$new" --not "$past")" ]; then
      echo "error: GH006: Protected branch update failed for $ref." >&2
      echo "error: This branch must not contain merge commits." >&2
      exit 1
    fi ;;
  esac
  case "${SIGNED_ONLY}" in *" $ref "*|*" ~ALL "*)
    if git rev-list "$new" --not "$past" | grep -qvxF -f "$GIT_DIR/{SIGNED}"; then
      echo "error: GH006: Protected branch update failed for $ref." >&2
      echo "error: Commits must have verified signatures." >&2
      exit 1
    fi ;;
  esac
  [ -n "${NO_WORKFLOWS}" ] || continue
  if [ -n "$(git rev-list -1 "$new" --not --all -- .github/workflows)" ]; then
    echo "refusing to allow a GitHub App to create or update workflow without 'workflows' permission" >&2
    exit 1
  fi
done
"""


class GitFailed(Exception):
    """A git command ended with a status other than the allowed ones; `status` and `stderr` say how."""

    def __init__(self, args: tuple[str, ...], status: int, stderr: str) -> None:
        super().__init__(f"git {' '.join(args)} ended with {status}: {stderr.strip()}")
        self.status = status
        self.stderr = stderr


def git_environment() -> dict[str, str]:
    """An environment in which no configuration of this machine or its user changes what git does."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": "/nonexistent",
        "LC_ALL": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        # Test roots often belong to somebody else than the process, for example in containers.
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "safe.directory",
        "GIT_CONFIG_VALUE_0": "*",
    }


class Bare:
    """A bare repository. What depends only on object ids is computed once and remembered."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._memory: dict[tuple[object, ...], object] = {}
        self._commits: set[str] = set()

    @classmethod
    def create(cls, path: Path, default_branch: str) -> "Bare":
        """Make an empty repository that git can serve as GitHub serves its own."""
        path.mkdir(parents=True)
        for folder in ("objects/pack", "refs/heads", "hooks"):
            (path / folder).mkdir(parents=True)
        (path / "HEAD").write_text(f"ref: refs/heads/{default_branch}\n")
        (path / "config").write_text(
            "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n\tlogallrefupdates = false\n"
            "[uploadpack]\n\tallowFilter = true\n\tallowAnySHA1InWant = true\n"
            "[http]\n\treceivepack = true\n"
            # Pull request refs belong to the hub; GitHub hides them from pushes too.
            "[receive]\n\thideRefs = refs/pull\n"
            # Packs instead of loose objects: a folder for each object makes small repositories slow to make and to remove.
            "[transfer]\n\tunpackLimit = 1\n[fastimport]\n\tunpackLimit = 1\n"
            # A background collection after a push would race with the end of a test.
            "[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n[receive]\n\tautogc = false\n"
        )
        hook = path / "hooks" / "pre-receive"
        hook.write_text(PRE_RECEIVE)
        hook.chmod(0o755)
        return cls(path)

    def run(
        self,
        *args: str,
        stdin: bytes = b"",
        environment: Mapping[str, str] | None = None,
        allow: tuple[int, ...] = (0,),
    ) -> tuple[int, bytes]:
        """Run git in the repository; its status and standard output. Raises GitFailed for a status that is not allowed."""
        done = subprocess.run(
            ["git", *args],
            cwd=self.path,
            input=stdin,
            capture_output=True,
            env=git_environment() | dict(environment or {}),
            timeout=GIT_TIMEOUT,
            check=False,
        )
        if done.returncode not in allow:
            raise GitFailed(args, done.returncode, done.stderr.decode(errors="replace"))
        return done.returncode, done.stdout

    def text(self, *args: str, stdin: bytes = b"", environment: Mapping[str, str] | None = None) -> str:
        """Standard output of a git command that must succeed, without the last line break."""
        return self.run(*args, stdin=stdin, environment=environment)[1].decode(errors="replace").rstrip("\n")

    def remember(self, key: tuple[object, ...], compute: Callable[[], T]) -> T:
        """The value for a key made of object ids, computed at most once for each repository."""
        if key not in self._memory:
            self._memory[key] = compute()
        return cast(T, self._memory[key])

    def refs(self) -> dict[str, str]:
        """All refs except those of pull requests: name to object id."""
        found = {}
        for line in self.text("for-each-ref", "--format=%(objectname) %(refname)").splitlines():
            sha, _, name = line.partition(" ")
            if not name.startswith("refs/pull/"):
                found[name] = sha
        return found

    def commit_id(self, revision: str) -> str | None:
        """The commit that a revision means, or None."""
        if revision in self._commits:
            return revision
        status, out = self.run(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}", allow=(0, 1, 128)
        )
        if status != 0:
            return None
        found = out.decode().strip()
        self._commits.add(found)
        return found

    def find_commit(self, name: str) -> str | None:
        """The commit that a branch, a tag or an object id (also a short one) means; branches come first, as at GitHub."""
        for candidate in (f"refs/heads/{name}", f"refs/tags/{name}", name):
            if name.startswith("refs/") and candidate != name:
                continue
            found = self.commit_id(candidate)
            if found is not None:
                return found
        return None

    def set_ref(self, name: str, new: str, old: str | None = None) -> None:
        """Point a ref at an object, if it still points at `old` (forty zeros: does not exist yet; None: whatever it is)."""
        self.run("update-ref", "--end-of-options", name, new, *([old] if old is not None else []))

    def delete_ref(self, name: str) -> None:
        """Remove a ref."""
        self.run("update-ref", "-d", "--end-of-options", name)

    def list_signed(self, commits: Iterable[str]) -> None:
        """Tell the hook which commits the hub vouches for."""
        (self.path / SIGNED).write_text("".join(f"{sha}\n" for sha in sorted(commits)))

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Whether `newer` contains `older`."""
        return self.remember(
            ("ancestor", older, newer),
            lambda: self.run("merge-base", "--is-ancestor", older, newer, allow=(0, 1, 128))[0] == 0,
        )
