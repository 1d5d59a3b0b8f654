"""`specbot serve`: web and worker as two processes of one command, for a small machine."""

import os
import signal
import subprocess
import sys

import click

from bot.settings import WEB_NEEDS, WORKER_NEEDS, load_settings

GRACE_SECONDS = 15
"""After SIGTERM: gunicorn finishes its requests, the worker leaves its runs to the next start."""


@click.command(name="serve")
def command() -> None:
    """Web and worker together. Ends both when one of them ends."""
    load_settings(os.environ, needs={*WEB_NEEDS, *WORKER_NEEDS})
    parts = [subprocess.Popen([sys.executable, "-m", "bot", name]) for name in ("worker", "web")]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        os.wait()
    except KeyboardInterrupt:
        pass
    finally:
        for part in parts:
            part.terminate()
        for part in parts:
            try:
                part.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                part.kill()
