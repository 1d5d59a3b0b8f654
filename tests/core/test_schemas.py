"""The schemas that editors get say the same as the readers: what one takes the other takes, what one refuses the other refuses."""

import json
from collections.abc import Callable, Iterator

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.located_yaml import read_yaml
from bot.core.policy.configuration import read_configuration
from bot.core.policy.model import RepositoryConfig
from bot.core.schemas import DRAFT, SCHEMAS, json_schema
from bot.core.specs.complement import is_one_proof
from bot.core.specs.formats.native import read_native
from bot.core.specs.front_matter import read_foreign_front_matter
from bot.core.specs.linter import RULES
from bot.core.specs.model import Spec
from bot.core.specs.source import open_source
from bot.core.specs.writing import to_markdown
from bot.errors import ConfigFault
from tests.core.specs.spec_models import specs
from tests.core.specs.writing import GOOD

Document = dict[str, object]


def front(document: Document) -> bytes:
    """A document as front matter; JSON is YAML."""
    return f"---\n{json.dumps(document)}\n---\n".encode()


def spec_takes(document: Document) -> bool:
    return read_native("specs/a.md", front(document)).findings == ()


def foreign_takes(document: Document) -> bool:
    source, said = open_source("spec.md", front(document))
    assert source is not None
    keys, faults = read_foreign_front_matter(source)
    return said == faults == () and all(map(is_one_proof, keys.values.proofs.values()))


def config_takes(document: Document) -> bool:
    data = json.dumps(document).encode()
    try:
        read_configuration(data, data)
    except ConfigFault:
        return False
    return True


READERS: dict[str, Callable[[Document], bool]] = {
    "spec": spec_takes,
    "foreign": foreign_takes,
    "config": config_takes,
}


def schema_takes(name: str, document: Document) -> bool:
    return jsonschema_rs.validator_for(json_schema(name)).is_valid(document)


