"""One REST request, understood; and its answer."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlencode

from bot.hub.actor import Actor
from bot.hub.faults import Faults
from bot.hub.fields import Fields, Json
from bot.hub.refusal import Refused, bad_credentials, forbidden, invalid, not_found
from bot.hub.render.view import View
from bot.hub.state.apps import App
from bot.hub.state.issues import Issue
from bot.hub.state.people import Level
from bot.hub.state.repositories import Repository
from bot.hub.webhooks import Webhooks
from bot.hub.world import World

T = TypeVar("T")

PAGE, LARGEST_PAGE = 30, 100
"""Entries in a page when nothing else is asked for, and at most; GitHub's documentation says so."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back. `body` is JSON; `text` is anything else, with its content type."""

    status: int = 200
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str | None = None
    content_type: str = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Call:
    """A request with its route's arguments, its bearer, and everything a handler works on."""

    world: World
    webhooks: Webhooks
    faults: Faults
    actor: Actor
    view: View
    path: str
    args: Mapping[str, str]
    query: Mapping[str, str]
    accept: str
    payload: bytes

    def fields(self, resource: str = "") -> Fields:
        """The JSON object that was sent; an empty one when nothing was."""
        values = self._json()
        if not isinstance(values, dict):
            raise Refused(400, "Body should be a JSON object")
        return Fields(values, resource)

    def names(self, field: str) -> list[str]:
        """Names that were sent as a bare list or below a field, each a string or an object with a `name`."""
        values = self._json()
        given = values.get(field, []) if isinstance(values, dict) else values
        if not isinstance(given, list):
            raise invalid("Label", field, "invalid", f"{field} is not a list")
        return [str(one["name"]) if isinstance(one, dict) and "name" in one else str(one) for one in given]

    def _json(self) -> object:
        if not self.payload.strip():
            return {}
        try:
            return json.loads(self.payload)
        except (ValueError, RecursionError) as wrong:
            raise Refused(400, "Problems parsing JSON") from wrong

    def number(self, name: str) -> int:
        """A numeric argument of the route; what is not a number does not exist."""
        if not self.args[name].isascii() or not self.args[name].isdigit():
            raise not_found()
        return int(self.args[name])

    def repository(self, areas: tuple[str, ...] | str, access: str = "read", level: Level = "read") -> Repository:
        """The repository of the route, if the bearer may: an App by `areas` and `access`, a person by `level`."""
        found = self.world.store.repository_named(f"{self.args['owner']}/{self.args['repo']}")
        if found is None or not self.actor.sees(self.world.store, found):
            raise not_found()
        needed = (areas,) if isinstance(areas, str) else areas
        self.actor.need(self.world.store, found, needed, access, level)
        return found

    def issue(self, access: str = "read", level: Level = "read") -> Issue:
        """The issue or pull request of the route. An App's pull request permission covers the conversation there too."""
        repo = self.repository(("metadata",))
        found = self.world.store.issue_numbered(repo, self.number("number"))
        if found is None:
            raise not_found()
        self.need_issue(found, access, level)
        return found

    def need_issue(self, issue: Issue, access: str, level: Level = "read") -> None:
        """Refuse unless the bearer may read or write this conversation."""
        areas = ("issues", "pull_requests") if issue.pull is not None else ("issues",)
        self.actor.need(self.world.store, self.world.store.repositories[issue.repository_id], areas, access, level)

    def pull(
        self, areas: tuple[str, ...] | str = "pull_requests", access: str = "read", level: Level = "read"
    ) -> Issue:
        """The pull request of the route."""
        repo = self.repository(("metadata",))
        found = self.world.store.issue_numbered(repo, self.number("number"))
        if found is None or found.pull is None:
            raise not_found()
        self.actor.need(self.world.store, repo, (areas,) if isinstance(areas, str) else areas, access, level)
        return found

    def app(self) -> App:
        """The App that calls by its own JWT."""
        if self.actor.kind == "anonymous":
            raise bad_credentials("A JSON web token could not be decoded")
        if self.actor.kind != "app" or self.actor.app is None:
            raise forbidden("A JSON web token could not be decoded")
        return self.actor.app

    def authored(self, issue_author_id: int, repo: Repository) -> None:
        """Refuse unless the bearer wrote it, or may write to the repository."""
        if self.actor.who.id != issue_author_id and self.actor.kind == "user":
            self.actor.need(self.world.store, repo, (), "write", "write")

    def page(self) -> tuple[int, int]:
        """Which page is wanted, and its size."""
        size = _number(self.query.get("per_page"), PAGE)
        return max(1, _number(self.query.get("page"), 1)), min(max(1, size), LARGEST_PAGE)

    def listed(self, rows: Iterable[T], render: Callable[[T], object], wrap: str | None = None) -> Answer:
        """One page of a list, with Link headers; below `wrap` with a total count when the endpoint has it so."""
        everything = list(rows)
        number, size = self.page()
        shown = [render(row) for row in everything[(number - 1) * size : number * size]]
        last = max(1, -(-len(everything) // size))
        links = {"prev": number - 1, "next": number + 1, "last": last, "first": 1}
        kept = {
            name: page
            for name, page in links.items()
            if (name in ("prev", "first") and number > 1) or (name in ("next", "last") and number < last)
        }
        headers = {"Link": ", ".join(f'<{self._page_url(page)}>; rel="{name}"' for name, page in kept.items())}
        body: object = shown if wrap is None else {"total_count": len(everything), wrap: shown}
        return Answer(200, body, headers if kept else {})

    def _page_url(self, page: int) -> str:
        return f"{self.view.html}{self.path}?{urlencode({**self.query, 'page': str(page)})}"


def _number(text: str | None, default: int) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() else default


Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a path template; `<name>` is one segment, `<path:name>` may contain slashes."""

    method: str
    template: str
    handler: Handler


def done() -> Answer:
    """204."""
    return Answer(204)


def created(body: Json) -> Answer:
    """201."""
    return Answer(201, body)
