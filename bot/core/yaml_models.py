"""Settings read from YAML as pydantic models, every fault in its place. Pure; used for front matter and `specbot.yml`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Annotated, Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictStr, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from bot.core.located_yaml import KeyPath, YamlDocument, YamlFault
from bot.core.specs.invisible import remove_invisible
from bot.core.spelling import MAX_WORD, surely_meant

MAX_FAULTS = 50
"""As many faults as one batch of annotations takes; the rest shows when these are mended."""

ModelT = TypeVar("ModelT", bound=BaseModel)


class Strict(BaseModel):
    """Base of the models read from YAML: unknown keys are faults, values are never bent into another type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


def one_or_many(value: object) -> object:
    """A list as the tuple our models want, one text alone as a list of one; anything else is left to the validation."""
    if isinstance(value, list):
        return tuple(value)
    return (value,) if isinstance(value, str) else value


FilledStr = Annotated[StrictStr, StringConstraints(min_length=1, max_length=2_000)]
MAX_STRINGS = 200
"""Elements of one list of patterns or commands; each may be matched with every path of a tree."""

Strings = Annotated[
    tuple[FilledStr, ...],
    Field(max_length=MAX_STRINGS),
    BeforeValidator(
        one_or_many, json_schema_input_type=FilledStr | Annotated[list[FilledStr], Field(max_length=MAX_STRINGS)]
    ),
]
"""A list of texts; one text alone stands for a list of one."""

SomeStrings = Annotated[
    tuple[FilledStr, ...],
    Field(min_length=1, max_length=MAX_STRINGS),
    BeforeValidator(
        one_or_many,
        json_schema_input_type=FilledStr | Annotated[list[FilledStr], Field(min_length=1, max_length=MAX_STRINGS)],
    ),
]
"""The same, with one text at least."""


def validate(document: YamlDocument, model: type[ModelT]) -> tuple[ModelT, tuple[YamlFault, ...]]:
    """The document as `model`, and every fault with its place. Keys with faults are left at their defaults.

    Every field of `model` must have a default.
    """
    hidden = tuple(_hidden(document.value, (), document))
    try:
        return model.model_validate(dict(document.value)), hidden[:MAX_FAULTS]
    except ValidationError as error:
        found = (*hidden, *_faults(error, document, model))
        faults = tuple(sorted(found, key=lambda fault: (fault.line, fault.column)))
        wrong = [detail["loc"] for detail in error.errors(include_url=False, include_input=False)]
    good: object = dict(document.value)
    for location in wrong:
        good = _without(good, location)
    try:
        return model.model_validate(good), faults[:MAX_FAULTS]
    except ValidationError:
        return model(), faults[:MAX_FAULTS]


def _hidden(value: object, path: KeyPath, document: YamlDocument) -> Iterator[YamlFault]:
    """Values with characters that nobody sees: YAML has escapes for them, which pass by whoever looks for the characters themselves."""
    if isinstance(value, str):
        removed = remove_invisible(value)[1]
        if removed:
            dotted = ".".join(str(part) for part in path)[:120]
            message = f"`{dotted}` holds a character that nobody sees ({removed[0].first})."
            yield YamlFault(*document.place(path), message, "Write what people are to read.")
    elif isinstance(value, Mapping):
        for key, below in value.items():
            yield from _hidden(below, (*path, key), document)
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from _hidden(below, (*path, index), document)


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
    for detail in error.errors(include_url=False):
        location = detail["loc"]
        line, column = document.place(location)
        dotted = ".".join(str(part) for part in location)[:120]
        if detail["type"] == "extra_forbidden":
            known = _keys_at(model, location[:-1])
            key = str(location[-1])
            free = [name for name in known if (*location[:-1], name) not in document.places]
            meant = surely_meant(key, free)
            hint, nested = _suggestion(key, known), len(location) > 1
            yield YamlFault(line, column, f"Unknown key `{dotted}`.", hint, True, key, meant, nested)
        else:
            choices = _choices(detail)
            said = (
                f"must be {' or '.join(f'`{one}`' for one in choices)}"
                if choices
                else _say(detail["type"], detail["msg"])
            )
            yield YamlFault(
                line, column, f"`{dotted}`: {said}.", _meant(detail.get("input"), choices) or _hint(detail["type"])
            )


def _choices(detail: ErrorDetails) -> tuple[str, ...]:
    """The words that a value may be, where there are only a few."""
    context = detail.get("ctx", {})
    if detail["type"] == "literal_error":
        return tuple(re.findall(r"'([^']*)'", str(context.get("expected", ""))))
    return ()


def _meant(value: object, choices: Sequence[str]) -> str:
    near = get_close_matches(value.lower()[:MAX_WORD], choices, n=1, cutoff=0.65) if isinstance(value, str) else []
    return f"Did you mean `{near[0]}`?" if near else ""


def _keys_at(model: type[BaseModel], path: Sequence[str | int]) -> tuple[str, ...]:
    current: Any = model
    for part in path:
        if get_origin(current) in (dict, tuple):
            current = _plain(get_args(current)[-1 if get_origin(current) is dict else 0])
        elif isinstance(current, type) and issubclass(current, BaseModel) and str(part) in current.model_fields:
            current = _plain(current.model_fields[str(part)].annotation)
        else:
            return ()
    return tuple(current.model_fields) if isinstance(current, type) and issubclass(current, BaseModel) else ()


def _plain(annotation: Any) -> Any:
    """The type without what pydantic is told about it."""
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _suggestion(word: str, known: Sequence[str]) -> str:
    near = get_close_matches(word.lower(), known, n=1, cutoff=0.65)
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
