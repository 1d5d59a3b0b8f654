"""The web process's application as gunicorn loads it, which dies once at a chosen write to the database."""

import os
from pathlib import Path

from flask import Flask

from bot.app import web as real
from tests.faults.worker_process import Watcher


def web() -> Flask:
    """`FAULTS_FOLDER` holds the list of passed points and the mark of the one death; `FAULTS_FATAL` names the point."""
    folder = Path(os.environ["FAULTS_FOLDER"])
    Watcher(folder / "points", [os.environ["FAULTS_FATAL"]], once=folder / "died").watch()
    return real()
