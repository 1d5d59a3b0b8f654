"""Values to text and back: strict, typed JSON for everything that is stored or passes between durable steps.

No pickle: what is read back is checked against the dataclass field by field, so a stored value can never be of another shape
than the code believes. A field that was added later takes its default when an older text lacks it; a field that the code does
not know is a `Defect`. A change that this rule cannot bridge bumps the format's version and adds an upgrade (`Format`).
"""

import base64
import dataclasses
import json
import math
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from typing import Any, Generic, TypeVar

from bot.core.pulls import Secret
from bot.errors import Defect

T = TypeVar("T")

TAG = "$"
"""The key that carries a dataclass's name. No Python field can have this name."""

Upgrade = Callable[[Any], Any]
"""From the plain JSON of one version to that of the next."""


def canonical(value: Any) -> str:
    """Plain JSON data as the one text that stands for it: sorted keys, no spaces, ASCII.

    ASCII, because a lone surrogate (from an undecodable file name) and NUL survive as escapes where a database column would
    refuse the character itself. Raises `Defect` for NaN, infinity and anything that is not JSON.
    """
    try:
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise Defect(f"not JSON: {error}", hint="report this; only plain data can be stored") from error


def encode(value: Any, *, version: int = 1) -> str:
    """The value as canonical text, `{"v":VERSION,"value":…}`. Equal values give equal texts.

    Takes dataclasses, tuples, enums, aware datetimes, bytes, string-keyed mappings and plain JSON values. Raises `Defect` for
    anything else, and for secrets: they are never stored.
    """
    return canonical({"v": version, "value": to_plain(value)})


def decode(kind: type[T], text: str) -> T:
    """The value of type `kind` (a dataclass, `tuple[X, ...]`, …) from a text of version 1. Raises `Defect` on any deviation."""
    return Format(kind).decode(text)


