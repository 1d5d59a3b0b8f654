"""Hub traffic against GitHub's own descriptions: OpenAPI 3.0 for REST, 3.1 for webhooks.

`Judge.violations(hub)` reads the journal of a hub and gives one line for each thing that GitHub would not have sent or taken.
The descriptions are looked for in `<repo>/../shared/data/github`, then in the folder that `SPECBOT_OFFICIAL` names
(`rest.json.gz` and `webhooks.json.gz`, or the same without `.gz`, or an installed `@octokit/openapi`).
"""

import functools
import gzip
import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import jsonschema_rs
import yaml

from bot.hub import Event, Exchange, Hub

HERE = Path(__file__).parent
PREFIX = "/api/v3"

SLASHY = {"ref", "path", "basehead", "branch"}
"""Parameters of paths that may contain slashes."""

NAMES = {
    "rest": ("rest.json.gz", "rest.json", "openapi/generated/api.github.com.json"),
    "webhooks": ("webhooks.json.gz", "webhooks.json", "openapi-webhooks/generated/api.github.com.json"),
}


class NotFoundHere(Exception):
    """The descriptions are not on this machine; the message says where they were looked for."""


def folders() -> list[Path]:
    """Where the descriptions may be, in order."""
    here = [HERE.parents[1].parent / "shared" / "data" / "github"]
    named = os.environ.get("SPECBOT_OFFICIAL")
    return here + ([Path(named), Path(named) / "node_modules" / "@octokit"] if named else [])


def load(kind: str) -> Any:
    """One description."""
    for folder in folders():
        for name in NAMES[kind]:
            file = folder / name
            if file.is_file():
                data = file.read_bytes()
                return json.loads(gzip.decompress(data) if file.suffix == ".gz" else data)
    places = ", ".join(map(str, folders()))
    raise NotFoundHere(f"GitHub's descriptions are not in {places}; set SPECBOT_OFFICIAL to a folder that has them")


def without_nullable(node: Any) -> None:
    """OpenAPI 3.0 says `nullable`; JSON Schema says it with a type."""
    if isinstance(node, list):
        for inner in node:
            without_nullable(inner)
    elif isinstance(node, dict):
        for inner in list(node.values()):
            without_nullable(inner)
        if node.pop("nullable", None) is True:
            if {"$ref", "allOf", "oneOf", "anyOf"} & node.keys():
                rest = {key: node.pop(key) for key in list(node)}
                node["anyOf"] = [{"type": "null"}, rest]
            elif isinstance(node.get("type"), str):
                node["type"] = [node["type"], "null"]
                if "enum" in node and None not in node["enum"]:
                    node["enum"] = [*node["enum"], None]


@dataclass(frozen=True)
class Deviation:
    """A difference from the description that was looked at and allowed."""

    where: re.Pattern[str]
    what: re.Pattern[str]
    reason: str


@functools.cache
def deviations() -> tuple[Deviation, ...]:
    """The reviewed list."""
    rows = yaml.safe_load((HERE / "deviations.yml").read_text())
    return tuple(Deviation(re.compile(row["where"]), re.compile(row["what"]), row["reason"]) for row in rows)


class Schemas:
    """Schemas of one description, compiled when first used."""

    def __init__(self, description: Any, parts: Iterable[str]) -> None:
        self._registry = jsonschema_rs.Registry(
            [
                (
                    "urn:gh",
                    {
                        "$schema": "https://json-schema.org/draft/2020-12/schema",
                        **{part: description[part] for part in parts},
                    },
                )
            ]
        )
        self._compiled: dict[str, Any] = {}

    def errors(self, pointer: str, body: object) -> list[str]:
        """What is wrong with a body, in words."""
        if pointer not in self._compiled:
            self._compiled[pointer] = jsonschema_rs.Draft202012Validator(
                {"$ref": "urn:gh#" + pointer}, registry=self._registry, validate_formats=False
            )
        return [
            f"{'/'.join(map(str, one.instance_path))}: {one.message[:300]}"
            for one in self._compiled[pointer].iter_errors(body)
        ]


