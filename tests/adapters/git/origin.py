"""A repository somewhere else, filled object by object, so that it can hold what no honest git would commit."""

import hashlib
import os
import subprocess
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.adapters.git.git import GitCommandLine
from bot.adapters.sandbox.box_uids import BoxUids
from bot.core.ports import Authorship
from bot.core.pulls import RepoRef, Token
from bot.ids import InstallationId, RepoId, Sha, TreeSha

REPO = RepoRef(InstallationId(1), RepoId(7), "ada", "text")
BOT = Authorship("Specbot", "bot@example.org", datetime(2026, 5, 1, 12, 0, tzinfo=UTC))


class NoTokens:
    """For remotes that need none."""

    def git_token(self, repo: RepoRef, *, write: bool) -> Token | None:
        return None


@dataclass(frozen=True)
class Link:
    """A symbolic link, for `Origin.tree`."""

    target: str


@dataclass(frozen=True)
class Program:
    """An executable file, for `Origin.tree`."""

    content: bytes


@dataclass(frozen=True)
class Gitlink:
    """A submodule's commit, for `Origin.tree`."""

    commit: str


Content = bytes | Link | Program | Gitlink


class Origin:
    """A bare repository at `path`. Objects are written by ourselves: quick, and as broken as a test likes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        for folder in ("objects", "refs/heads"):
            (path / folder).mkdir(parents=True)
        (path / "HEAD").write_text("ref: refs/heads/main\n")
        (path / "config").write_text("[core]\n\trepositoryformatversion = 0\n\tbare = true\n")

    def git(self, *arguments: str, stdin: bytes = b"") -> str:
        """Run git on it and return what it printed."""
        environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1"}
        done = subprocess.run(
            ["git", *arguments], cwd=self.path, env=environment, input=stdin, capture_output=True, check=False
        )
        assert done.returncode == 0, (arguments, done.stderr)
        return done.stdout.decode().strip()

    def store(self, kind: str, body: bytes) -> str:
        """Write one loose object (git documentation, gitformat-loose)."""
        whole = f"{kind} {len(body)}\0".encode() + body
        name = hashlib.sha1(whole).hexdigest()
        where = self.path / "objects" / name[:2] / name[2:]
        where.parent.mkdir(exist_ok=True)
        where.write_bytes(zlib.compress(whole, 1))
        return name

    def blob(self, content: bytes) -> str:
        return self.store("blob", content)

    def point(self, ref: str, commit: str) -> None:
        """The ref is at that commit."""
        where = self.path / ref
        where.parent.mkdir(parents=True, exist_ok=True)
        where.write_text(f"{commit}\n")

    def tree(self, files: Mapping[str, Content]) -> str:
        """A tree of files by path."""
        here: dict[str, tuple[str, str]] = {}
        below: dict[str, dict[str, Content]] = {}
        for path, content in files.items():
            name, _, rest = path.partition("/")
            if rest:
                below.setdefault(name, {})[rest] = content
            else:
                here[name] = self._leaf(content)
        entries = [(mode, name.encode(), object_id) for name, (mode, object_id) in here.items()]
        entries += [("40000", name.encode(), self.tree(inner)) for name, inner in below.items()]
        return self.raw_tree(entries)

    def raw_tree(self, entries: Sequence[tuple[str, bytes, str]]) -> str:
        """A tree of (mode, name, id) exactly as given, however broken; sorted as git sorts."""
        ordered = sorted(entries, key=lambda entry: entry[1] + (b"/" if entry[0] == "40000" else b""))
        body = b"".join(mode.encode() + b" " + name + b"\0" + bytes.fromhex(one) for mode, name, one in ordered)
        return self.store("tree", body)

    def commit_tree(self, tree: str, *parents: str, message: str = "more") -> Sha:
        above = "".join(f"parent {one}\n" for one in parents)
        who = "Ada <ada@example.org> 1700000000 +0000"
        body = f"tree {tree}\n{above}author {who}\ncommitter {who}\n\n{message}\n"
        return Sha(self.store("commit", body.encode()))

    def commit(self, files: Mapping[str, Content], *parents: str, branch: str = "main", message: str = "more") -> Sha:
        """A commit with exactly these files; the branch points at it afterwards."""
        made = self.commit_tree(self.tree(files), *parents, message=message)
        self.point(f"refs/heads/{branch}", made)
        return made

    def head(self, branch: str = "main") -> Sha:
        return Sha(self.git("rev-parse", f"refs/heads/{branch}"))

    def _leaf(self, content: Content) -> tuple[str, str]:
        match content:
            case Link(target):
                return "120000", self.blob(target.encode())
            case Program(data):
                return "100755", self.blob(data)
            case Gitlink(commit):
                return "160000", commit
            case _:
                return "100644", self.blob(content)


def adapter(state_dir: Path, remote: Path) -> GitCommandLine:
    """The adapter on one local remote."""
    return GitCommandLine(state_dir, lambda repo: str(remote), NoTokens(), BoxUids(state_dir))


def fetched(git: GitCommandLine, commit: Sha) -> TreeSha:
    """The commit's tree, once it is in the mirror."""
    git.fetch(REPO, [commit])
    return git.tree(REPO, commit)


def files_below(root: Path) -> dict[str, bytes]:
    """All regular files below a folder, by relative path."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and not path.is_symlink()
    }


def wait_until(true: Callable[[], bool], what: str) -> None:
    """Look again and again, for twenty seconds at the most."""
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.005)
