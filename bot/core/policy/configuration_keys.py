"""The keys of `.github/specbot.yml` as the models that read them; the JSON Schema for editors is made from them too. Pure."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field, StrictInt, StrictStr
from pydantic.config import JsonDict, JsonValue

from bot.core.policy.environment_keys import EnvironmentKeys
from bot.core.policy.model import RepositoryConfig
from bot.core.policy.role_keys import CapKeys, OrchestrateKeys, RolesKeys, TeamKeys
from bot.core.specs.front_matter import BudgetKeys as SpecBudgetKeys
from bot.core.specs.front_matter import Proofs
from bot.core.specs.linter import RULES_BY_ID
from bot.core.specs.model import Severity
from bot.core.yaml_models import SomeStrings, Strict, Strings, one_or_many

DEFAULTS = RepositoryConfig()

MOST_FINDINGS = 10
"""That owners may ask for: as many as stand on lines in one review; nobody reads the eleventh."""

_FormatName = Literal["native", "spec-kit", "kiro", "openspec"]


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


class BudgetKeys(Strict):
    """What one run may cost at most, and what many may."""

    usd: Annotated[float | None, Field(gt=0, description="US dollars; needs a model whose price is known")] = None
    tokens: Annotated[StrictInt, Field(gt=0, le=1_000_000_000, description="tokens of all model calls")] = (
        DEFAULTS.budget_tokens
    )
    minutes: Annotated[float, Field(gt=0, le=24 * 60, description="minutes of work")] = DEFAULTS.budget_minutes
    turns: Annotated[StrictInt, Field(gt=0, le=10_000, description="turns of one run")] = DEFAULTS.budget_turns
    spec: Annotated[CapKeys, Field(description="what all runs of one spec may cost together")] = CapKeys()
    month: Annotated[CapKeys, Field(description="what all runs in a calendar month (UTC) may cost together")] = (
        CapKeys()
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


class ReviewKeys(Strict):
    """What the reviewer's findings may do."""

    block: Annotated[
        Literal["reproduced", "never"],
        Field(
            description="whether findings that a command has shown stop the merge until they are mended or dismissed"
        ),
    ] = "reproduced"
    most: Annotated[StrictInt, Field(ge=1, le=MOST_FINDINGS, description="findings told in one review")] = (
        DEFAULTS.review.most
    )


class ConfigurationKeys(Strict):
    """The keys of `.github/specbot.yml`."""

    specs: Annotated[SomeStrings, Field(description="globs of the native spec files")] = DEFAULTS.specs
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
    contracts: Annotated[
        bool,
        Field(description="whether a test author writes tests for criteria without a command, where agents implement"),
    ] = True
    protected: Annotated[Strings, Field(description="paths no agent may write, on top of the built-in ones")] = ()
    trusted: Annotated[Strings, Field(description="test files, on top of the usual places")] = ()
    reports: Annotated[
        Strings,
        Field(description="globs of JUnit XML files that commands write, for test runners that Specbot does not know"),
    ] = ()
    start: Annotated[
        Literal["on_open", "on_ready", "on_approve"],
        Field(description="when agents begin: at once, when the pull request is no draft, or when a person approved"),
    ] = "on_open"
    commits: Annotated[
        Literal["auto", "push", "api"],
        Field(description="`push` by git, `api` as commits that GitHub signs, `auto` as the branch's rules demand"),
    ] = "auto"
    agents: Annotated[TeamKeys, Field(description="agents of one run")] = TeamKeys()
    roles: Annotated[RolesKeys, Field(description="model, endpoint, effort and limits of each role")] = RolesKeys()
    budget: Annotated[BudgetKeys, Field(description="what runs may cost")] = BudgetKeys()
    orchestrate: Annotated[OrchestrateKeys, Field(description="what `/orchestrate` may do")] = OrchestrateKeys()
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
    commands: dict[str, Literal["write", "maintain", "admin"]] = Field(
        default_factory=dict,
        max_length=50,
        description="the permission that a command needs, by its verb, where it is not `command_permission`",
    )
    ci: Annotated[
        Literal["repair", "watch", "ignore"],
        Field(description="what to do about others' checks: show and mend them once, only show them, or nothing"),
    ] = "repair"
    publish: Annotated[
        Literal["push", "hold"],
        Field(description="`hold`: nothing is pushed before a person has looked at the patch and said so"),
    ] = "push"
    notify: Annotated[
        Literal["waiting", "never"],
        Field(
            description="`waiting`: one comment that mentions whoever is behind a run, when agents have worked and only a person can go on"
        ),
    ] = "waiting"
    four_eyes: Annotated[
        bool, Field(description="accept, waive, allow and approve are refused to whoever opened or pushed the change")
    ] = False
    review: Annotated[ReviewKeys, Field(description="what the reviewer's findings may do")] = ReviewKeys()
    short_commands: Annotated[bool, Field(description="also read `/retry`, not only `/specbot retry`")] = False
