"""What a body needs besides its record: the store to look things up in, and the addresses to put in."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from bot.hub.state.repositories import Repository
from bot.hub.state.store import Store


@dataclass(frozen=True, slots=True)
class View:
    """Renders for one reader. `html` is the base of every address, taken from the request itself: clients check it."""

    store: Store
    html: str

    @property
    def api(self) -> str:
        """The base of REST addresses."""
        return f"{self.html}/api/v3"

    def repo(self, repository: Repository) -> str:
        """The REST address of a repository."""
        return f"{self.api}/repos/{repository.full_name}"

    def page(self, repository: Repository) -> str:
        """The page of a repository."""
        return f"{self.html}/{repository.full_name}"


def stamp(when: datetime) -> str:
    """A time as GitHub writes it."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def maybe_stamp(when: datetime | None) -> str | None:
    """A time, or null."""
    return None if when is None else stamp(when)


def in_path(text: str) -> str:
    """Text as part of an address; slashes stay."""
    return quote(text, safe="/")
