"""The one address of GraphQL: a request is checked against the schema, then carried out under the store's lock."""

import json
from collections.abc import Mapping
from typing import Any

from graphql import GraphQLError, OperationDefinitionNode, OperationType, execute_sync, parse, validate
from werkzeug.wrappers import Request, Response

from bot.hub.actor import Actor
from bot.hub.graphql.asked import Asked, Failed
from bot.hub.graphql.resolving import Root
from bot.hub.graphql.schema import schema
from bot.hub.render.view import View
from bot.hub.rest.api import RestApi
from bot.hub.rest.call import Answer
from bot.hub.world import World

PATH = "/api/graphql"
"""As on GitHub Enterprise Server; on github.com it is `/graphql` of the API's host."""


class GraphQlApi:
    """Answers GraphQL requests."""

    def __init__(self, world: World, rest: RestApi) -> None:
        self._world = world
        self._rest = rest

    def answer(self, request: Request, actor: Actor) -> Response:
        """200 with `data` and perhaps `errors`; 401 for nobody, 400 for what is no request at all."""
        return self._rest.response(request, actor, self._answer(request, actor))

    def _answer(self, request: Request, actor: Actor) -> Answer:
        if actor.user is None:
            return Answer(401, {"message": "This endpoint requires you to be authenticated."})
        if request.method != "POST":
            return Answer(404, {"message": "Not Found"})
        asked = _body(request)
        if asked is None or not isinstance(asked.get("query"), str):
            return Answer(400, {"message": "A query attribute must be specified and must be a string."})
        return Answer(200, self._carried_out(request, actor, asked))

    def _carried_out(self, request: Request, actor: Actor, asked: Mapping[str, Any]) -> dict[str, Any]:
        try:
            document = parse(asked["query"])
        except GraphQLError as wrong:
            return {"errors": [_shown(wrong)]}
        faults = validate(schema(), document)
        if faults:
            return {"errors": [_shown(fault) for fault in faults]}
        view = View(self._world.store, request.host_url.rstrip("/"))
        with self._world.store.lock:
            done = execute_sync(
                schema(),
                document,
                Root(),
                Asked(self._world, actor, view),
                asked.get("variables") or {},
                asked.get("operationName"),
                type_resolver=lambda value, info, kind: _kind_of(value),
            )
        found: dict[str, Any] = {"data": done.data}
        return found | {"errors": [_shown(fault) for fault in done.errors]} if done.errors else found


def is_mutation(request: Request) -> bool:
    """Whether a request could change anything."""
    asked = _body(request)
    try:
        document = parse(asked["query"]) if asked else None
    except (GraphQLError, KeyError, TypeError):
        return False
    definitions = document.definitions if document else ()
    return any(
        isinstance(one, OperationDefinitionNode) and one.operation is OperationType.MUTATION for one in definitions
    )


def _body(request: Request) -> Mapping[str, Any] | None:
    try:
        found = json.loads(request.get_data())
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _kind_of(value: object) -> str:
    if isinstance(value, Mapping):
        return str(value["__typename"])
    return {"ThreadNode": "PullRequestReviewThread", "PullNode": "PullRequest"}[type(value).__name__]


def _shown(fault: GraphQLError) -> dict[str, Any]:
    told: dict[str, Any] = dict(fault.formatted)
    cause = fault.original_error if isinstance(fault.original_error, Failed) else fault
    return told | {"type": cause.type} if isinstance(cause, Failed) else told
