"""The migrations make exactly the tables that the code believes in, in a file only its owner reads."""

import sqlite3
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from bot.adapters.store import SqlStore, migrate
from bot.adapters.store.database import Database
from bot.adapters.store.tables import metadata
from tests.adapters.store.values import delivery


def test_tables_and_migrations_agree(url: str) -> None:
    database = Database(url)
    with database.writing() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)
    database.close()
    assert found == []


def test_partial_indexes_agree_too(empty_database: Path, tmp_path: Path) -> None:
    """alembic does not compare the conditions of partial indexes, SQLite keeps their text."""
    engine = create_engine(f"sqlite:///{tmp_path}/from-metadata.db")
    metadata.create_all(engine)
    engine.dispose()

    def indexes(path: Path) -> dict[str, str]:
        connection = sqlite3.connect(path)
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
        found = dict(rows.fetchall())
        connection.close()
        return found

    made = indexes(empty_database)
    assert made == indexes(tmp_path / "from-metadata.db")
    assert "WHERE state IN ('queued', 'working')" in made["uq_runs_one_writer"]


def test_migrating_again_keeps_what_is_there(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/deep/er/bot.db"
    migrate(url)
    store = SqlStore(url)
    store.add_delivery(delivery("kept"))
    store.close()
    migrate(url)
    assert [found.delivery_id for found in store.pending_deliveries(9)] == ["kept"]
    store.close()


def test_the_file_is_private_and_in_wal_mode(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path}/bot.db")
    assert (tmp_path / "bot.db").stat().st_mode & 0o777 == 0o600
    connection = sqlite3.connect(tmp_path / "bot.db")
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_connections_are_durable_and_keep_references(store: SqlStore, url: str) -> None:
    if not url.startswith("sqlite"):
        return
    with store._database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


def test_two_migrations_at_once(tmp_path: Path) -> None:
    code = "import sys; from bot.adapters.store import migrate; migrate(sys.argv[1])"
    argv = [sys.executable, "-c", code, f"sqlite:///{tmp_path}/bot.db"]
    both = [subprocess.Popen(argv, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    assert [process.communicate(timeout=60)[1] for process in both] == ["", ""]
    assert [process.returncode for process in both] == [0, 0]


def test_odd_characters_in_the_path(tmp_path: Path) -> None:
    """The path in the address is percent-encoded, as `load_settings` writes it."""
    url = f"sqlite:///{quote(str(tmp_path))}/{quote('a b%20#é?')}/bot.db"
    migrate(url)
    store = SqlStore(url)
    assert store.add_delivery(delivery()) is True
    store.close()
    assert (tmp_path / "a b%20#é?" / "bot.db").is_file()
