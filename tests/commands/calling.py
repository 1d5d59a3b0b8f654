"""Calling `specbot` as a person does: a process of its own, in some folder. Most of a call is the start of Python and its imports, so it is a fork of a
process that has them behind it; `test_start.py` starts `python -m bot` itself."""

import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.cli import main
from tests.support.forks import FORKS

SECONDS = 60


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


def specbot(*words: str, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Said:
    """What it printed and how it ended. `env` is the whole environment of the call."""
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        process = FORKS.Process(target=call, args=(words, str(cwd or folder), dict(env or {}), str(out), str(err)))
        process.start()
        process.join(SECONDS)
        assert process.exitcode is not None, f"`specbot {' '.join(words)}` takes more than {SECONDS} seconds"
        return Said(process.exitcode, out.read_bytes().decode(), err.read_bytes().decode())


def call(words: tuple[str, ...], cwd: str, env: Mapping[str, str], out: str, err: str) -> None:
    """In the fork: be `specbot` with these words."""
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    for stream, path in ((sys.stdout, out), (sys.stderr, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), stream.fileno())
        stream.reconfigure(encoding="utf-8")
    sys.argv = ["specbot", *words]
    main()
