"""Which packages a repository's checks need: what its owners configured, else what its manifests name. Pure."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.errors import EnvironmentFault

_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,99}[A-Za-z0-9])?"
_EXTRAS = rf"(?:\s*\[\s*{_NAME}(?:\s*,\s*{_NAME})*\s*\])?"
_CLAUSE = r"\s*(?:===?|~=|!=|<=?|>=?)\s*[A-Za-z0-9.*+!_-]{1,60}\s*"
_MARKER = r"(?:;[A-Za-z0-9_ .'\"<>=!~(),-]{1,200})?"
REQUIREMENT = re.compile(rf"({_NAME}){_EXTRAS}(?:{_CLAUSE}(?:,{_CLAUSE}){{0,9}})?\s*{_MARKER}")
"""A package by name, with extras, versions and a marker. URLs, paths, options and `-e` have no place in it."""

MOST = 200
"""Packages that one environment may name; a manifest beyond that is no test environment."""

TEST_GROUPS = ("test", "tests", "testing", "dev", "develop", "development")
"""Names under which projects list what their tests need."""

REQUIREMENT_FILES = frozenset(
    {
        "requirements.txt",
        "requirements-dev.txt",
        "requirements_dev.txt",
        "requirements-test.txt",
        "requirements-tests.txt",
    }
    | {"requirements_test.txt", "dev-requirements.txt", "test-requirements.txt"}
    | {f"requirements/{name}.txt" for name in ("base", "dev", "test", "tests", "testing")}
)
"""The names that projects use for what running and testing needs; others (docs, lint) are left alone."""

_PYTHON_SIGNS = re.compile(
    r"(?:.*/)?(?:pyproject\.toml|setup\.(?:py|cfg)|tox\.ini|pytest\.ini|requirements[^/]*\.txt|[^/]+\.py)"
)

_AT_LEAST = re.compile(r">=\s*3\.(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Wanted:
    """`requirements` sorted, each once. `passed_over` are lines of manifests that are no plain names. `minor` is the least 3.x that the
    project asks for, 0 when it does not say."""

    requirements: tuple[str, ...]
    passed_over: tuple[str, ...]
    minor: int


def wanted(configured: tuple[str, ...] | None, files: Mapping[str, bytes]) -> Wanted:
    """What is configured counts alone, also when it is nothing; without it (None), what the manifests name and, in anything that looks like Python, pytest.

    `files` maps paths of the base tree to contents; files that are no manifests may be empty. Raises `EnvironmentFault` for a configured
    line that is no plain requirement.
    """
    project = _toml(files.get("pyproject.toml", b""))
    minor = _least_minor(project)
    if configured is not None:
        return Wanted(tuple(sorted({_checked(line) for line in configured})), (), minor)
    own = _normal(_text(_table(project, "project").get("name")))
    names, passed_over = set[str](), list[str]()
    for line in [*_from_text_files(files), *_from_project(project)]:
        match = REQUIREMENT.fullmatch(line)
        if match is None:
            passed_over.append(line[:200])
        elif _normal(match[1]) != own:
            names.add(line)
    if any(_PYTHON_SIGNS.fullmatch(path) for path in files) and not any(_is_pytest(name) for name in names):
        names.add("pytest")
    if len(names) > MOST:
        raise EnvironmentFault(
            f"the manifests name {len(names)} packages, more than {MOST}",
            hint="list what the tests need as environment.requirements in .github/specbot.yml",
        )
    return Wanted(tuple(sorted(names)), tuple(passed_over), minor)


def _checked(line: str) -> str:
    line = line.strip()
    if REQUIREMENT.fullmatch(line) is None:
        raise EnvironmentFault(
            f"{line[:200]!r} is no plain requirement",
            hint="name packages as in 'pytest>=8'; addresses, paths and options are not installed",
        )
    return line


def _from_text_files(files: Mapping[str, bytes]) -> Iterable[str]:
    for path, content in files.items():
        if path in REQUIREMENT_FILES:
            for line in content.decode("utf-8", "replace").splitlines():
                if (plain := re.sub(r"(?:^|\s)#.*", "", line).strip()) and not plain.startswith("-"):
                    yield plain


def _from_project(project: Mapping[str, object]) -> Iterable[str]:
    table = _table(project, "project")
    groups = [table.get("dependencies")]
    for listed in (_table(table, "optional-dependencies"), _table(project, "dependency-groups")):
        groups += [listed.get(name) for name in TEST_GROUPS]
    for group in groups:
        for entry in group if isinstance(group, list) else ():
            if isinstance(entry, str):
                yield entry.strip()


def _toml(content: bytes) -> Mapping[str, object]:
    try:
        return tomllib.loads(content.decode("utf-8", "replace"))
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def _table(parent: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = parent.get(name)
    return found if isinstance(found, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _least_minor(project: Mapping[str, object]) -> int:
    match = _AT_LEAST.search(_text(_table(project, "project").get("requires-python")))
    return int(match[1]) if match else 0


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _is_pytest(requirement: str) -> bool:
    match = REQUIREMENT.fullmatch(requirement)
    return match is not None and _normal(match[1]) == "pytest"