class Judge:
    """Knows both descriptions. Made once for a test run."""

    def __init__(self) -> None:
        self._rest = load("rest")
        without_nullable(self._rest["components"])
        without_nullable(self._rest["paths"])
        self._schemas = Schemas(self._rest, ("components", "paths"))
        self._routes = sorted(
            ((path.count("{"), -len(path), _pattern(path), path) for path in self._rest["paths"]),
            key=lambda row: row[:2],
        )
        hooks = load("webhooks")
        self._hooks = hooks["webhooks"]
        self._hook_schemas = Schemas(hooks, ("components", "webhooks"))

    def violations(self, hub: Hub) -> list[str]:
        """One line for each deviation of a hub's traffic that the reviewed list does not allow."""
        found: list[str] = []
        for exchange in hub.journal.requests:
            where = f"{exchange.method} {exchange.path} {exchange.status}"
            found += [f"{where}: {what}" for what in self.exchange(exchange) if not allowed(where, what)]
        for event in hub.journal.events:
            where = f"webhook {event.event}.{event.action}"
            found += [f"{where}: {what}" for what in self.event(event) if not allowed(where, what)]
        return list(dict.fromkeys(found))

    def exchange(self, one: Exchange) -> list[str]:
        """What is wrong with a REST request and its answer. Errors need only be documented; faults are not judged."""
        if not one.path.startswith(f"{PREFIX}/") or one.fault or one.status in (0, 304):
            return []
        method, path = one.method.lower(), unquote(one.path.removeprefix(PREFIX))
        template = self._find(method, path)
        if template is None:
            return [] if one.status == 404 else ["no such operation"]
        operation = self._rest["paths"][template][method]
        problems = []
        if one.status < 400:
            problems += [f"request: {what}" for what in self._request(template, method, operation, one.request)]
        answer = operation["responses"].get(str(one.status))
        if answer is None:
            # 401 is hardly ever listed, and any operation may answer it.
            documented = ", ".join(operation["responses"])
            return problems + ([] if one.status == 401 else [f"status not documented (only {documented})"])
        if one.status < 400 and one.content_type.startswith("application/json"):
            pointer = f"/paths/{_escaped(template)}/{method}/responses/{one.status}"
            problems += [f"response: {what}" for what in self._body(pointer, answer, one.response)]
        return problems

    def _request(self, template: str, method: str, operation: Any, body: object) -> list[str]:
        wanted = operation.get("requestBody")
        if not wanted:
            return [] if body in (None, {}) else ["a body was sent, none is documented"]
        if body is None and not wanted.get("required"):
            return []
        return self._body(f"/paths/{_escaped(template)}/{method}/requestBody", wanted, body)

    def _body(self, pointer: str, node: Any, body: object) -> list[str]:
        if "$ref" in node:
            pointer = node["$ref"][1:]
            node = functools.reduce(lambda inner, key: inner[key], pointer.split("/")[1:], self._rest)
        types = node.get("content") or {}
        if not types:
            return []
        kind = "application/json" if "application/json" in types else next(iter(types))
        return self._schemas.errors(f"{pointer}/content/{_escaped(kind)}/schema", body)

    def _find(self, method: str, path: str) -> str | None:
        for *_, pattern, template in self._routes:
            if method in self._rest["paths"][template] and pattern.match(path):
                return str(template)
        return None

    def event(self, one: Event) -> list[str]:
        """What is wrong with a webhook's payload."""
        name = one.event.replace("_", "-")
        full = f"{name}-{(one.action or '').replace('_', '-')}"
        known = full if full in self._hooks else name
        if known not in self._hooks:
            return ["no such webhook"]
        pointer = f"/webhooks/{known}/post/requestBody/content/application~1json/schema"
        return self._hook_schemas.errors(pointer, dict(one.payload))


def allowed(where: str, what: str) -> bool:
    """Whether the reviewed list allows it."""
    return any(one.where.search(where) and one.what.search(what) for one in deviations())


@functools.cache
def judge() -> Judge:
    """The judge. Raises NotFoundHere where the descriptions are missing."""
    return Judge()


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"(\{[^}]+\})", template)
    return re.compile(
        "".join(
            re.escape(part) if not part.startswith("{") else "(.+)" if part[1:-1] in SLASHY else "([^/]+)"
            for part in parts
        )
        + "$"
    )


def _escaped(part: str) -> str:
    return quote(part.replace("~", "~0").replace("/", "~1"), safe="~!$&()*+,;=:@-._")
