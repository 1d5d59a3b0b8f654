"""The key `environment` of `.github/specbot.yml`: packages, set-up commands, hosts, projects and services. Pure."""

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field, StrictStr
from pydantic.config import JsonDict

from bot.core.located_yaml import KeyPath, YamlDocument, YamlFault
from bot.core.patterns import pattern_fault
from bot.core.policy.model import EnvironmentConfig, ProjectConfig, Service
from bot.core.yaml_models import MAX_STRINGS, FilledStr, Strict, Strings, one_or_many

REQUIREMENT = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?(?:\[[A-Za-z0-9._,-]{1,100}\])?"
    r"(?:\s*(?:==|!=|<=|>=|<|>|~=)\s*[A-Za-z0-9.*+!_-]{1,40}(?:\s*,\s*(?:==|!=|<=|>=|<|>|~=)\s*[A-Za-z0-9.*+!_-]{1,40}){0,9})?\Z"
)
"""A name, extras and versions. No address, path or option: those would let the installer fetch from anywhere or run code."""

VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{0,99}\Z")

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
HOST = re.compile(rf"(?:\*\.{_LABEL}\.)?{_LABEL}(?:\.{_LABEL}){{0,20}}(?::[1-9][0-9]{{0,4}})?\Z")
"""A host's name, or `*.` and at least two labels for all names below; a port where it is neither 80 nor 443. No scheme and no path: the
proxy cannot see paths inside of TLS."""

_SEGMENT = r"[A-Za-z0-9_@+-][A-Za-z0-9._@+-]{0,99}"
PROJECT_PATH = re.compile(rf"(?:\.|{_SEGMENT}(?:/{_SEGMENT}){{0,20}})\Z")
"""A folder below the root, without `..` and hidden folders; `.` is the root itself."""

MOST_PROJECTS = 50
"""Each is set up one after the other; a monorepo beyond that is set up by a command of its own."""

_END = r"\Z"


def in_schema(pattern: re.Pattern[str]) -> str:
    """A pattern that is matched whole, in the language of JSON Schema."""
    return f"^{pattern.pattern.removesuffix(_END)}$"


def _say_requirements(schema: JsonDict) -> None:
    name: JsonDict = {"type": "string", "pattern": in_schema(REQUIREMENT)}
    schema["anyOf"] = [name, {"type": "array", "maxItems": MAX_STRINGS, "items": name}, {"type": "null"}]


def _say_hosts(schema: JsonDict) -> None:
    name: JsonDict = {"type": "string", "pattern": in_schema(HOST)}
    schema["anyOf"] = [name, {"type": "array", "maxItems": MAX_STRINGS, "items": name}]


class ProjectKeys(Strict):
    """One project of a monorepo."""

    model_config = ConfigDict(json_schema_extra={"required": ["path"]})

    path: Annotated[
        StrictStr,
        Field(description="its folder; `.` is the root", json_schema_extra={"pattern": in_schema(PROJECT_PATH)}),
    ] = ""
    setup: Annotated[Strings, Field(description="commands that make it runnable, run in its folder")] = ()
    test: Annotated[
        FilledStr | None,
        Field(description="its tests; must stay green whenever something below its folder changes, run in its folder"),
    ] = None


_ServiceName = Literal["postgresql", "redis"]


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
        json_schema_extra={"propertyNames": {"pattern": in_schema(VARIABLE)}},
    )
    setup: Annotated[
        Strings | None,
        Field(description="commands run once for each state of the lock files; without this key what is found decides"),
    ] = None
    lock: Annotated[
        Strings,
        Field(description="gitignore patterns of what decides the set-up's result; the known lock files without"),
    ] = ()
    hosts: Annotated[
        Strings,
        Field(
            description="hosts that the set-up may reach: `registry.example.org`, `*.example.org`",
            json_schema_extra=_say_hosts,
        ),
    ] = ()
    projects: Annotated[
        tuple[ProjectKeys, ...],
        Field(max_length=MOST_PROJECTS),
        BeforeValidator(one_or_many),
        Field(description="projects of a monorepo, each with its own set-up and tests"),
    ] = ()
    services: Annotated[
        tuple[_ServiceName, ...],
        Field(max_length=len(Service)),
        BeforeValidator(
            one_or_many,
            json_schema_input_type=_ServiceName | Annotated[list[_ServiceName], Field(max_length=len(Service))],
        ),
        Field(description="servers that every command finds running inside its box, empty"),
    ] = ()


def decided_environment(keys: EnvironmentKeys) -> EnvironmentConfig:
    """The keys as values; services once each."""
    return EnvironmentConfig(
        keys.requirements,
        tuple(sorted(keys.variables.items())),
        setup=keys.setup,
        lock=keys.lock,
        hosts=tuple(dict.fromkeys(host.lower() for host in keys.hosts)),
        projects=tuple(ProjectConfig(project.path, project.setup, project.test or "") for project in keys.projects),
        services=tuple(dict.fromkeys(map(Service, keys.services))),
    )


def environment_faults(keys: EnvironmentKeys, document: YamlDocument) -> Iterator[YamlFault]:
    """What has the right type and still makes no sense."""

    def fault(path: KeyPath, message: str, hint: str) -> YamlFault:
        return YamlFault(*document.place(("environment", *path)), message, hint)

    for index, requirement in enumerate(keys.requirements or ()):
        if REQUIREMENT.match(requirement) is None:
            hint = "Write a name and versions, such as `pytest>=8`; no address, path or option."
            yield fault(("requirements", index), f"`{requirement[:80]}` is no package name.", hint)
    for name in keys.variables:
        if VARIABLE.match(name) is None:
            hint = "Use capital letters, digits and `_`."
            yield fault(("variables", name), f"`{name[:80]}` is no name of a variable.", hint)
    for index, host in enumerate(keys.hosts):
        if HOST.match(host) is None:
            hint = "Write `registry.example.org` or `*.example.org`, with `:8443` for an unusual port; no scheme and no path."
            yield fault(("hosts", index), f"`{host[:80]}` is no host's name.", hint)
    for index, pattern in enumerate(keys.lock):
        if why := pattern_fault(pattern):
            yield fault(
                ("lock", index), f"`lock`: the pattern `{pattern[:80]}` {why}.", "Write it as in a `.gitignore`."
            )
    for index, project in enumerate(keys.projects):
        if PROJECT_PATH.match(project.path) is None:
            said = (
                f"`{project.path[:80]}` is no folder of the repository."
                if project.path
                else "This project has no `path`."
            )
            yield fault(("projects", index), said, "Name its folder as in `services/api`; `.` is the root.")
