"""Making and upgrading the tables. Nothing else makes them."""

import fcntl
import os
import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from bot.adapters.store.database import Database
from bot.errors import Transient

SCRIPTS = Path(__file__).parent / "migrations"
"""alembic's folder; it ships with the package."""

MIGRATION_SECONDS = 60.0
"""How long a migration waits for other writers: longer than any transaction of ours, short enough for a release command."""


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database to `revision`; one that is there already is left alone. Two at once wait for each other.

    A SQLite file is made when it is missing: WAL mode, readable by its owner only (it holds webhook bodies). Raises `Transient`.
    """
    database = Database(url, busy_seconds=MIGRATION_SECONDS)
    try:
        if database.sqlite_path is not None:
            _make_file(database.sqlite_path)
        with database.writing() as connection:
            command.upgrade(alembic_config(connection), revision)
    finally:
        database.close()


def alembic_config(connection: Connection) -> Config:
    """alembic on a transaction of ours, without an ini file."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _make_file(path: Path) -> None:
    """WAL is a property of the file, so it is set once, here. One process at a time: SQLite does not wait when two change the mode at once."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o711)
        file = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            _set_mode(path)
        finally:
            os.close(file)
    except (OSError, sqlite3.Error) as error:
        raise Transient(
            f"the database file cannot be made: {type(error).__name__}: {error}",
            hint="is its folder writable for this user?",
        ) from None


def _set_mode(path: Path) -> None:
    connection = sqlite3.connect(path, timeout=MIGRATION_SECONDS, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()
