"""Running the command line as people do: in a process of its own, in a room where whatever it leaves behind is seen."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]

SECONDS = 300
"""For one command. The demo takes 20 on a quiet machine; this is a multiple of what it takes on a busy one."""


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Room:
    """A folder with a home, a place for temporary files and the bot's state; nothing of the caller's environment but the PATH."""

    path: Path
    environment: Mapping[str, str]

    @property
    def temporary(self) -> Path:
        return self.path / "tmp"

    def specbot(self, *words: str, cwd: Path | None = None) -> Said:
        with subprocess.Popen(self.argv(*words), **self.options(cwd)) as process:
            out, err = process.communicate(timeout=SECONDS)
        return Said(process.returncode, out, err)

    def argv(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "bot", *words]

    def options(self, cwd: Path | None = None) -> dict[str, object]:
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return {"env": dict(self.environment), "cwd": cwd or self.path, **pipes}

    def left_running(self) -> list[str]:
        """Processes that still have this room's mark in their environment."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.environ().get("PIP_CACHE_DIR") == self.environment["PIP_CACHE_DIR"]:
                    found.append(" ".join(process.cmdline()) or process.name())
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
        return found

    def left_behind(self) -> list[str]:
        return sorted(path.name for path in self.temporary.iterdir())


@contextmanager
def room(**environment: str) -> Iterator[Room]:
    """The mark is pip's cache folder: the demo hands pip's settings on to all its processes."""
    with tempfile.TemporaryDirectory(prefix="specbot-room-") as folder:
        path = Path(folder)
        path.chmod(0o711)  # a box's own user passes through
        for name in ("tmp", "state"):
            (path / name).mkdir(mode=0o711)
        yield Room(
            path,
            {
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(ROOT),
                "HOME": folder,
                "TMPDIR": str(path / "tmp"),
                "SPECBOT_STATE_DIR": str(path / "state"),
                "PIP_CACHE_DIR": str(path / "pip"),
                "PIP_NO_INDEX": "1",
                "COLUMNS": "200",
                **environment,
            },
        )
