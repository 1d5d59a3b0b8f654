"""One answer of GitHub's REST API, and typed looks into its JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.errors import Transient


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, headers (lower-case names) and the parsed body; `data` is None when the body was no JSON."""

    status: int
    headers: Mapping[str, str]
    data: Any
    text: str

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def message(self) -> str:
        """GitHub's own words for what went wrong, with the field errors it names; "" when there are none."""
        if not isinstance(self.data, Mapping):
            return ""
        words = [str(self.data.get("message", ""))]
        errors = self.data.get("errors")
        for error in errors if isinstance(errors, list) else []:
            words.append(str(error.get("message") or error) if isinstance(error, Mapping) else str(error))
        return "; ".join(word for word in words if word)[:500]


class Body:
    """A JSON object with typed fields. A field that is missing or of another type is `Transient`: a broken answer."""

    def __init__(self, data: Any) -> None:
        if not isinstance(data, Mapping):
            raise _unexpected("an object")
        self._data: Mapping[str, Any] = data

    def number(self, name: str) -> int:
        value = self._data.get(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise _unexpected(f"the number {name}")
        return value

    def text(self, name: str) -> str:
        value = self._data.get(name)
        if not isinstance(value, str):
            raise _unexpected(f"the text {name}")
        return value

    def text_or(self, name: str, default: str = "") -> str:
        """The text, or `default` when it is null or missing."""
        value = self._data.get(name)
        return value if isinstance(value, str) else default

    def has(self, name: str) -> bool:
        """Whether the field is there and not null."""
        return self._data.get(name) is not None

    def flag(self, name: str) -> bool:
        """True only for `true`: newer fields may be missing on older servers."""
        return self._data.get(name) is True

    def object(self, name: str) -> "Body":
        return Body(self._data.get(name))

    def maybe(self, name: str) -> "Body | None":
        """The object, or None when it is null or missing."""
        value = self._data.get(name)
        return Body(value) if isinstance(value, Mapping) else None

    def list(self, name: str) -> "tuple[Body, ...]":
        return bodies(self._data.get(name))

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts."""
        value = self._data.get(name)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise _unexpected(f"the texts {name}")
        return tuple(value)

    def time(self, name: str) -> datetime:
        try:
            return datetime.fromisoformat(self.text(name))
        except ValueError:
            raise _unexpected(f"the time {name}") from None


def bodies(data: Any) -> tuple[Body, ...]:
    """A JSON list of objects."""
    if not isinstance(data, list):
        raise _unexpected("a list")
    return tuple(Body(item) for item in data)


def _unexpected(what: str) -> Transient:
    return Transient(f"GitHub's answer lacks {what}", hint="is the API address that of a GitHub server?")
