"""Column types that mean the same on SQLite and on PostgreSQL."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Text, TypeDecorator

from bot.errors import Defect

NUMBER = BigInteger().with_variant(Integer, "sqlite")
"""Ids of GitHub and our own counters: 64 bits. SQLite counts up by itself only on a column of the type INTEGER."""


class UtcTime(TypeDecorator[datetime]):
    """An aware time, in UTC on both sides. SQLite drops the zone, so it is put back when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise Defect("a time without zone was about to be stored", hint="report this")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text that any database takes: lone surrogates and NUL, which come in with hostile text, become U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else storable(str(value))


def storable(text: str) -> str:
    """`text` as a `Words` column will keep it."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "�")