SPEC_GOOD: tuple[Document, ...] = (
    {},
    {"title": "A"},
    {"title": None},
    {"status": "draft"},
    {"scope": "src/**"},
    {"scope": []},
    {"scope": ["a", "b"], "keep": "make test", "depends": ["specs/a.md"], "removes": ["tests/old.py"]},
    {"budget": {"usd": 2.5, "tokens": 1, "minutes": 30}},
    {"budget": {"usd": None}},
    {"implement": "none"},
    {"implement": "agents"},
    {"implement": False},
)
SPEC_BAD: tuple[Document, ...] = (
    {"statsu": "ready"},
    {"title": 1},
    {"title": ""},
    {"title": "a" * 2_001},
    {"status": "done"},
    {"status": None},
    {"scope": None},
    {"scope": ["a", 1]},
    {"scope": ""},
    {"scope": ["a"] * 201},
    {"keep": {"a": 1}},
    {"budget": 5},
    {"budget": {"euro": 5}},
    {"budget": {"usd": "5"}},
    {"budget": {"usd": 0}},
    {"budget": {"usd": True}},
    {"budget": {"tokens": 1.5}},
    {"implement": "nobody"},
    {"implement": 0},
    {"proofs": None},
)
PROOFS_GOOD: tuple[object, ...] = (
    {},
    {"FR-001": "make test"},
    {"FR-001": ["a", "b"]},
    {"FR-001": {"verify": "a"}},
    {"1.1": {"keep": ["a"]}},
    {"1.1": {"accept": True}},
    {"1.1": {"verify": "a", "accept": False}},
    {"1.1": {"verify": [], "keep": "a"}},
)
PROOFS_BAD: tuple[object, ...] = (
    [],
    "make test",
    {"1.1": None},
    {"1.1": []},
    {"1.1": ""},
    {"1.1": [1]},
    {"1.1": {}},
    {"1.1": {"verfy": "a"}},
    {"1.1": {"verify": "a", "keep": "b"}},
    {"1.1": {"accept": False}},
    {"1.1": {"accept": "yes"}},
)
CONFIG_GOOD: tuple[Document, ...] = (
    {},
    {"specs": "docs/*.md", "formats": "native"},
    {"specs": ["a/*.md"], "formats": ["kiro", "openspec"]},
    {"implement": "none", "short_commands": True, "command_permission": "admin"},
    {"budget": {"usd": None, "tokens": 1_000, "minutes": 0.5, "turns": 3}},
    {"budget": {"spec": {"usd": 5}, "month": {"usd": None, "tokens": 10**10, "minutes": 60_000}}},
    {"start": "on_approve", "agents": {"at_once": 16}},
    {"roles": {}},
    {
        "roles": {
            "planner": {"model": "org/big-2.1:free", "endpoint": "lab_1", "effort": "xhigh", "turns": 1, "tokens": 9}
        }
    },
    {"roles": {"reviewer": {"model": None}, "test_author": {}, "implementer": {"effort": None}, "fixer": {"turns": 3}}},
    {"severities": {"SB301": "error", "SB204": "warning"}},
    {"environment": {"requirements": None}},
    {"environment": {"requirements": []}},
    {"environment": {"requirements": "pytest"}},
    {"environment": {"requirements": ["pytest>=8, <9", "a[b,c]"], "variables": {"A_1": ""}}},
    {"environment": {"setup": None, "hosts": [], "projects": [], "services": []}},
    {
        "environment": {
            "setup": "npm ci",
            "lock": ["package-lock.json", "**/*.lock"],
            "hosts": ["registry.example.org", "*.Example.org:8443"],
            "projects": [{"path": "."}, {"path": "services/api", "setup": "make deps", "test": "make test"}],
            "services": ["postgresql", "redis"],
        }
    },
    {"environment": {"hosts": "localhost", "services": "redis"}},
    {"protected": ["infra/"], "trusted": "checks/**", "reports": ["build/test-results/**/*.xml"]},
    {"foreign": [{"folder": "specs/*", "scope": "a", "keep": ["b"], "budget": {"usd": 1}, "implement": "none"}]},
)
CONFIG_BAD: tuple[Document, ...] = (
    {"spec": "a"},
    {"specs": []},
    {"specs": ""},
    {"specs": None},
    {"formats": []},
    {"formats": "rst"},
    {"formats": ["native"] * 5},
    {"implement": None},
    {"budget": {"tokens": None}},
    {"budget": {"tokens": 2_000_000_000}},
    {"budget": {"minutes": 1_441}},
    {"budget": {"turns": True}},
    {"budget": {"month": {"turns": 1}}},
    {"budget": {"spec": {"tokens": 0}}},
    {"budget": {"spec": None}},
    {"start": "on_push"},
    {"start": True},
    {"agents": {"at_once": 0}},
    {"agents": {"at_once": 17}},
    {"agents": 4},
    {"roles": {"architect": {}}},
    {"roles": {"planner": "big"}},
    {"roles": {"planner": {"model": ""}}},
    {"roles": {"planner": {"model": "a b"}}},
    {"roles": {"planner": {"model": "a\n"}}},
    {"roles": {"planner": {"endpoint": "https://evil.example/v1"}}},
    {"roles": {"planner": {"endpoint": ""}}},
    {"roles": {"planner": {"effort": "huge"}}},
    {"roles": {"planner": {"turns": 0}}},
    {"roles": {"planner": {"key": "x"}}},
    {"severities": {"SB007": "notice"}},
    {"severities": {"SB999": "notice"}},
    {"severities": {"SB301": "fatal"}},
    {"environment": {"requirements": ["https://a.b/c.whl"]}},
    {"environment": {"requirements": ["-r a.txt"]}},
    {"environment": {"requirements": "a\nb"}},
    {"environment": {"variables": {"path": "x"}}},
    {"environment": {"variables": {"PATH": 1}}},
    {"environment": {"setup": [""]}},
    {"environment": {"hosts": ["https://a.example.org"]}},
    {"environment": {"hosts": "a.example.org/x"}},
    {"environment": {"hosts": ["*"]}},
    {"environment": {"hosts": ["*.org"]}},
    {"environment": {"hosts": ["a.org:0"]}},
    {"environment": {"hosts": ["-a.org"]}},
    {"environment": {"hosts": None}},
    {"environment": {"projects": [{"setup": "make"}]}},
    {"environment": {"projects": [{"path": "../other"}]}},
    {"environment": {"projects": [{"path": "/abs"}]}},
    {"environment": {"projects": [{"path": "a/.git"}]}},
    {"environment": {"projects": [{"path": "a", "test": ""}]}},
    {"environment": {"projects": "a"}},
    {"environment": {"services": "mysql"}},
    {"environment": {"services": ["redis"] * 3}},
    {"command_permission": "read"},
    {"short_commands": "yes"},
    {"foreign": {"folder": "a"}},
    {"foreign": "a"},
    {"foreign": [{"scope": "a"}]},
    {"foreign": [{"folder": ""}]},
    {"foreign": [{"folder": "a"}] * 101},
)


