"""The machine's clock as the `Clock` port."""

from datetime import UTC, datetime


class SystemClock:
    def now(self) -> datetime:
        """The current time, UTC."""
        return datetime.now(UTC)
