"""Finding the handler, refusing in GitHub's shape, and the headers around every answer."""

import functools
import hashlib
import json
import threading
import uuid
from dataclasses import dataclass
from datetime import timedelta

from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from bot.hub.actor import Actor
from bot.hub.faults import Faults
from bot.hub.refusal import Refused, not_found
from bot.hub.render.view import View
from bot.hub.rest import (
    actions,
    app_hook,
    apps,
    branches,
    check_runs,
    check_suites,
    collaborators,
    commits,
    contents,
    git_data,
    git_refs,
    issue_comments,
    issues,
    labels,
    meta,
    pull_comments,
    pulls,
    reactions,
    repositories,
    reviews,
    statuses,
    users,
)
from bot.hub.rest.call import Answer, Call, Handler, Route
from bot.hub.webhooks import Webhooks
from bot.hub.world import World

PREFIX = "/api/v3"

ROUTES: tuple[Route, ...] = tuple(
    route
    for module in (
        actions, app_hook, apps, branches, check_runs, check_suites, collaborators, commits, contents, git_data, git_refs,
        issue_comments, issues, labels, meta, pull_comments, pulls, reactions, repositories, reviews, statuses, users,
    )
    for route in module.ROUTES
)  # fmt: skip

DOCUMENTATION = "https://docs.github.com/rest"

HOURLY_LIMIT = 5000
"""Requests an hour for one bearer; GitHub's primary limit for an installation."""


@functools.cache
def routing() -> Map:
    """From paths to numbers in ROUTES; built once, for it takes longer than the rest of a hub."""
    rules = [Rule(PREFIX + one.template, methods=[one.method], endpoint=n) for n, one in enumerate(ROUTES)]
    return Map(rules, strict_slashes=False, merge_slashes=False)


@dataclass(slots=True)
class _Window:
    used: int
    reset: int


class RestApi:
    """Answers REST requests."""

    def __init__(self, world: World, webhooks: Webhooks, faults: Faults) -> None:
        self._world = world
        self._webhooks = webhooks
        self._faults = faults
        self._windows: dict[str, _Window] = {}
        self._window_lock = threading.Lock()

    def answer(self, request: Request, actor: Actor) -> Response:
        """Carry a request out, under the store's lock."""
        try:
            call, handler = self._understand(request, actor)
            with self._world.store.lock:
                found = handler(call)
        except Refused as refused:
            found = refusal(refused)
        return self.response(request, actor, found)

    def _understand(self, request: Request, actor: Actor) -> tuple[Call, Handler]:
        try:
            number, args = routing().bind("hub", path_info=request.path).match(method=request.method)
        except MethodNotAllowed as wrong:
            raise Refused(404, "Not Found") from wrong
        except HTTPException as wrong:
            raise not_found() from wrong
        view = View(self._world.store, request.host_url.rstrip("/"))
        call = Call(
            self._world,
            self._webhooks,
            self._faults,
            actor,
            view,
            request.path,
            {name: str(value) for name, value in args.items()},
            request.args.to_dict(),
            request.headers.get("Accept", ""),
            request.get_data(),
        )
        return call, ROUTES[int(number)].handler

    def response(self, request: Request, actor: Actor, answer: Answer) -> Response:
        """The answer as bytes, with GitHub's headers; 304 when the caller has it already."""
        if answer.text is not None:
            data = answer.text.encode()
        else:
            data = b"" if answer.status == 204 else json.dumps(answer.body).encode()
        response = Response(data, answer.status, content_type=answer.content_type)
        response.headers.update(answer.headers)
        resource = "core" if request.path.startswith(f"{PREFIX}/") else "graphql"
        if request.method == "GET" and answer.status == 200:
            response.set_etag(hashlib.sha256(data).hexdigest(), weak=True)
            response.headers["Cache-Control"] = "private, max-age=60, s-maxage=60"
            if not request.if_none_match.contains_weak(response.get_etag()[0] or ""):
                self._count(response, actor, 1, resource)
                return response
            response = Response(status=304, headers={"ETag": response.headers["ETag"]})
        # What the caller had already costs nothing.
        self._count(response, actor, 0 if response.status_code == 304 else 1, resource)
        return response

    def _count(self, response: Response, actor: Actor, cost: int, resource: str) -> None:
        """Each resource has a budget of its own; GitHub's for GraphQL counts points, of which the queries here cost one each."""
        bearer = f"{resource}:{actor.kind}:{actor.installation.id if actor.installation else actor.name}"
        with self._window_lock:
            window, now = self._windows.get(bearer), self._world.clock()
            if window is None or window.reset <= now.timestamp():
                window = _Window(0, int((now + timedelta(hours=1)).timestamp()))
                self._windows[bearer] = window
            window.used += cost
            response.headers["X-RateLimit-Limit"] = str(HOURLY_LIMIT)
            response.headers["X-RateLimit-Remaining"] = str(max(0, HOURLY_LIMIT - window.used))
            response.headers["X-RateLimit-Reset"] = str(window.reset)
            response.headers["X-RateLimit-Used"] = str(window.used)
            response.headers["X-RateLimit-Resource"] = resource
        stamp_request(response)


def stamp_request(response: Response) -> None:
    """The headers that every answer carries."""
    response.headers["X-GitHub-Request-Id"] = uuid.uuid4().hex[:20].upper()
    response.headers["X-GitHub-Media-Type"] = "github.v3; format=json"
    response.headers["X-GitHub-Api-Version-Selected"] = "2022-11-28"


def refusal(refused: Refused) -> Answer:
    """A refusal in GitHub's shape."""
    body: dict[str, object] = {"message": refused.message}
    if refused.errors:
        body["errors"] = list(refused.errors)
    return Answer(refused.status, body | {"documentation_url": DOCUMENTATION, "status": str(refused.status)})
