"""Hostile YAML as plain data that remembers where each key stands. Pure; used for front matter and `specbot.yml`.

Only what a settings file needs: mappings, lists and plain scalars. Anchors, aliases, merge tricks and tags are refused, so that no
file can grow in memory or name a type.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictStr, StringConstraints, ValidationError
from yaml._yaml import Mark as CMark
from yaml.error import Mark
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

MAX_FAULTS = 50
"""As many faults as one batch of annotations takes; the rest shows when these are mended."""

_OTHER_BREAKS = str.maketrans({"\x85": " ", "\u2028": " ", "\u2029": " "})
"""The YAML scanner counts these as line ends, editors and git do not; as blanks they keep our line numbers right."""

_QUOTES = "A text that starts with `*` or `&` needs quotes; anything else is to be written out."
_CHECK = "Check the indentation and the quotes."

KeyPath = tuple[str | int, ...]
ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class YamlFault:
    """One thing wrong with a file. Lines and columns count from 1."""

    line: int
    column: int
    message: str
    hint: str
    unknown_key: bool = False


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


class Strict(BaseModel):
    """Base of the models read from YAML: unknown keys are faults, values are never bent into another type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


def _one_or_many(value: object) -> object:
    if isinstance(value, list):
        return tuple(value)
    return (value,) if isinstance(value, str) else value


FilledStr = Annotated[StrictStr, StringConstraints(min_length=1, max_length=2_000)]
MAX_STRINGS = 200
"""Elements of one list of patterns or commands; each may be matched with every path of a tree."""

Strings = Annotated[
    tuple[FilledStr, ...],
    Field(max_length=MAX_STRINGS),
    BeforeValidator(_one_or_many, json_schema_input_type=str | list[str]),
]
"""A list of texts; one text alone stands for a list of one."""


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
        self._loader: Any = yaml.SafeLoader(text)
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
        return None, (YamlFault(*_place(mark, first_line), f"This is not YAML: {problem}.", hint),)
    finally:
        reader.close()
    if value is None:
        value = {}
    if not isinstance(value, dict):
        return None, (YamlFault(first_line, 1, "This is no list of `key: value` lines.", "Write `key: value`."),)
    return YamlDocument(value, reader.places), ()


def _place(mark: Mark | CMark | None, first_line: int) -> tuple[int, int]:
    return (first_line, 1) if mark is None else (mark.line + first_line, mark.column + 1)


def _unreadable(text: str, error: ReaderError, first_line: int) -> YamlFault:
    before = text[: error.position]
    return YamlFault(
        before.count("\n") + first_line,
        len(before) - before.rfind("\n"),
        "A control character stands here.",
        "Remove it.",
    )


def validate(document: YamlDocument, model: type[ModelT]) -> tuple[ModelT, tuple[YamlFault, ...]]:
    """The document as `model`, and every fault with its place. Keys with faults are left at their defaults.

    Every field of `model` must have a default.
    """
    try:
        return model.model_validate(dict(document.value)), ()
    except ValidationError as error:
        faults = tuple(sorted(_faults(error, document, model), key=lambda fault: (fault.line, fault.column)))
        wrong = [detail["loc"] for detail in error.errors(include_url=False, include_input=False)]
    good: object = dict(document.value)
    for location in wrong:
        good = _without(good, location)
    try:
        return model.model_validate(good), faults[:MAX_FAULTS]
    except ValidationError:
        return model(), faults[:MAX_FAULTS]


def _without(value: object, path: Sequence[str | int]) -> object:
    """The value without what stands at `path`. A list goes as a whole: without one element its others would change their places."""
    if not isinstance(value, dict) or not path or path[0] not in value:
        return value
    key = path[0]
    rest = {k: v for k, v in value.items() if k != key}
    if len(path) > 1 and isinstance(value[key], dict):
        return {**rest, key: _without(value[key], path[1:])}
    return rest


def _faults(error: ValidationError, document: YamlDocument, model: type[BaseModel]) -> Iterator[YamlFault]:
    for detail in error.errors(include_url=False, include_input=False):
        location = detail["loc"]
        line, column = document.place(location)
        dotted = ".".join(str(part) for part in location)[:120]
        if detail["type"] == "extra_forbidden":
            known = _keys_at(model, location[:-1])
            yield YamlFault(line, column, f"Unknown key `{dotted}`.", _suggestion(str(location[-1]), known), True)
        else:
            yield YamlFault(line, column, f"`{dotted}`: {_say(detail['type'], detail['msg'])}.", _hint(detail["type"]))


def _keys_at(model: type[BaseModel], path: Sequence[str | int]) -> tuple[str, ...]:
    current = model
    for part in path:
        field = current.model_fields.get(str(part))
        annotation: Any = field.annotation if field is not None else None
        if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
            return ()
        current = annotation
    return tuple(current.model_fields)


def _suggestion(word: str, known: Sequence[str]) -> str:
    near = get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    if near:
        return f"Did you mean `{near[0]}`?"
    return f"Known keys: {', '.join(known)}." if known else "Remove it."


_SAID: Mapping[str, str] = {
    "string_type": "must be a text",
    "string_too_short": "must not be empty",
    "tuple_type": "must be a list",
    "too_short": "must not be empty",
    "too_long": "has too many entries",
    "bool_type": "must be true or false",
    "float_type": "must be a number",
    "int_type": "must be a whole number",
    "dict_type": "must be `key: value` lines",
    "model_type": "must be `key: value` lines",
    "model_attributes_type": "must be `key: value` lines",
    "finite_number": "must be a finite number",
}


def _say(kind: str, message: str) -> str:
    return _SAID.get(kind, message[:1].lower() + message[1:300])


def _hint(kind: str) -> str:
    if kind == "string_type":
        return "Give it a text; put quotes around it when it looks like a number, a date or yes/no."
    return "Correct the value, or remove the key for its default."
