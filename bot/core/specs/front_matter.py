"""The front matter of a native spec: found, read as YAML, checked against one model. Pure."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StrictInt

from bot.core.located_yaml import YamlDocument, YamlFault, read_yaml
from bot.core.specs.model import Finding
from bot.core.specs.rules import reading
from bot.core.specs.source import Source
from bot.core.yaml_models import FilledStr, Strict, Strings, validate

MAX_FRONT_MATTER = 65_536
"""Characters of YAML read at most, the cap of `specbot.yml` too: the YAML scanner is the slowest reader we have."""


def _implement(value: object) -> object:
    return {"none": False, "agents": True}.get(value, value) if isinstance(value, str) else value


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


@dataclass(frozen=True, slots=True)
class Front:
    """The front matter's values and the places of its keys."""

    values: FrontMatter
    document: YamlDocument


_EMPTY = YamlDocument({}, {})


def read_front_matter(source: Source) -> tuple[Front, tuple[Finding, ...]]:
    """The front matter of a file; its faults are findings on the lines of their keys."""
    if not source.front:
        return Front(FrontMatter(), _EMPTY), _never_closed(source)
    text = "".join(f"{line}\n" for line in source.lines[1 : source.front - 1])
    if len(text) > MAX_FRONT_MATTER:
        message = f"This front matter has {len(text):,} characters; at most {MAX_FRONT_MATTER:,} are read."
        return Front(FrontMatter(), _EMPTY), (reading.BAD_YAML.finding(source.position(1), message),)
    document, faults = read_yaml(text, first_line=2)
    if document is None:
        return Front(FrontMatter(), _EMPTY), tuple(_finding(source, fault, yaml=True) for fault in faults)
    values, faults = validate(document, FrontMatter)
    return Front(values, document), tuple(_finding(source, fault) for fault in faults)


def _finding(source: Source, fault: YamlFault, *, yaml: bool = False) -> Finding:
    checked = reading.UNKNOWN_KEY if fault.unknown_key else reading.BAD_VALUE
    rule = reading.BAD_YAML if yaml else checked
    return rule.finding(source.position(fault.line, fault.column), fault.message, fault.hint)


def _never_closed(source: Source) -> tuple[Finding, ...]:
    """A lone `---` may be a rule across the page; followed by `key:` it was meant as front matter."""
    if not source.lines or source.lines[0].rstrip() != "---":
        return ()
    second = source.lines[1] if len(source.lines) > 1 else ""
    key, colon, _ = second.partition(":")
    if not colon or not key.strip().isidentifier():
        return ()
    message = "The front matter that starts here is never closed."
    return (reading.OPEN_FRONT_MATTER.finding(source.position(1), message, "Add a line `---` after its last key."),)
