"""Hostile YAML as plain data that remembers where each key stands. Pure; used for front matter and `specbot.yml`.

Only what a settings file needs: mappings, lists and plain scalars. Anchors, aliases, merge tricks and tags are refused, so that no
file can grow in memory or name a type.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamStartEvent,
)
from yaml.nodes import ScalarNode
from yaml.reader import ReaderError

MAX_DEPTH = 8
"""Our deepest setting is three levels down; more is a mistake or an attack on recursive code."""

MAX_NODES = 5_000
"""Bounds time and memory: the parser makes about 50,000 events a second, and no honest settings file has a tenth of this."""

_OTHER_BREAKS = str.maketrans({"\x85": " ", "\u2028": " ", "\u2029": " "})
"""The YAML scanner counts these as line ends, editors and git do not; as blanks they keep our line numbers right."""

_QUOTES = "A text that starts with `*` or `&` needs quotes; anything else is to be written out."
_COLON = "A text with `: ` in it needs quotes; a key stands on a line of its own, as far in as its neighbours."
_CHECK = "Check the indentation and the quotes."

_LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The parser in C is ten times as fast and comes with PyYAML's wheels; where it was built without, the same events come slower."""

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class YamlFault:
    """One thing wrong with a file. Lines and columns count from 1. `key` is an unknown key as it was read, `meant` the known one that it plainly
    stands for, and `nested` when it stands below another key."""

    line: int
    column: int
    message: str
    hint: str
    unknown_key: bool = False
    key: str = ""
    meant: str = ""
    nested: bool = False


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """A mapping read from YAML. `places` has the (line, column) of each key and list element by its path."""

    value: Mapping[str, object]
    places: Mapping[KeyPath, tuple[int, int]]

    def place(self, path: Sequence[str | int]) -> tuple[int, int]:
        """Where `path` stands, or the nearest thing around it."""
        for length in range(len(path), -1, -1):
            found = self.places.get(tuple(path[:length]))
            if found is not None:
                return found
        return (1, 1)


class _Mark(Protocol):
    """Where the parser was; lines and columns from 0. PyYAML has two such classes, one of them only where it was built in C."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


class _Stop(Exception):
    """Carries a fault out of the recursive reading."""

    def __init__(self, event: Event, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.event = event
        self.message = message
        self.hint = hint


class _Reader:
    """Builds plain data from parser events. Recursion is bounded by `MAX_DEPTH`."""

    def __init__(self, text: str, first_line: int) -> None:
        self._loader: Any = _LOADER(text)
        self._first_line = first_line
        self._nodes = 0
        self.places: dict[KeyPath, tuple[int, int]] = {(): (first_line, 1)}

    def document(self) -> object:
        self._next(StreamStartEvent)
        if not isinstance(self._loader.peek_event(), DocumentStartEvent):
            return {}
        self._next(DocumentStartEvent)
        value = self._value(self._event(), (), 0)
        self._next(DocumentEndEvent)
        event = self._event()
        if isinstance(event, DocumentStartEvent):
            raise _Stop(event, "A second YAML document starts here.", "Keep one document a file.")
        return value

    def close(self) -> None:
        self._loader.dispose()

    def _event(self) -> Event:
        event: Event = self._loader.get_event()
        return event

    def _next(self, kind: type[Event]) -> None:
        event = self._event()
        if not isinstance(event, kind):
            raise _Stop(event, "This YAML ends too early.")

    def _value(self, event: Event, path: KeyPath, depth: int) -> object:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise _Stop(event, f"More than {MAX_NODES} values.", "Shorten the file.")
        if depth > MAX_DEPTH:
            raise _Stop(event, f"Nested deeper than {MAX_DEPTH} levels.", "Flatten the file.")
        if isinstance(event, NodeEvent):
            _refuse_tricks(event)
        if isinstance(event, ScalarEvent):
            return self._scalar(event)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(path, depth)
        if isinstance(event, MappingStartEvent):
            return self._mapping(path, depth)
        raise _Stop(event, "This is not a value.")

    def _scalar(self, event: ScalarEvent) -> object:
        tag = self._loader.resolve(ScalarNode, event.value, event.implicit)
        node = ScalarNode(tag, event.value, None, None, style=event.style)
        try:
            value: object = self._loader.construct_object(node)
        except (ValueError, OverflowError, KeyError, IndexError) as error:
            message = f"This value cannot be read ({type(error).__name__})."
            raise _Stop(event, message, "Put it in quotes.") from error
        return value

    def _sequence(self, path: KeyPath, depth: int) -> list[object]:
        values: list[object] = []
        while not isinstance(event := self._event(), SequenceEndEvent):
            below = (*path, len(values))
            self._mark(below, event)
            values.append(self._value(event, below, depth + 1))
        return values

    def _mapping(self, path: KeyPath, depth: int) -> dict[str, object]:
        values: dict[str, object] = {}
        while not isinstance(event := self._event(), MappingEndEvent):
            if not isinstance(event, ScalarEvent):
                raise _Stop(event, "A key must be a plain word.")
            _refuse_tricks(event)
            key = event.value
            if key in values:
                raise _Stop(event, f"The key `{key[:60]}` stands here twice.", "Keep one of them.")
            below = (*path, key)
            self._mark(below, event)
            values[key] = self._value(self._event(), below, depth + 1)
        return values

    def _mark(self, path: KeyPath, event: Event) -> None:
        self.places[path] = _place(event.start_mark, self._first_line)


def _refuse_tricks(event: NodeEvent) -> None:
    if isinstance(event, AliasEvent) or event.anchor is not None:
        raise _Stop(event, "Anchors and aliases are not read.", _QUOTES)
    if getattr(event, "tag", None) is not None:
        raise _Stop(event, "Tags (`!…`) are not read.", "Remove the tag.")


def read_yaml(text: str, *, first_line: int = 1) -> tuple[YamlDocument | None, tuple[YamlFault, ...]]:
    """The mapping that `text` holds, or the fault that stopped the reading. Never raises; an empty text is an empty mapping.

    `first_line` is the line of the file on which `text` starts.
    """
    clean = text.translate(_OTHER_BREAKS).replace("\r\n", "\n").replace("\r", " ")
    try:
        reader = _Reader(clean, first_line)
    except ReaderError as error:
        return None, (_unreadable(clean, error, first_line),)
    try:
        value = reader.document()
    except _Stop as stop:
        return None, (YamlFault(*_place(stop.event.start_mark, first_line), stop.message, stop.hint),)
    except ReaderError as error:
        return None, (_unreadable(clean, error, first_line),)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = str(error.problem or error.context or "unreadable")[:200]
        hint = _QUOTES if "alias" in str(error.context) or "anchor" in str(error.context) else _CHECK
        hint = _COLON if "mapping values" in str(error.problem) else hint
        return None, (YamlFault(*_place(mark, first_line), f"This is not YAML: {problem}.", hint),)
    finally:
        reader.close()
    if value is None:
        value = {}
    if not isinstance(value, dict):
        return None, (YamlFault(first_line, 1, "This is no list of `key: value` lines.", "Write `key: value`."),)
    return YamlDocument(value, reader.places), ()


def _place(mark: _Mark | None, first_line: int) -> tuple[int, int]:
    return (first_line, 1) if mark is None else (mark.line + first_line, mark.column + 1)


def _unreadable(text: str, error: ReaderError, first_line: int) -> YamlFault:
    before = text[: error.position]
    return YamlFault(
        before.count("\n") + first_line,
        len(before) - before.rfind("\n"),
        "A control character stands here.",
        "Remove it.",
    )
