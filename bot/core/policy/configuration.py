"""`.github/specbot.yml`: what the repository's owners decided, read from two branches and never from the pull request. Pure.

What costs money, gives rights or reaches out comes from the default branch, where the owners' own rules for changes hold. The rest comes from the
base branch, because it belongs to the code that stands there.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field, StrictInt, StrictStr
from pydantic.config import JsonDict, JsonValue

from bot.core.located_yaml import YamlDocument, YamlFault, read_yaml
from bot.core.patterns import pattern_fault
from bot.core.policy.model import EnvironmentConfig, RepositoryConfig
from bot.core.specs.complement import ONE_PROOF, is_one_proof, proof_wishes
from bot.core.specs.front_matter import BudgetKeys as SpecBudgetKeys
from bot.core.specs.front_matter import Proofs
from bot.core.specs.linter import RULES_BY_ID
from bot.core.specs.model import BudgetWish, Complement, Severity, SpecFormat
from bot.core.yaml_models import MAX_STRINGS, SomeStrings, Strict, Strings, one_or_many, validate
from bot.errors import ConfigFault

PATH = ".github/specbot.yml"

MAX_BYTES = 65_536
"""64 KiB: a hundred times a long configuration, and still read in a blink."""

_DEFAULTS = RepositoryConfig()
_FormatName = Literal["native", "spec-kit", "kiro", "openspec"]
_REQUIREMENT = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?(?:\[[A-Za-z0-9._,-]{1,100}\])?"
    r"(?:\s*(?:==|!=|<=|>=|<|>|~=)\s*[A-Za-z0-9.*+!_-]{1,40}(?:\s*,\s*(?:==|!=|<=|>=|<|>|~=)\s*[A-Za-z0-9.*+!_-]{1,40}){0,9})?\Z"
)
"""A name, extras and versions. No address, path or option: those would let the installer fetch from anywhere or run code."""

_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{0,99}\Z")
_END = r"\Z"


def _implement(value: object) -> object:
    return {"none": False, "agents": True}.get(value, value) if isinstance(value, str) else value


def _weight(value: object) -> object:
    """YAML reads a bare `off` as false."""
    return "off" if value is False else value


Weight = Annotated[
    Literal["notice", "warning", "error", "off"],
    BeforeValidator(_weight, json_schema_input_type=Literal["notice", "warning", "error", "off", False]),
]


def _say_rules(schema: JsonDict) -> None:
    """In the schema each rule whose severity may be changed stands by its id, so that editors know it."""
    severities: list[JsonValue] = [*(severity.value for severity in Severity), "off", False]
    schema["additionalProperties"] = False
    schema["properties"] = {
        rule.rule_id: {"enum": severities, "description": rule.title} for rule in RULES_BY_ID.values() if not rule.fixed
    }


def _in_schema(pattern: re.Pattern[str]) -> str:
    """A pattern that is matched whole, in the language of JSON Schema."""
    return f"^{pattern.pattern.removesuffix(_END)}$"


class BudgetKeys(Strict):
    """What one run may cost at most."""

    usd: Annotated[float | None, Field(gt=0, description="US dollars; needs a model whose price is known")] = None
    tokens: Annotated[StrictInt, Field(gt=0, le=1_000_000_000, description="tokens of all model calls")] = (
        _DEFAULTS.budget_tokens
    )
    minutes: Annotated[float, Field(gt=0, le=24 * 60, description="minutes of work")] = _DEFAULTS.budget_minutes
    turns: Annotated[StrictInt, Field(gt=0, le=10_000, description="turns of one agent")] = _DEFAULTS.budget_turns


def _say_requirements(schema: JsonDict) -> None:
    name: JsonDict = {"type": "string", "pattern": _in_schema(_REQUIREMENT)}
    schema["anyOf"] = [name, {"type": "array", "maxItems": MAX_STRINGS, "items": name}, {"type": "null"}]


class EnvironmentKeys(Strict):
    """What makes the repository runnable."""

    requirements: Annotated[
        Strings | None,
        Field(
            description="packages, wheels only; without this key the manifests decide, [] needs none",
            json_schema_extra=_say_requirements,
        ),
    ] = None
    variables: dict[str, StrictStr] = Field(
        default_factory=dict,
        max_length=100,
        description="environment variables; no secrets",
        json_schema_extra={"propertyNames": {"pattern": _in_schema(_VARIABLE)}},
    )


class ForeignKeys(Strict):
    """What spec-kit, Kiro and OpenSpec have no place for, for the specs whose folder matches."""

    model_config = ConfigDict(json_schema_extra={"required": ["folder"]})

    folder: Annotated[
        StrictStr, Field(description="the spec's folder, a gitignore pattern", json_schema_extra={"minLength": 1})
    ] = ""
    scope: Annotated[Strings, Field(description="gitignore patterns of what agents may write")] = ()
    keep: Annotated[Strings, Field(description="commands that must stay green")] = ()
    budget: Annotated[SpecBudgetKeys, Field(description="what such a spec may cost")] = SpecBudgetKeys()
    removes: Annotated[Strings, Field(description="patterns of tests and files that are meant to go")] = ()
    implement: Annotated[
        bool | None,
        BeforeValidator(_implement, json_schema_input_type=bool | Literal["none", "agents"]),
        Field(description="`none`: people implement, Specbot only proves"),
    ] = None
    proofs: Proofs = Field(default_factory=dict)


class ConfigurationKeys(Strict):
    """The keys of `.github/specbot.yml`."""

    specs: Annotated[SomeStrings, Field(description="globs of the native spec files")] = _DEFAULTS.specs
    formats: Annotated[
        tuple[_FormatName, ...],
        Field(min_length=1, max_length=4),
        BeforeValidator(
            one_or_many,
            json_schema_input_type=_FormatName | Annotated[list[_FormatName], Field(min_length=1, max_length=4)],
        ),
        Field(description="the formats that are read; all of them without this key"),
    ] = ("native", "spec-kit", "kiro", "openspec")
    foreign: Annotated[
        tuple[ForeignKeys, ...],
        Field(max_length=100),
        BeforeValidator(one_or_many),
        Field(description="scope, commands and budgets of specs in other tools' formats"),
    ] = ()
    implement: Annotated[
        bool,
        BeforeValidator(_implement, json_schema_input_type=bool | Literal["none", "agents"]),
        Field(description="`none`: people implement, Specbot only proves"),
    ] = True
    protected: Annotated[Strings, Field(description="paths no agent may write, on top of the built-in ones")] = ()
    trusted: Annotated[Strings, Field(description="test files, on top of the usual places")] = ()
    budget: Annotated[BudgetKeys, Field(description="what one run may cost")] = BudgetKeys()
    severities: dict[str, Weight] = Field(
        default_factory=dict,
        max_length=200,
        description="lint rules by id; `off` silences one",
        json_schema_extra=_say_rules,
    )
    environment: Annotated[EnvironmentKeys, Field(description="what the proofs need")] = EnvironmentKeys()
    command_permission: Annotated[
        Literal["write", "maintain", "admin"], Field(description="who may give commands that cost or change something")
    ] = "write"
    short_commands: Annotated[bool, Field(description="also read `/retry`, not only `/specbot retry`")] = False


@dataclass(frozen=True, slots=True)
class _File:
    values: ConfigurationKeys
    faults: tuple[YamlFault, ...]


def read_configuration(default_branch: bytes | None, base_branch: bytes | None) -> RepositoryConfig:
    """The configuration in force. Arguments are the file on either branch, None where there is none.

    Raises `ConfigFault` that names every fault in both files with its branch and line.
    """
    default = _read(default_branch)
    base = default if base_branch == default_branch else _read(base_branch)
    faults = [_say("default branch", fault) for fault in default.faults]
    if base is not default:
        faults.extend(_say("base branch", fault) for fault in base.faults)
    if faults:
        raise ConfigFault(
            f"`{PATH}` cannot be used:\n" + "\n".join(f"- {fault}" for fault in faults),
            hint="mend the file on that branch; it is never read from the pull request",
        )
    return _combined(default.values, base.values)


def _combined(default: ConfigurationKeys, base: ConfigurationKeys) -> RepositoryConfig:
    return RepositoryConfig(
        specs=base.specs,
        formats=tuple(SpecFormat(name) for name in base.formats),
        foreign=tuple(map(_complement, base.foreign)),
        implement=default.implement,
        protected=tuple(dict.fromkeys((*_DEFAULTS.protected, *default.protected))),
        trusted=base.trusted,
        budget_usd=default.budget.usd,
        budget_tokens=default.budget.tokens,
        budget_minutes=default.budget.minutes,
        budget_turns=default.budget.turns,
        severities=tuple(
            sorted((rule, Severity(weight)) for rule, weight in base.severities.items() if weight != "off")
        ),
        silenced=tuple(sorted(rule for rule, weight in base.severities.items() if weight == "off")),
        environment=EnvironmentConfig(
            default.environment.requirements, tuple(sorted(default.environment.variables.items()))
        ),
        command_permission=default.command_permission,
        short_commands=base.short_commands,
    )


def _complement(keys: ForeignKeys) -> Complement:
    return Complement(
        folder=keys.folder,
        scope=keys.scope,
        keep=keys.keep,
        budget=BudgetWish(keys.budget.usd, keys.budget.tokens, keys.budget.minutes),
        removes=keys.removes,
        implement=keys.implement,
        proofs=proof_wishes(keys.proofs),
    )


def _say(branch: str, fault: YamlFault) -> str:
    return f"{branch}, line {fault.line}: {fault.message} {fault.hint}".rstrip()


def _read(data: bytes | None) -> _File:
    if data is None:
        return _File(ConfigurationKeys(), ())
    if len(data) > MAX_BYTES:
        message = f"The file has {len(data):,} bytes; at most {MAX_BYTES:,} are read."
        return _File(ConfigurationKeys(), (YamlFault(1, 1, message, ""),))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return _File(ConfigurationKeys(), (YamlFault(line, 1, "This is not UTF-8 text.", "Save the file as UTF-8."),))
    document, faults = read_yaml(text)
    if document is None:
        return _File(ConfigurationKeys(), faults)
    values, faults = validate(document, ConfigurationKeys)
    return _File(values, (*faults, *_meaning_faults(values, document)))


def _meaning_faults(values: ConfigurationKeys, document: YamlDocument) -> Iterator[YamlFault]:
    """What has the right type and still makes no sense."""
    lists: Mapping[str, tuple[str, ...]] = {
        "specs": values.specs,
        "protected": values.protected,
        "trusted": values.trusted,
    }
    for key, patterns in lists.items():
        for index, pattern in enumerate(patterns):
            fault = _pattern_fault(pattern, grants=key != "protected")
            if fault:
                place = document.place((key, index))
                yield YamlFault(
                    *place, f"`{key}`: the pattern `{pattern[:80]}` {fault}.", "Write it as in a `.gitignore`."
                )
    yield from _foreign_faults(values, document)
    for rule_id in values.severities:
        place = document.place(("severities", rule_id))
        rule = RULES_BY_ID.get(rule_id)
        if rule is None:
            yield YamlFault(*place, f"`severities`: there is no rule `{rule_id[:20]}`.", "Rules are named like SB301.")
        elif rule.fixed:
            yield YamlFault(*place, f"`severities`: the severity of {rule_id} cannot be changed.", "Remove the line.")
    for index, requirement in enumerate(values.environment.requirements or ()):
        if _REQUIREMENT.match(requirement) is None:
            place = document.place(("environment", "requirements", index))
            message = f"`{requirement[:80]}` is no package name."
            yield YamlFault(
                *place, message, "Write a name and versions, such as `pytest>=8`; no address, path or option."
            )
    for name in values.environment.variables:
        if _VARIABLE.match(name) is None:
            place = document.place(("environment", "variables", name))
            yield YamlFault(*place, f"`{name[:80]}` is no name of a variable.", "Use capital letters, digits and `_`.")


def _foreign_faults(values: ConfigurationKeys, document: YamlDocument) -> Iterator[YamlFault]:
    for index, complement in enumerate(values.foreign):
        if not complement.folder:
            place = document.place(("foreign", index))
            yield YamlFault(*place, "`foreign`: this entry has no `folder`.", "Name the specs it is for: `specs/*`.")
        for criterion, keys in complement.proofs.items():
            if not is_one_proof(keys):
                place = document.place(("foreign", index, "proofs", criterion))
                yield YamlFault(*place, f"`{criterion[:60]}` {ONE_PROOF}.", "Keep one of them.")


def _pattern_fault(pattern: str, *, grants: bool) -> str:
    if not grants and pattern.startswith("!"):
        return "takes protection back, which is not possible"
    return pattern_fault(pattern)
