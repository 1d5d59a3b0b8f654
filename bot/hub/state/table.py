"""A table of records by id."""

from collections.abc import Callable, Iterator
from typing import Generic, Protocol, TypeVar


class Row(Protocol):
    """Anything with an id."""

    @property
    def id(self) -> int: ...


T = TypeVar("T", bound=Row)


class Table(Generic[T]):
    """Records by id, oldest first. Safe to read from any thread; write under the store's lock."""

    def __init__(self) -> None:
        self._rows: dict[int, T] = {}

    def put(self, row: T) -> T:
        """Add or replace the record with this id, and give it back."""
        self._rows[row.id] = row
        return row

    def get(self, row_id: int | None) -> T | None:
        """The record, or None."""
        return None if row_id is None else self._rows.get(row_id)

    def __getitem__(self, row_id: int) -> T:
        return self._rows[row_id]

    def __iter__(self) -> Iterator[T]:
        return iter(tuple(self._rows.values()))

    def __len__(self) -> int:
        return len(self._rows)

    def drop(self, row_id: int) -> None:
        """Forget the record; nothing happens when there is none."""
        self._rows.pop(row_id, None)

    def where(self, wanted: Callable[[T], bool]) -> list[T]:
        """All records that are wanted, oldest first."""
        return [row for row in self if wanted(row)]

    def first(self, wanted: Callable[[T], bool]) -> T | None:
        """The oldest record that is wanted, or None."""
        return next((row for row in self if wanted(row)), None)
