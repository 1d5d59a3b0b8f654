"""JSON Schemas of what stands in YAML, for editors: made from the models that read it, so that both say the same. Pure.

Written in draft 7 and without references, which is what editors understand best.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, JsonValue

from bot.core.policy.configuration import PATH
from bot.core.policy.configuration_keys import ConfigurationKeys
from bot.core.specs.front_matter import ForeignFrontMatter, FrontMatter

DRAFT = "http://json-schema.org/draft-07/schema#"

_Schema = dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Described:
    """A model and what an editor says about it."""

    model: type[BaseModel]
    title: str
    description: str


SCHEMAS: Mapping[str, Described] = {
    "spec": Described(
        FrontMatter,
        "Front matter of a spec",
        "The YAML between the two `---` lines that open a spec in Specbot's own format.",
    ),
    "foreign": Described(
        ForeignFrontMatter,
        "Front matter of another tool's spec",
        "The YAML between two `---` lines at the top of the main file of a spec-kit, Kiro or OpenSpec folder. Keys of that tool are only noted.",
    ),
    "config": Described(ConfigurationKeys, "Specbot in this repository", f"The file `{PATH}`."),
}
"""By the name that `specbot schema` takes."""


def json_schema(name: str) -> _Schema:
    """The schema of that name, one of `SCHEMAS`."""
    described = SCHEMAS[name]
    whole: _Schema = described.model.model_json_schema()
    definitions = whole.pop("$defs", {})
    plain = _plain(whole, definitions if isinstance(definitions, dict) else {})
    return {
        "$schema": DRAFT,
        "title": described.title,
        "description": described.description,
        **_without(plain, "description"),
    }


def _plain(schema: _Schema, definitions: _Schema) -> _Schema:
    """A schema with its references written out, and without the names and empty defaults that a person did not write."""
    reference = schema.get("$ref")
    if isinstance(reference, str):
        named = definitions[reference.removeprefix("#/$defs/")]
        return _plain(
            {**(named if isinstance(named, dict) else {}), **_without(schema, "$ref", "default")}, definitions
        )
    kept = _without(schema, "title") if schema.get("default") else _without(schema, "title", "default")
    return {key: _below(key, value, definitions) for key, value in kept.items()}


def _below(key: str, value: JsonValue, definitions: _Schema) -> JsonValue:
    match key, value:
        case "properties", dict():
            return {name: _plain(one, definitions) if isinstance(one, dict) else one for name, one in value.items()}
        case (("anyOf" | "oneOf" | "allOf"), list()):
            return [_plain(one, definitions) if isinstance(one, dict) else one for one in value]
        case (("items" | "additionalProperties"), dict()):
            return _plain(value, definitions)
        case _:
            return value


def _without(schema: _Schema, *keys: str) -> _Schema:
    return {key: value for key, value in schema.items() if key not in keys}