def cases() -> Iterator[tuple[str, Document, bool]]:
    proofs = ((PROOFS_GOOD, True), (PROOFS_BAD, False))
    for documents, good in ((SPEC_GOOD, True), (SPEC_BAD, False)):
        yield from (("spec", document, good) for document in documents)
        yield from (("foreign", document, good) for document in documents)
    for document in CONFIG_GOOD:
        yield "config", document, True
    for document in CONFIG_BAD:
        yield "config", document, False
    for values, good in proofs:
        yield from (("foreign", {"proofs": value}, good) for value in values)
        yield from (("config", {"foreign": [{"folder": "a", "proofs": value}]}, good) for value in values)
    yield "spec", {"proofs": {}}, False


@pytest.mark.parametrize(("name", "document", "good"), tuple(cases()))
def test_schema_and_reader_agree(name: str, document: Document, good: bool) -> None:
    assert READERS[name](document) is good
    assert schema_takes(name, document) is good


KEYS = [
    "title", "status", "scope", "keep", "budget", "depends", "removes", "implement", "proofs", "usd", "tokens", "minutes", "turns", "verify", "accept", "specs",
    "formats", "foreign", "folder", "protected", "trusted", "reports", "severities", "environment", "requirements", "variables", "command_permission", "short_commands", "start", "agents", "at_once", "roles", "planner", "fixer", "model", "endpoint", "effort", "month", "SB301", "SB007", "A_B", "x",
]  # fmt: skip
keys = st.sampled_from(KEYS)
words = st.sampled_from(
    ["", "a", "none", "agents", "draft", "ready", "native", "kiro", "notice", "error", "write", "pytest>=8"]
)
plain = words | st.none() | st.booleans() | st.integers(-1, 3) | st.sampled_from([0.5, 1e9])
values = st.recursive(
    plain, lambda below: st.lists(below, max_size=3) | st.dictionaries(keys, below, max_size=3), max_leaves=6
)


@pytest.mark.parametrize("name", SCHEMAS)
@settings(max_examples=60, deadline=None)
@given(document=st.dictionaries(keys, values, max_size=3))
def test_schema_and_reader_agree_on_whatever_is_written(name: str, document: Document) -> None:
    properties = json_schema(name)["properties"]
    assert isinstance(properties, dict)
    known = {key: value for key, value in document.items() if key in properties}
    assert schema_takes(name, known) is READERS[name](known)


@given(specs())
@settings(max_examples=25, deadline=None)
def test_what_the_writer_writes_is_taken(wanted: Spec) -> None:
    """The writer's own front matter, as the editor sees it."""
    document, faults = read_yaml(to_markdown(wanted).split("\n---\n", 1)[0].removeprefix("---\n"))
    assert document is not None, faults
    assert schema_takes("spec", dict(document.value))


def test_the_sample_is_taken() -> None:
    document, _ = read_yaml(GOOD.split("---\n")[1])
    assert document is not None
    assert schema_takes("spec", dict(document.value))


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_what_editors_understand(name: str) -> None:
    schema = json_schema(name)
    assert jsonschema_rs.meta.is_valid(schema)
    assert schema["$schema"] == DRAFT
    assert schema["additionalProperties"] is False
    assert schema["title"]
    assert schema["description"]
    text = json.dumps(schema)
    for noise in ('"$ref"', '"$defs"', '"$id"', '"default": null', '"default": []', '"default": {}', 'Keys"'):
        assert noise not in text
    properties = schema["properties"]
    assert isinstance(properties, dict)
    for key, said in properties.items():
        assert isinstance(said, dict)
        assert said["description"], key
        assert "title" not in said


def test_editors_know_the_rules_whose_severity_may_change() -> None:
    text = json.dumps(json_schema("config"))
    for rule in RULES:
        assert (f'"{rule.rule_id}"' in text) is not rule.fixed


def test_defaults_that_mean_something_are_said() -> None:
    properties = json_schema("config")["properties"]
    assert isinstance(properties, dict)
    specs_said = properties["specs"]
    assert isinstance(specs_said, dict)
    assert specs_said["default"] == list(RepositoryConfig().specs)
