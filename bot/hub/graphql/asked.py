"""One GraphQL request: who asks, of what world; and GraphQL's way of saying no."""

from dataclasses import dataclass

from graphql import GraphQLError, GraphQLResolveInfo

from bot.hub.actor import Actor
from bot.hub.refusal import Refused
from bot.hub.render.view import View
from bot.hub.state.store import Store
from bot.hub.world import World

TYPES = {401: "FORBIDDEN", 403: "FORBIDDEN", 404: "NOT_FOUND", 409: "STALE_DATA", 422: "UNPROCESSABLE"}
"""The `type` of an error by the status that REST would have answered."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What resolvers are given as the context."""

    world: World
    actor: Actor
    view: View

    @property
    def store(self) -> Store:
        return self.world.store


Info = GraphQLResolveInfo[Asked]
"""What every resolver is called with; `context` says who asks."""


class Failed(GraphQLError):
    """A refusal; `type` goes beside the message, as at GitHub."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.type = kind


def failed(refused: Refused) -> Failed:
    """The same refusal in GraphQL's shape."""
    return Failed(TYPES.get(refused.status, "UNPROCESSABLE"), refused.message)


def no_node(given: str) -> Failed:
    """What is not there, and what the caller may not know of."""
    return Failed("NOT_FOUND", f"Could not resolve to a node with the global id of '{given}'.")
