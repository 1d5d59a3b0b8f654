"""Tests that share a costly stage stay on one worker: a runner that no longer keeps groups together would double the time of all tests."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

GROUPED = """\
import pytest


@pytest.mark.xdist_group("one")
@pytest.mark.parametrize("number", range(8))
def test_grouped(number, worker_id, request):
    (request.config.rootpath / f"seen-{worker_id}").touch()
"""


@pytest.mark.soak
def test_a_group_is_run_by_one_worker(tmp_path: Path) -> None:
    (tmp_path / "test_grouped.py").write_text(GROUPED)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        "2",
        "--dist",
        "loadgroup",
        "-p",
        "no:cacheprovider",
        ".",
    ]
    alone = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(command, cwd=tmp_path, env=alone, capture_output=True, text=True, check=False)
    assert "8 passed" in done.stdout, done.stdout + done.stderr
    assert len(list(tmp_path.rglob("seen-*"))) == 1
