"""The kinds of project that are known: by which files, with which lock files. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from bot.core.patterns import path_patterns


class Kind(StrEnum):
    UV = "Python with uv"
    POETRY = "Python with poetry"
    PIP = "Python with pip"
    NPM = "Node with npm"
    PNPM = "Node with pnpm"
    GO = "Go"
    RUST = "Rust"
    MAKE = "Make"


@dataclass(frozen=True, slots=True)
class Project:
    """One project of a tree. `path` is its folder, `.` for the root. `manifests` are paths of the tree that decide what the set-up brings.

    `setup` are the commands that make it runnable, run in its folder, () where nothing has to be fetched; `test` its tests, "" when there
    is no sign of any. `tools` are the programs that both need.
    """

    kind: Kind
    path: str
    manifests: tuple[str, ...]
    setup: tuple[str, ...]
    test: str
    tools: tuple[str, ...]


INPUTS = (
    "pyproject.toml", "setup.py", "setup.cfg", "requirements*.txt", "*requirements.txt", "requirements/*.txt", "constraints*.txt",
    "Pipfile", "Pipfile.lock", "uv.lock", "poetry.lock", ".python-version",
    "package.json", "package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "pnpm-workspace.yaml", "yarn.lock", ".npmrc", ".nvmrc",
    "go.mod", "go.sum", "go.work", "go.work.sum", "Cargo.toml", "Cargo.lock", "rust-toolchain", "rust-toolchain.toml",
)  # fmt: skip
"""gitignore patterns of manifests and lock files: what the set-up of a known kind of project reads. A `Makefile` is not among them: it
changes with every task, and what it fetches stands in the others."""


def inputs_of(patterns: tuple[str, ...]) -> tuple[str, ...]:
    """The patterns of the files that decide a set-up's result: the owners' own, else the known ones."""
    return patterns or INPUTS


def changed_inputs(changed: tuple[str, ...], patterns: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the changed paths that decide the environment, sorted: a candidate with any needs an environment of its own, which a person
    has to approve. Raises `BadPattern` for an unreadable pattern of the owners."""
    wanted = path_patterns(inputs_of(patterns))
    return tuple(sorted(path for path in changed if wanted.matches(path)))
