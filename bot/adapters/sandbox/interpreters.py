"""Which Python the box uses: one that the box can see and read, else a readable copy of one."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.adapters.sandbox.diagnosis import closed_folder
from bot.core.ports import Bind

USUAL = (Path("/usr/bin/python3"), Path("/usr/local/bin/python3"))
"""Where distributions and container images have it; /usr is in every box."""

BOX_PYTHON = "/opt/python"

FACTS = (
    "import json, sys, zlib, ctypes, unittest, sysconfig;"
    "print(json.dumps([list(sys.version_info[:3]), sys.base_prefix, sysconfig.get_path('stdlib')]))"
)
"""Also a test: distributions ship Pythons without half of the standard library."""

FACTS_SECONDS = 20
"""A Python starts in hundredths of a second; longer only on a machine that is not usable."""

NOT_COPIED = ("test", "tests", "site-packages", "dist-packages", "idlelib", "turtledemo", "tkinter", "config-3*")
"""What tests of a repository never import and what would make the copy large."""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """`host` runs on this machine, `box` is the same one as the box sees it, with `binds` laid in and `variables` set."""

    host: Path
    box: str
    binds: tuple[Bind, ...]
    version: tuple[int, int, int]
    variables: tuple[tuple[str, str], ...] = ()

    @property
    def minor(self) -> str:
        """As in file names: `3.11`."""
        return f"{self.version[0]}.{self.version[1]}"


def candidates(setting: Path | None, state_dir: Path, *, boxed: bool, minor: int) -> Iterator[Interpreter]:
    """Pythons 3.`minor` or newer, best first: the configured one alone, or the usual ones and at last our own.

    Whether they run in the box is for the caller to try; copies are made only when the iteration comes to them.
    """
    own = Path(sys.base_prefix, "bin", f"python{sys.version_info[0]}.{sys.version_info[1]}")
    for path in (setting,) if setting else (*USUAL, own):
        found = _described(path)
        if found is not None and found[0] >= (3, minor):
            version, prefix = found
            yield _usable(path, prefix, version, state_dir, boxed=boxed)


def _usable(path: Path, prefix: Path, version: tuple[int, int, int], state_dir: Path, *, boxed: bool) -> Interpreter:
    real = path.resolve()
    if (not boxed and os.geteuid() != 0) or (real.is_relative_to("/usr") and prefix.is_relative_to("/usr")):
        return Interpreter(path, os.fspath(path), (), version)
    if os.geteuid() == 0 and closed_folder(prefix) is not None:
        return _copied(real, prefix, version, state_dir, boxed=boxed)
    inside = real.relative_to(prefix) if real.is_relative_to(prefix) else Path("bin", real.name)
    return Interpreter(path, f"{BOX_PYTHON}/{inside}", (Bind(prefix, BOX_PYTHON),), version)


def _described(path: Path) -> tuple[tuple[int, int, int], Path] | None:
    """Version and prefix; None when this is no complete Python 3.8 or newer."""
    try:
        said = subprocess.run(
            [path, "-I", "-c", FACTS], capture_output=True, timeout=FACTS_SECONDS, check=True, env={}, text=True
        ).stdout
        (major, minor, micro), prefix, _ = json.loads(said)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    if (major, minor) < (3, 8):
        return None
    return (major, minor, micro), Path(prefix).resolve()


def _copied(
    executable: Path, prefix: Path, version: tuple[int, int, int], state_dir: Path, *, boxed: bool
) -> Interpreter:
    """A copy that every user can read, made once for each prefix and version."""
    named = hashlib.sha256(json.dumps([os.fspath(prefix), version]).encode()).hexdigest()[:16]
    place = state_dir / "pythons" / named
    name = f"python{version[0]}.{version[1]}"
    if not place.exists():
        place.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
        place.parent.chmod(0o711)
        made = Path(tempfile.mkdtemp(dir=place.parent))
        _copy(executable, prefix, name, made)
        try:
            made.rename(place)
        except OSError:
            shutil.rmtree(made)  # another process was faster
    root = BOX_PYTHON if boxed else os.fspath(place)
    binds = (Bind(place, BOX_PYTHON),) if boxed else ()
    # A Python that was built as a shared library looks for it where it was installed, which the box cannot see.
    shared = any((place / "lib").glob("libpython*"))
    variables = (("LD_LIBRARY_PATH", f"{root}/lib"),) if shared else ()
    return Interpreter(executable, f"{root}/bin/{name}", binds, version, variables)


def _copy(executable: Path, prefix: Path, name: str, made: Path) -> None:
    (made / "bin").mkdir()
    shutil.copy2(executable.resolve(), made / "bin" / name)
    shutil.copytree(
        prefix / "lib" / name, made / "lib" / name, ignore=shutil.ignore_patterns(*NOT_COPIED), symlinks=True
    )
    for library in (prefix / "lib").glob("libpython3*.so*"):
        shutil.copy2(library, made / "lib" / library.name, follow_symlinks=False)
    for path in (made, *made.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent == made / "bin" else 0o644)
