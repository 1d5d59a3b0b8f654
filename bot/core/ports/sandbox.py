"""The box untrusted code runs in, and the environments laid into it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.core.policy.model import EnvironmentConfig, Service
from bot.core.ports.git import Checkout
from bot.core.proofs.model import Harness, StoppedBy
from bot.core.pulls import RepoRef
from bot.ids import Digest, TreeSha


@dataclass(frozen=True, slots=True)
class Bind:
    """A host directory laid read-only into the box."""

    host: Path
    box: str


@dataclass(frozen=True, slots=True)
class Layer:
    """A prepared folder (`node_modules`) that every checkout gets at `path`, relative to its root. It hides what a tree has there, so that no
    candidate replaces its own tools. What a command changes in it is gone when the command ends."""

    host: Path
    path: str


@dataclass(frozen=True, slots=True)
class Environment:
    """What a repository needs to run its checks, prepared before and read-only in the box, except that `layers` are laid copy-on-write into
    checkouts. `services` run empty in every box beside its command. `digest` names its content."""

    digest: Digest
    path: tuple[str, ...]
    binds: tuple[Bind, ...]
    variables: tuple[tuple[str, str], ...]
    description: str
    layers: tuple[Layer, ...] = ()
    services: tuple[Service, ...] = ()


class Environments(Protocol):
    async def prepare(
        self, repo: RepoRef, config: EnvironmentConfig, files: Mapping[str, bytes], tree: TreeSha | None = None
    ) -> Environment:
        """An environment for a tree; `files` are the manifests (`pyproject.toml`, `requirements*.txt`, …) of the **base** tree.

        Cached by content. Packages by name come from wheels, and nothing of them is executed. Set-up commands run in a box of their own on a
        checkout of `tree`, with no network but to the allowed hosts; without a tree they are not run. Raises `EnvironmentFault`, with the
        output of what failed.
        """
        ...


@dataclass(frozen=True, slots=True)
class BoxLimits:
    """Limits on one command in the box. Output beyond `output_bytes` is thrown away, beyond 64 MiB it kills."""

    seconds: float
    memory_bytes: int = 1 << 30
    output_bytes: int = 1 << 20
    processes: int = 256
    file_bytes: int = 512 << 20


@dataclass(frozen=True, slots=True)
class BoxResult:
    """How a command in the box ended. `exit_code` is None when a signal or we ended it. `output` is stdout and stderr interleaved, the first and
    last parts of it when longer than allowed. `report` is what the harness wrote, hostile."""

    exit_code: int | None
    stopped_by: StoppedBy
    output: bytes
    output_bytes: int
    output_digest: Digest
    seconds: float
    report: bytes = b""
    broken: str = ""


@dataclass(frozen=True, slots=True)
class SandboxState:
    """What this machine can do. `mode` is `bubblewrap`, `off` or `none`; `problems` are sentences with what to do."""

    mode: str
    detail: str
    problems: tuple[str, ...]

    @property
    def usable(self) -> bool:
        return self.mode in ("bubblewrap", "off")


class Sandbox(Protocol):
    """The box in which untrusted code runs: no network, no credentials, only the checkout writable."""

    def probe(self) -> SandboxState:
        """Tried out for real, once a process."""
        ...

    async def run(
        self,
        checkout: Checkout,
        argv: Sequence[str],
        *,
        environment: Environment,
        limits: BoxLimits,
        writable: bool = True,
        harness: Harness | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> BoxResult:
        """Run to the end. Cancelling the coroutine kills the whole process tree before it returns. Raises `SandboxUnavailable`."""
        ...

    def read(self, checkout: Checkout, path: str, *, limit: int) -> bytes:
        """A regular file below the checkout, opened without following links. `NotThere`, `Unsafe`."""
        ...

    def paths(self, checkout: Checkout, patterns: Sequence[str], *, most: int) -> tuple[str, ...]:
        """The first `most` regular files below the checkout, in order of their paths, that gitignore patterns name; links are not followed, and git's own
        files left out. Unreadable patterns name nothing."""
        ...

    def write(self, checkout: Checkout, path: str, data: bytes) -> None:
        """Create or replace a regular file below the checkout (folders made), keeping its mode, owned so that the box may change it. `Unsafe`."""
        ...
