"""The front matter of a spec: found, read as YAML, checked against one model. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BeforeValidator, ConfigDict, Field, StrictInt
from pydantic_core import PydanticCustomError

from bot.core.located_yaml import YamlDocument, YamlFault, read_yaml
from bot.core.specs.model import Edit, Finding, Fix
from bot.core.specs.rules import foreign, reading
from bot.core.specs.rules.rule import Rule
from bot.core.specs.source import Source
from bot.core.yaml_models import MAX_STRINGS, FilledStr, Strict, Strings, validate

MAX_FRONT_MATTER = 65_536
"""Characters of YAML read at most, the cap of `specbot.yml` too: the YAML scanner is the slowest reader we have."""


_IMPLEMENT = {"none": False, "agents": True}


def _implement(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value not in _IMPLEMENT:
        raise PydanticCustomError("implement", "must be `none` or `agents`")
    return _IMPLEMENT[value]


class BudgetKeys(Strict):
    """What the spec may cost at most; the repository's own limits still hold."""

    usd: Annotated[float | None, Field(gt=0, description="US dollars for model calls")] = None
    tokens: Annotated[StrictInt | None, Field(gt=0, description="tokens of all model calls together")] = None
    minutes: Annotated[float | None, Field(gt=0, description="minutes of work")] = None


class FrontMatter(Strict):
    """The keys that may stand in a spec's front matter."""

    title: Annotated[FilledStr | None, Field(description="the spec's title; the first heading without it")] = None
    status: Annotated[Literal["draft", "ready"], Field(description="draft: only linted; ready: in force")] = "ready"
    scope: Annotated[Strings, Field(description="gitignore patterns of what agents may write")] = ()
    keep: Annotated[Strings, Field(description="commands that must stay green")] = ()
    budget: Annotated[BudgetKeys, Field(description="what this spec may cost")] = BudgetKeys()
    depends: Annotated[Strings, Field(description="paths of specs that must be merged first")] = ()
    removes: Annotated[Strings, Field(description="patterns of tests and files that are meant to go")] = ()
    implement: Annotated[
        bool,
        BeforeValidator(_implement, json_schema_input_type=bool | Literal["none", "agents"]),
        Field(description="`none`: people implement, Specbot only proves"),
    ] = True


def _proof(value: object) -> object:
    return {"verify": value} if isinstance(value, str | list) else value


class ProofKeys(Strict):
    """How one criterion is proven: by one of the three."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"required": ["verify"], "properties": {"verify": {"minItems": 1}}},
                {"required": ["keep"], "properties": {"keep": {"minItems": 1}}},
                {"required": ["accept"], "properties": {"accept": {"const": True}}},
            ]
        }
    )

    verify: Annotated[Strings, Field(description="commands that are red before and green after")] = ()
    keep: Annotated[Strings, Field(description="commands that must stay green")] = ()
    accept: Annotated[bool, Field(description="a person looks and decides")] = False


Proofs = Annotated[
    dict[
        str,
        Annotated[
            ProofKeys,
            BeforeValidator(
                _proof,
                json_schema_input_type=ProofKeys
                | FilledStr
                | Annotated[list[FilledStr], Field(min_length=1, max_length=MAX_STRINGS)],
            ),
        ],
    ],
    Field(max_length=500, description="criterion id: how it is proven; a text alone is a `verify` command"),
]
"""Commands by criterion, for formats that have no place for them."""


class ForeignFrontMatter(FrontMatter):
    """The keys that may stand in the front matter of a foreign spec's main file."""

    proofs: Proofs = Field(default_factory=dict)


KeysT = TypeVar("KeysT", bound=FrontMatter)


@dataclass(frozen=True, slots=True)
class Front(Generic[KeysT]):
    """The front matter's values and the places of its keys."""

    values: KeysT
    document: YamlDocument

    def says(self, key: str) -> bool:
        return key in self.document.value


_EMPTY = YamlDocument({}, {})


def read_front_matter(source: Source) -> tuple[Front[FrontMatter], tuple[Finding, ...]]:
    """The front matter of a native spec; its faults are findings on the lines of their keys."""
    return _read(source, FrontMatter, lambda fault: reading.UNKNOWN_KEY)


def read_foreign_front_matter(source: Source) -> tuple[Front[ForeignFrontMatter], tuple[Finding, ...]]:
    """The front matter of a foreign spec's main file. A key that is neither ours nor nearly ours may be the other tool's own: it is only noted."""
    return _read(source, ForeignFrontMatter, _foreign_key)


def _foreign_key(fault: YamlFault) -> Rule:
    """Below a key of ours every key is ours."""
    return reading.UNKNOWN_KEY if "Did you mean" in fault.hint or fault.nested else foreign.FOREIGN_KEY


def _read(
    source: Source, model: type[KeysT], unknown: Callable[[YamlFault], Rule]
) -> tuple[Front[KeysT], tuple[Finding, ...]]:
    if not source.front:
        return Front(model(), _EMPTY), _never_closed(source)
    text = "".join(f"{line}\n" for line in source.lines[1 : source.front - 1])
    if len(text) > MAX_FRONT_MATTER:
        message = f"This front matter has {len(text):,} characters; at most {MAX_FRONT_MATTER:,} are read."
        return Front(model(), _EMPTY), (reading.BAD_YAML.finding(source.position(1), message),)
    document, faults = read_yaml(text, first_line=2)
    if document is None:
        return Front(model(), _EMPTY), tuple(_finding(source, fault, reading.BAD_YAML) for fault in faults)
    values, faults = validate(document, model)
    rules = ((unknown(fault) if fault.unknown_key else reading.BAD_VALUE, fault) for fault in faults)
    return Front(values, document), tuple(_finding(source, fault, rule) for rule, fault in rules)


def _finding(source: Source, fault: YamlFault, rule: Rule) -> Finding:
    fix = Fix((Edit(fault.line, fault.column, fault.key, fault.meant),)) if fault.meant else None
    return rule.finding(source.position(fault.line, fault.column), fault.message, fault.hint, fix)


def is_never_closed(source: Source) -> bool:
    """A lone `---` may be a rule across the page; followed by `key:` it was meant as front matter."""
    if source.front or not source.lines or source.lines[0].rstrip() != "---":
        return False
    second = source.lines[1] if len(source.lines) > 1 else ""
    key, colon, _ = second.partition(":")
    return bool(colon) and key.strip().isidentifier()


def _never_closed(source: Source) -> tuple[Finding, ...]:
    if not is_never_closed(source):
        return ()
    message = "The front matter that starts here is never closed."
    return (reading.OPEN_FRONT_MATTER.finding(source.position(1), message, "Add a line `---` after its last key."),)
