"""A fresh database for each test. With `SPECBOT_TEST_POSTGRES` (an admin URL) every test also runs on PostgreSQL."""

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.adapters.store import SqlStore, migrate
from tests.adapters.store.values import TickingClock

POSTGRES = os.environ.get("SPECBOT_TEST_POSTGRES", "")


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy: quicker than migrating for each test."""
    path = tmp_path_factory.mktemp("store") / "empty.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", *(["postgresql"] if POSTGRES else [])])
def url(request: pytest.FixtureRequest, empty_database: Path, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        shutil.copy(empty_database, tmp_path / "bot.db")
        yield f"sqlite:///{tmp_path}/bot.db"
        return
    name = f"specbot_{uuid.uuid4().hex[:12]}"
    admin = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        fresh = admin.url.set(database=name).render_as_string(hide_password=False)
        migrate(fresh)
        yield fresh
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock()


@pytest.fixture
def store(url: str, clock: TickingClock) -> Iterator[SqlStore]:
    store = SqlStore(url, clock=clock, busy_seconds=20.0)
    yield store
    store.close()
