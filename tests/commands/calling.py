"""Calling `specbot` as a person does, in some folder."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


def specbot(*words: str, cwd: Path) -> Said:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=cwd,
        env={"PYTHONPATH": str(root), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)
