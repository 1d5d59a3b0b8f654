"""`specbot` begun from nothing, as a shell begins it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [(["--help"], 0, "Specs in, proven pull requests out."), (["lint", "nowhere"], 2, "there is no file nowhere")],
)
def test_it_starts_with_nothing_but_its_own_folder(tmp_path: Path, words: list[str], code: int, said: str) -> None:
    (tmp_path / ".git").mkdir()
    environment = {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PATH": ""}
    command = [sys.executable, "-m", "bot", *words]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, said in done.stdout + done.stderr) == (code, True)
