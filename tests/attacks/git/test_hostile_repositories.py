"""Whatever a pull request brings, and whatever the box leaves behind, nothing of it is executed on the host."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.adapters.git.git import GitCommandLine
from bot.errors import Unsafe
from bot.ids import Sha
from tests.adapters.git.origin import BOT, REPO, Content, Gitlink, Link, Origin, Program, adapter

ATTRIBUTES = b"* filter=evil diff=evil merge=evil text eol=crlf ident working-tree-encoding=UTF-16\n*.lfs filter=lfs\n"
MODULES = b'[submodule "m"]\n\tpath = m\n\turl = %b\n\tupdate = checkout\n\tignore = none\n'


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    """Comes into being when anything of the attacker's runs."""
    return tmp_path / "marker"


@pytest.fixture
def trap(tmp_path: Path, marker: Path) -> Path:
    """A program of the attacker's; it leaves the marker and then behaves like a filter."""
    made = tmp_path / "trap"
    made.write_text(f"#!/bin/sh\necho \"$0 $*\" >> '{marker}'\nexec cat\n")
    made.chmod(0o755)
    return made


def evil_config(trap: Path) -> str:
    """Every setting by which git starts a program."""
    return f"""
[core]
    repositoryformatversion = 0
    bare = false
    fsmonitor = {trap}
    hooksPath = {trap.parent}/hooks
    sshCommand = {trap}
    pager = {trap}
    editor = {trap}
    gitProxy = {trap}
    askPass = {trap}
    alternateRefsCommand = {trap}
[diff]
    external = {trap}
[diff "evil"]
    textconv = {trap}
    command = {trap}
[filter "evil"]
    clean = {trap}
    smudge = {trap}
    process = {trap}
    required = true
[filter "lfs"]
    clean = {trap}
    smudge = {trap}
[merge "evil"]
    driver = {trap} %A
[commit]
    gpgsign = true
[gpg]
    program = {trap}
[credential]
    helper = !{trap}
[uploadpack]
    packObjectsHook = {trap}
[gc]
    auto = 1
[url "ext::{trap} "]
    insteadOf = https://
[url "ext::{trap} /"]
    insteadOf = /
"""


def plant(git_dir: Path, trap: Path) -> None:
    """A git directory as an attacker would leave it."""
    subprocess.run(["git", "init", "-q", "--template=", "--bare", str(git_dir)], check=True)
    (git_dir / "config").write_text(evil_config(trap))
    (git_dir / "info").mkdir(exist_ok=True)
    (git_dir / "info" / "attributes").write_bytes(ATTRIBUTES)
    hooks = trap.parent / "hooks"
    hooks.mkdir(exist_ok=True)
    for folder in (hooks, git_dir / "hooks"):
        folder.mkdir(exist_ok=True)
        for name in ("pre-commit", "post-checkout", "post-index-change", "reference-transaction", "pre-push", "update"):
            (folder / name).write_bytes(trap.read_bytes())
            (folder / name).chmod(0o755)


def whole_life(git: GitCommandLine, base: Sha, head: Sha, meddle: Callable[[Path], None]) -> None:
    """Everything that is ever done with a pull request, with the box meddling in between."""
    git.fetch(REPO, [base, head])
    old, new = git.tree(REPO, base), git.tree(REPO, head)
    git.merge_base(REPO, base, head)
    git.changed(REPO, old, new)
    git.diff(REPO, old, new)
    for entry in git.entries(REPO, new):
        git.read(REPO, new, entry.path)
    checkout = git.checkout(REPO, new, "task")
    meddle(checkout.path)
    (checkout.path / "work.lfs").write_text("work\n")
    snapshot = git.snapshot(checkout)
    bundle = git.bundle(checkout, snapshot, new)
    meddle(checkout.path)
    git.restore(checkout, snapshot, bundle)
    meddle(checkout.path)
    kept = git.keep_snapshot(checkout, git.snapshot(checkout))
    git.diff(REPO, new, kept)
    overlaid = git.with_files(REPO, kept, {entry.path: entry for entry in git.entries(REPO, old)}, [])
    commit = git.commit(REPO, overlaid, [head], "work", BOT)
    git.push(REPO, commit, "work", expected=None)
    git.discard(checkout)


def start(origin: Origin, files: dict[str, Content]) -> tuple[Sha, Sha]:
    """A harmless base, and a head with the attacker's files."""
    base = origin.commit({"README": b"hello\n", "a.txt": b"a\n"})
    return base, origin.commit({"README": b"hello\n", "a.txt": b"b\n", **files}, base, branch="topic")


def nothing(checkout: Path) -> None:
    """A box that behaves."""


REPOSITORIES: dict[str, Callable[[Path], dict[str, Content]]] = {
    "attributes": lambda trap: {
        ".gitattributes": ATTRIBUTES,
        "big.lfs": b"version https://git-lfs\n",
        "s/x.txt": b"$Id$\n",
    },
    "hooks in the tree": lambda trap: {
        ".husky/pre-commit": Program(trap.read_bytes()),
        "hooks/update": Program(b"#!/bin/sh\n"),
    },
    "configuration in the tree": lambda trap: {
        ".gitconfig": evil_config(trap).encode(),
        "config": evil_config(trap).encode(),
        "HEAD": b"ref: refs/heads/main\n",
        "objects/x": b"",
        "refs/x": b"",
        "hooks/post-checkout": Program(trap.read_bytes()),
    },
    "submodule over ext": lambda trap: {".gitmodules": MODULES % f"ext::{trap}".encode(), "m": Gitlink("3" * 40)},
    "submodule from a file": lambda trap: {".gitmodules": MODULES % b"file:///etc", "m": Gitlink("3" * 40)},
    "gitlink without a module": lambda trap: {"m": Gitlink("3" * 40), "deep/m": Gitlink("4" * 40)},
    "links": lambda trap: {
        "passwd": Link("/etc/passwd"),
        "up": Link("../../.."),
        "loop": Link("loop"),
        "link.txt": Link(str(trap)),
    },
}


