"""A database that is locked, gone, full, damaged or not migrated is `Transient`, and never swallows what was acknowledged."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters.store import SqlStore, migrate
from bot.errors import ConfigFault, Transient
from tests.adapters.store.values import delivery


@pytest.fixture
def folder(tmp_path: Path, empty_database: Path) -> Path:
    inside = tmp_path / "state"
    inside.mkdir()
    (inside / "bot.db").write_bytes(empty_database.read_bytes())
    return inside


@pytest.fixture
def impatient(folder: Path) -> Iterator[SqlStore]:
    store = SqlStore(f"sqlite:///{folder}/bot.db", busy_seconds=0.1)
    yield store
    store.close()


def test_locked(impatient: SqlStore, folder: Path) -> None:
    rival = sqlite3.connect(folder / "bot.db", isolation_level=None)
    rival.execute("BEGIN IMMEDIATE")
    with pytest.raises(Transient, match="database is locked"):
        impatient.add_delivery(delivery())
    impatient.ping()
    rival.execute("ROLLBACK")
    rival.close()
    assert impatient.add_delivery(delivery()) is True


def test_folder_removed_under_an_open_connection(impatient: SqlStore, folder: Path) -> None:
    """SQLite itself would go on writing into the removed file and lose every delivery."""
    assert impatient.add_delivery(delivery("before")) is True
    folder.rename(folder.with_name("elsewhere"))
    with pytest.raises(Transient, match="unable to open"):
        impatient.add_delivery(delivery("meanwhile"))
    with pytest.raises(Transient):
        impatient.ping()
    folder.with_name("elsewhere").rename(folder)
    assert [found.delivery_id for found in impatient.pending_deliveries(9)] == ["before"]


def test_file_replaced_under_an_open_connection(impatient: SqlStore, folder: Path, empty_database: Path) -> None:
    """A restored backup is used at once, not the file that was moved away."""
    impatient.add_delivery(delivery("before"))
    for part in folder.iterdir():
        part.rename(folder / f"old-{part.name}")
    (folder / "bot.db").write_bytes(empty_database.read_bytes())
    assert impatient.pending_deliveries(9) == ()
    assert impatient.add_delivery(delivery("after")) is True


def test_a_missing_database_is_never_made_by_using_it(tmp_path: Path) -> None:
    store = SqlStore(f"sqlite:///{tmp_path}/none.db")
    with pytest.raises(Transient, match="unable to open"):
        store.ping()
    assert not (tmp_path / "none.db").exists()


def test_not_migrated(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "bare.db").close()
    (tmp_path / "bare.db").touch()
    store = SqlStore(f"sqlite:///{tmp_path}/bare.db")
    with pytest.raises(Transient, match=r"no such table.*specbot migrate"):
        store.add_delivery(delivery())
    store.close()


def test_damaged(tmp_path: Path) -> None:
    (tmp_path / "bad.db").write_bytes(b"not a database at all" * 500)
    store = SqlStore(f"sqlite:///{tmp_path}/bad.db")
    with pytest.raises(Transient, match="not a database"):
        store.ping()
    store.close()


def test_full(folder: Path, impatient: SqlStore) -> None:
    """A page limit stands in for a full disk: SQLite reports both the same way."""
    with impatient._database.writing() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(Transient, match="full"):
        impatient.add_delivery(delivery("big", body=b"x" * 1_000_000))
    assert impatient.pending_deliveries(9) == ()


def test_the_error_names_no_values(impatient: SqlStore, folder: Path) -> None:
    rival = sqlite3.connect(folder / "bot.db", isolation_level=None)
    rival.execute("BEGIN IMMEDIATE")
    with pytest.raises(Transient) as caught:
        impatient.add_delivery(delivery(body=b"hunter2"))
    rival.close()
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Transient, match="cannot be made"):
        migrate(f"sqlite:///{tmp_path}/file/bot.db")


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///relative.db", "mysql://db/x"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(ConfigFault, match="no database for us"):
        SqlStore(url)
