"""Reading a request's JSON: typed access to fields, a 422 in GitHub's words for what does not fit. Unknown fields are ignored."""

from collections.abc import Mapping

from bot.hub.refusal import invalid

Json = dict[str, object]
"""A JSON object."""


class Fields:
    """The fields of a JSON object that somebody sent."""

    def __init__(self, values: Mapping[str, object], resource: str = "") -> None:
        self.values = values
        self.resource = resource

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def has(self, name: str) -> bool:
        """Whether the field is there and not null."""
        return self.values.get(name) is not None

    def text(self, name: str) -> str:
        """A required string."""
        value = self.optional_text(name)
        if value is None:
            raise invalid(self.resource, name, "missing_field", f'"{name}" wasn\'t supplied.')
        return value

    def optional_text(self, name: str) -> str | None:
        """A string, or None when absent or null."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, str):
            raise self._wrong(name, "a string")
        return value

    def optional_number(self, name: str) -> int | None:
        """An integer, or None when absent or null."""
        value = self.values.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            raise self._wrong(name, "an integer")
        return value

    def number(self, name: str) -> int:
        """A required integer."""
        value = self.optional_number(name)
        if value is None:
            raise invalid(self.resource, name, "missing_field", f'"{name}" wasn\'t supplied.')
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean, or the default when absent or null."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, bool):
            raise self._wrong(name, "a boolean")
        return default if value is None else value

    def texts(self, name: str) -> list[str]:
        """A list of strings; empty when absent."""
        found = self._list(name)
        texts = [item for item in found if isinstance(item, str)]
        if len(texts) != len(found):
            raise self._wrong(name, "a list of strings")
        return texts

    def numbers(self, name: str) -> list[int]:
        """A list of integers; empty when absent."""
        found = self._list(name)
        numbers = [item for item in found if isinstance(item, int) and not isinstance(item, bool)]
        if len(numbers) != len(found):
            raise self._wrong(name, "a list of integers")
        return numbers

    def objects(self, name: str) -> list["Fields"]:
        """A list of objects; empty when absent."""
        found = self._list(name)
        objects = [Fields(item, self.resource) for item in found if isinstance(item, dict)]
        if len(objects) != len(found):
            raise self._wrong(name, "a list of objects")
        return objects

    def part(self, name: str) -> "Fields | None":
        """An object, or None when absent or null."""
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self._wrong(name, "an object")
        return Fields(value, self.resource)

    def one_of(self, name: str, allowed: tuple[str, ...], default: str | None = None) -> str | None:
        """A string out of a closed set, or the default when absent or null."""
        value = self.optional_text(name)
        if value is None:
            return default
        if value not in allowed:
            raise invalid(self.resource, name, "invalid", f"{name} is not included in the list: {', '.join(allowed)}")
        return value

    def _list(self, name: str) -> list[object]:
        value = self.values.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self._wrong(name, "a list")
        return value

    def _wrong(self, name: str, wanted: str) -> Exception:
        return invalid(self.resource, name, "invalid", f"{name} is not {wanted}.")