@pytest.mark.parametrize("name", REPOSITORIES)
def test_a_pull_request_executes_nothing(
    git: GitCommandLine, origin: Origin, marker: Path, trap: Path, name: str
) -> None:
    base, head = start(origin, REPOSITORIES[name](trap))
    whole_life(git, base, head, nothing)
    assert not marker.exists(), marker.read_text()


@pytest.mark.parametrize(
    "modules",
    [
        b'[submodule "m"]\n\tpath = m\n\turl = https://example.org/x\n\tupdate = !touch marker\n',
        b'[submodule "m"]\n\tpath = m\n\turl = --upload-pack=touch\n',
        b'[submodule "../../hooks"]\n\tpath = m\n\turl = https://example.org/x\n',
    ],
)
def test_submodules_that_are_attacks_do_not_even_come_in(git: GitCommandLine, origin: Origin, modules: bytes) -> None:
    _, head = start(origin, {".gitmodules": modules, "m": Gitlink("3" * 40)})
    with pytest.raises(Unsafe):
        git.fetch(REPO, [head])


def replace_git(checkout: Path, trap: Path) -> None:
    plant(checkout / ".git", trap)


def point_git(checkout: Path, trap: Path) -> None:
    plant(checkout / "elsewhere", trap)
    (checkout / ".git").unlink(missing_ok=True)
    (checkout / ".git").write_text("gitdir: elsewhere\n")


def nest_git(checkout: Path, trap: Path) -> None:
    plant(checkout / "m" / ".git", trap)
    (checkout / "m" / "x.txt").write_text("x\n")
    (checkout / "m" / ".gitattributes").write_bytes(ATTRIBUTES)


def attributes(checkout: Path, trap: Path) -> None:
    (checkout / ".gitattributes").write_bytes(ATTRIBUTES)
    (checkout / ".gitmodules").write_bytes(MODULES % f"ext::{trap}".encode())


MEDDLING = {made.__name__: made for made in (replace_git, point_git, nest_git, attributes)}


@pytest.mark.parametrize("name", MEDDLING)
def test_a_box_that_plants_git_directories_executes_nothing(
    git: GitCommandLine, origin: Origin, marker: Path, trap: Path, name: str
) -> None:
    base, head = start(origin, {"m": Gitlink("3" * 40), ".gitattributes": ATTRIBUTES})
    whole_life(git, base, head, lambda checkout: MEDDLING[name](checkout, trap))
    assert not marker.exists(), marker.read_text()


def test_the_traps_do_bite_whoever_runs_git_there(tmp_path: Path, marker: Path, trap: Path) -> None:
    """The tests above could not fail if the traps were harmless."""
    replace_git(tmp_path, trap)
    (tmp_path / ".gitattributes").write_bytes(ATTRIBUTES)
    (tmp_path / "x.txt").write_text("x")
    subprocess.run(["git", "add", "x.txt"], cwd=tmp_path, capture_output=True, check=False, timeout=20)
    assert marker.exists()


def test_the_services_own_surroundings_execute_nothing(
    origin: Origin, tmp_path: Path, marker: Path, trap: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    (home / ".config/git").mkdir(parents=True)
    (home / ".gitconfig").write_text(evil_config(trap))
    (home / ".config/git/config").write_text(evil_config(trap))
    (home / ".config/git/attributes").write_bytes(ATTRIBUTES)
    for variable, value in {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "GIT_EXTERNAL_DIFF": str(trap),
        "GIT_SSH_COMMAND": str(trap),
        "GIT_ASKPASS": str(trap),
        "GIT_PAGER": str(trap),
        "GIT_TEMPLATE_DIR": str(home),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.fsmonitor",
        "GIT_CONFIG_VALUE_0": str(trap),
        "GIT_DIR": str(home),
        "GIT_INDEX_FILE": str(home / "index"),
        "GIT_OBJECT_DIRECTORY": str(home),
    }.items():
        monkeypatch.setenv(variable, value)
    git = adapter(tmp_path / "state", origin.path)
    base, head = start(origin, {".gitattributes": ATTRIBUTES})
    whole_life(git, base, head, nothing)
    git.close()
    assert not marker.exists(), marker.read_text()
    assert sorted(os.listdir(home)) == [".config", ".gitconfig"]


def test_the_remotes_configuration_executes_nothing(
    git: GitCommandLine, origin: Origin, marker: Path, trap: Path
) -> None:
    base, head = start(origin, {})
    plant(origin.path, trap)
    (origin.path / "config").write_text(evil_config(trap).replace("bare = false", "bare = true"))
    whole_life(git, base, head, nothing)
    assert not marker.exists(), marker.read_text()
