"""Rust as boxes find it: a toolchain that somebody installed for themselves (rustup) lies in a home that no box may see.

Of it a box sees the toolchain alone, read-only. Cargo's own home, with its credentials and settings, is never laid in: in the box it is empty.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from bot.adapters.sandbox.box_programs import box_program
from bot.adapters.sandbox.diagnosis import closed_folder
from bot.core.ports import Bind, Environment
from bot.ids import Digest

BOX_RUST = "/opt/rust"

PARTS = ("bin", "lib", "libexec")
"""Of a toolchain; `share` is documentation, and more than half of it."""

ASKED_SECONDS = 20
"""rustc answers in hundredths of a second, rustup's stand-in for it in tenths."""

HOMES = ("HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN", "CARGO_HOME")
"""Variables by which rustup's stand-in finds the toolchain that its user chose."""

OFFLINE = ("CARGO_NET_OFFLINE", "true")


@dataclass(frozen=True, slots=True)
class Toolchain:
    """`folder` is rustc's *sysroot*, `version` what it says of itself, on one line."""

    folder: Path
    version: str


class Rust:
    """Adds the machine's Rust to the environments of repositories that have a `Cargo.toml`. May be used from several threads."""

    def __init__(
        self, state_dir: Path, environ: Mapping[str, str], *, seen: Callable[[str], str | None] = box_program
    ) -> None:
        """`environ` is the service's environment, of which only what says where Rust lies is used. `seen` says where boxes find a program of
        the machine."""
        self._seen = seen
        self._state_dir = state_dir
        self._environ = environ

    def added(self, made: Environment, paths: Collection[str]) -> Environment:
        """The environment with Rust in it, where the tree needs it and boxes do not find it anyway. It may copy a toolchain the first time."""
        if not any(path.rpartition("/")[2] == "Cargo.toml" for path in paths):
            return made
        found = self._toolchain
        return made if found is None else _with(made, found, self._folder(found))

    @property
    def tools(self) -> frozenset[str]:
        """The programs that `added` brings; none where there is no toolchain, or boxes find the machine's own."""
        return frozenset(("cargo", "rustc")) if self._toolchain else frozenset()

    @cached_property
    def _toolchain(self) -> Toolchain | None:
        if self._seen("cargo"):
            return None
        usual = os.path.join(self._environ.get("HOME", "/nonexistent"), ".cargo", "bin")
        rustc = shutil.which("rustc", path=f"{self._environ.get('PATH', '')}:{usual}")
        return _described(rustc, self._environ) if rustc else None

    def _folder(self, found: Toolchain) -> Path:
        closed = os.geteuid() == 0 and closed_folder(found.folder) is not None
        return _reachable(found, self._state_dir) if closed else found.folder


def _with(made: Environment, found: Toolchain, folder: Path) -> Environment:
    return replace(
        made,
        digest=Digest(hashlib.sha256(f"{made.digest}/{found.version}".encode()).hexdigest()),
        path=(*made.path, f"{BOX_RUST}/bin"),
        binds=(*made.binds, Bind(folder, BOX_RUST)),
        variables=(OFFLINE, *made.variables),
        description=f"{made.description}; {found.version}",
    )


def _described(rustc: str, environ: Mapping[str, str]) -> Toolchain | None:
    """What a compiler says of itself; None when it does not answer or has no cargo beside it. It is asked in a folder that chooses no
    other toolchain."""
    variables = {name: environ[name] for name in HOMES if name in environ}

    def said(*words: str) -> str:
        asked = [rustc, *words]
        return subprocess.run(
            asked, cwd="/", env=variables, capture_output=True, timeout=ASKED_SECONDS, check=True, text=True
        ).stdout.strip()

    try:
        folder, version = Path(said("--print", "sysroot")).resolve(), said("--version")
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    whole = (folder / "bin" / "cargo").is_file() and (folder / "bin" / "rustc").is_file()
    return Toolchain(folder, " ".join(version.split())[:200]) if whole else None


def _reachable(found: Toolchain, state_dir: Path) -> Path:
    """The same files below a folder that every user can pass: second names for them where the file system allows, else copies. Made once."""
    named = hashlib.sha256(f"{found.folder}/{found.version}".encode()).hexdigest()[:16]
    place = state_dir / "toolchains" / named
    if not place.exists():
        place.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
        place.parent.chmod(0o711)
        made = Path(tempfile.mkdtemp(dir=place.parent))
        for part in PARTS:
            if (found.folder / part).is_dir():
                shutil.copytree(found.folder / part, made / part, symlinks=True, copy_function=_named_again)
        for folder, _, _ in os.walk(made):
            Path(folder).chmod(0o755)
        try:
            made.rename(place)
        except OSError:
            shutil.rmtree(made)  # another process was faster
    return place


def _named_again(source: str, name: str, *, follow_symlinks: bool = True) -> str:
    """For `copytree`. A file's mode is the same under all its names, so one that is closed to others is copied."""
    if os.stat(source).st_mode & 0o004:
        with suppress(OSError):
            os.link(source, name)
            return name
    shutil.copyfile(source, name)
    os.chmod(name, os.stat(source).st_mode | 0o444)
    return name