@dataclass(frozen=True, slots=True)
class Format(Generic[T]):
    """A stored format with its history. The current version is one more than the number of upgrades.

    `upgrades[0]` turns the plain JSON value of version 1 into that of version 2, and so on; old texts load for ever.
    """

    kind: type[T]
    upgrades: tuple[Upgrade, ...] = ()

    @property
    def version(self) -> int:
        return len(self.upgrades) + 1

    def encode(self, value: T) -> str:
        return encode(value, version=self.version)

    def decode(self, text: str) -> T:
        """Raises `Defect` for malformed text, an unknown version, or a value of another shape."""
        try:
            envelope = json.loads(text, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise _fault("", f"not JSON: {error}") from error
        if not isinstance(envelope, dict) or set(envelope) != {"v", "value"}:
            raise _fault("", "no versioned envelope")
        version = envelope["v"]
        if type(version) is not int or not 1 <= version <= self.version:
            raise _fault("", f"unknown version {version!r} of {self.kind}, newest known is {self.version}")
        plain = envelope["value"]
        for upgrade in self.upgrades[version - 1 :]:
            plain = upgrade(plain)
        return typing.cast(T, from_plain(self.kind, plain))


def to_plain(value: Any) -> Any:
    """The value as plain JSON data; dataclasses become objects tagged with their class's name. Raises `Defect`."""
    if isinstance(value, Secret):
        raise Defect("a secret was about to be stored", hint="report this; keep the secret out of stored values")
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {_key(key): to_plain(item) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {name: to_plain(getattr(value, name)) for name in _hints(type(value))}
        return {TAG: type(value).__name__, **fields}
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, Enum):
        return _scalar(value.value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise Defect(f"a time without a zone: {value!r}", hint="report this; every stored time is UTC")
        return value.astimezone(UTC).isoformat()
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise Defect(f"a {type(value).__name__} cannot be stored", hint="report this; give it a dataclass")


def from_plain(kind: Any, plain: Any, where: str = "value") -> Any:
    """The value of type `kind` from plain JSON data. Raises `Defect` naming the place that does not fit."""
    kind = _resolved(kind)
    if kind is Any:
        return plain
    origin = typing.get_origin(kind)
    if origin is typing.Union or origin is types.UnionType:
        return from_plain(_member(kind, plain, where), plain, where)
    if origin is tuple or kind is tuple:
        return _tuple(typing.get_args(kind), plain, where)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping(typing.get_args(kind), plain, where)
    if isinstance(kind, type):
        return _of_class(kind, plain, where)
    raise _fault(where, f"the codec cannot read {kind!r}")


def _of_class(kind: type, plain: Any, where: str) -> Any:
    if dataclasses.is_dataclass(kind):
        return _dataclass(kind, plain, where)
    if issubclass(kind, Enum):
        return _enum(kind, plain, where)
    if kind in (str, int, bool, type(None)):
        return _exactly(kind, plain, where)
    readers: dict[type, Callable[[Any, str], Any]] = {datetime: _datetime, bytes: _bytes, float: _float}
    if kind not in readers:
        raise _fault(where, f"the codec cannot read {kind.__name__}")
    return readers[kind](plain, where)


def _enum(kind: type[Enum], plain: Any, where: str) -> Enum:
    try:
        return kind(plain)
    except ValueError as error:
        raise _fault(where, f"{plain!r} is no {kind.__name__}") from error


def _bytes(plain: Any, where: str) -> bytes:
    try:
        return base64.b64decode(_exactly(str, plain, where), validate=True)
    except ValueError as error:
        raise _fault(where, "not base64") from error


def _dataclass(kind: type, plain: Any, where: str) -> Any:
    data = _exactly(dict, plain, where)
    if data.get(TAG) != kind.__name__:
        raise _fault(where, f"a {data.get(TAG)!r} where a {kind.__name__} should be")
    hints = _hints(kind)
    unknown = sorted(set(data) - set(hints) - {TAG})
    if unknown:
        raise _fault(where, f"unknown fields {unknown} of {kind.__name__}")
    given = {name: from_plain(hint, data[name], f"{where}.{name}") for name, hint in hints.items() if name in data}
    try:
        return kind(**given)
    except TypeError as error:
        missing = sorted(set(hints) - set(given))
        raise _fault(where, f"fields {missing} of {kind.__name__} are missing") from error


def _tuple(parts: tuple[Any, ...], plain: Any, where: str) -> tuple[Any, ...]:
    items = _exactly(list, plain, where)
    if len(parts) == 2 and parts[1] is Ellipsis:
        return tuple(from_plain(parts[0], item, f"{where}[{index}]") for index, item in enumerate(items))
    if len(items) != len(parts):
        raise _fault(where, f"{len(items)} items where {len(parts)} should be")
    pairs = enumerate(zip(parts, items, strict=True))
    return tuple(from_plain(part, item, f"{where}[{index}]") for index, (part, item) in pairs)


def _mapping(parts: tuple[Any, ...], plain: Any, where: str) -> dict[str, Any]:
    data = _exactly(dict, plain, where)
    return {key: from_plain(parts[1], item, f"{where}.{key}") for key, item in data.items()}


def _member(kind: Any, plain: Any, where: str) -> Any:
    """Which member of a union the data is: None by itself, a dataclass by its tag, else the only other member."""
    members = [_resolved(part) for part in typing.get_args(kind)]
    if plain is None and type(None) in members:
        return type(None)
    tag = plain.get(TAG) if isinstance(plain, dict) else None
    others = [part for part in members if part is not type(None)]
    tagged = [part for part in others if dataclasses.is_dataclass(part) and getattr(part, "__name__", "") == tag]
    if len(tagged) == 1:
        return tagged[0]
    if len(others) == 1:
        return others[0]
    raise _fault(where, f"{tag!r} is no member of {kind}")


def _datetime(plain: Any, where: str) -> datetime:
    text = _exactly(str, plain, where)
    try:
        value = datetime.fromisoformat(text)
    except ValueError as error:
        raise _fault(where, f"{text!r} is no time") from error
    if value.tzinfo is None:
        raise _fault(where, f"{text!r} has no time zone")
    return value.astimezone(UTC)


def _float(plain: Any, where: str) -> float:
    """A whole float is written as an integer by other writers, so both are read."""
    if type(plain) not in (int, float) or not math.isfinite(plain):
        raise _fault(where, f"{plain!r} is no finite number")
    return float(plain)


def _exactly(kind: type[T], plain: Any, where: str) -> T:
    """`bool` is an `int` to Python; here it is not."""
    if type(plain) is not kind:
        raise _fault(where, f"{type(plain).__name__} where {kind.__name__} should be")
    return plain


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise Defect(f"a mapping with the key {key!r} cannot be stored", hint="report this; keys are strings")
    return str(key)


def _resolved(kind: Any) -> Any:
    """The type under any number of `NewType`s."""
    while isinstance(kind, typing.NewType):
        kind = kind.__supertype__
    return kind


@cache
def _hints(kind: type) -> dict[str, Any]:
    """Field name to type, in the order of the fields."""
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind) if field.init}


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _fault(where: str, message: str) -> Defect:
    place = f"stored {where}: " if where else "stored text: "
    return Defect(place + message, hint="the database was written by another version, or damaged")
