"""One database behind a URL: connections, transactions, and errors in our own words.

SQLite (WAL, one host) and PostgreSQL behave alike here: writing transactions run one after the other, on SQLite by
`BEGIN IMMEDIATE`, on PostgreSQL by one advisory lock. So "look, then write" inside a transaction needs no further care, and the
unique keys are a second fence instead of the first.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, create_engine, event, make_url
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError, DisconnectionError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection, QueuePool

from bot.errors import ConfigFault, Transient

BUSY_SECONDS = 5.0
"""How long a writer waits for its turn: half of the ten seconds that GitHub waits for a webhook's answer, so that a jam still
becomes a 503 that GitHub records."""

POOL_SIZE = 8
"""Connections kept open. More may be opened for a while (`POOL_OVERFLOW`)."""

POOL_OVERFLOW = 24
"""With `POOL_SIZE` more than the threads of one gunicorn worker or of the workflow engine's pool that touch the store at once."""

WRITER_LOCK = 0x5BEC_B075
"""The number of PostgreSQL's advisory lock for writers; ours alone in this database."""

WRITER = "specbot_writer"


class Database:
    """Connections to one database. Cheap to make: nothing is opened before the first transaction.

    Make it after a fork, never before: an open connection must not be shared between processes.
    """

    def __init__(self, url: str, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self._url = _normalised(url)
        self._busy_seconds = busy_seconds
        self._writer = threading.Lock()
        self.is_sqlite = self._url.get_backend_name() == "sqlite"
        self._engine = self._sqlite(busy_seconds) if self.is_sqlite else self._postgresql(busy_seconds)
        event.listen(self._engine, "begin", self._begin)
        self._writing = self._engine.execution_options(**{WRITER: True})

    @property
    def sqlite_path(self) -> Path | None:
        """The database's file; None on PostgreSQL."""
        return Path(str(self._url.database)) if self.is_sqlite else None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only looks; it sees one state of the database. Raises `Transient`."""
        with _in_our_words(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that may write; no other writer runs beside it. Durable when it ends. Raises `Transient`.

        A broken unique key surfaces as `IntegrityError`.
        """
        with _in_our_words(), self._turn(), self._writing.begin() as connection:
            yield connection

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One thread of this process at a time asks SQLite for its lock. SQLite's own waiting is a sleep of growing length that
        starves whoever waits longest: with sixteen threads some waited for seconds where this takes milliseconds."""
        if not self.is_sqlite:
            yield
            return
        if not self._writer.acquire(timeout=self._busy_seconds):
            raise Transient("the database is not available: too many writers wait", hint="it is tried again later")
        try:
            yield
        finally:
            self._writer.release()

    def close(self) -> None:
        """Close the idle connections."""
        self._engine.dispose()

    def _begin(self, connection: Connection) -> None:
        writer = connection.get_execution_options().get(WRITER, False)
        if self.is_sqlite:
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")
        elif writer:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})")

    def _sqlite(self, busy_seconds: float) -> Engine:
        path = str(self._url.database)

        def connect() -> sqlite3.Connection:
            """`mode=rw`: a database that vanished is an error, not a new empty file that swallows deliveries."""
            connection = sqlite3.connect(
                f"file:{quote(path)}?mode=rw",
                uri=True,
                timeout=busy_seconds,
                isolation_level=None,
                check_same_thread=False,
            )
            try:
                connection.execute("PRAGMA foreign_keys = ON")
                # FULL, because a delivery is acknowledged once it is committed: with NORMAL a power cut may take it back.
                connection.execute("PRAGMA synchronous = FULL")
            except sqlite3.Error:
                connection.close()
                raise
            return connection

        engine = create_engine(
            "sqlite://",
            creator=connect,
            pool_size=POOL_SIZE,
            max_overflow=POOL_OVERFLOW,
            pool_timeout=busy_seconds,
            poolclass=QueuePool,
        )
        _guard_against_a_moved_file(engine, path)
        return engine

    def _postgresql(self, busy_seconds: float) -> Engine:
        milliseconds = int(busy_seconds * 1000)
        return create_engine(
            self._url,
            pool_size=POOL_SIZE,
            max_overflow=POOL_OVERFLOW,
            pool_timeout=busy_seconds,
            pool_pre_ping=True,
            connect_args={
                "connect_timeout": max(2, int(busy_seconds)),
                "options": f"-c lock_timeout={milliseconds} -c timezone=UTC",
            },
        )


def _normalised(url: str) -> URL:
    parsed = make_url(url)
    if parsed.drivername in ("postgres", "postgresql"):
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername == "postgresql+psycopg":
        return parsed
    if parsed.get_backend_name() == "sqlite" and str(parsed.database or "").startswith("/"):
        return parsed
    raise ConfigFault(
        f"no database for us: {parsed.drivername}", hint="use sqlite:////ABSOLUTE/PATH or postgresql://HOST/NAME"
    )


def _guard_against_a_moved_file(engine: Engine, path: str) -> None:
    """SQLite goes on writing into a file that was removed or replaced under it; such a connection is never used again."""

    def identity() -> tuple[int, int] | None:
        try:
            found = os.stat(path)
        except OSError:
            return None
        return (found.st_dev, found.st_ino)

    def connected(connection: Any, record: ConnectionPoolEntry) -> None:
        record.info["file"] = identity()

    def taken(connection: Any, record: ConnectionPoolEntry, proxy: PoolProxiedConnection) -> None:
        now = identity()
        if now is None or record.info.get("file") != now:
            raise DisconnectionError("the database file was removed or replaced")

    event.listen(engine, "connect", connected)
    event.listen(engine, "checkout", taken)


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise
    except (DBAPIError, DisconnectionError, PoolTimeout, sqlite3.Error) as error:
        # Only the driver's own words: SQLAlchemy's message carries the statement with its values.
        cause = getattr(error, "orig", None) or error
        raise Transient(
            f"the database is not available: {type(cause).__name__}: {str(cause).splitlines()[0] if str(cause) else ''}",
            hint="is it running, migrated (`specbot migrate`), writable and not full?",
        ) from None
