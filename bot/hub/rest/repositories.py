"""A repository by name and by its number."""

from bot.hub.refusal import not_found
from bot.hub.render.repositories import full_repository
from bot.hub.rest.call import Answer, Call, Route
from bot.hub.state.repositories import Repository


def one(call: Call) -> Answer:
    """A repository by its name."""
    return _shown(call, call.repository("metadata"))


def by_id(call: Call) -> Answer:
    """A repository by its id: undocumented, but real, and clients use it."""
    found = call.world.store.repositories.get(call.number("repository_id"))
    if found is None or not call.actor.sees(call.world.store, found):
        raise not_found()
    return _shown(call, found)


def _shown(call: Call, repo: Repository) -> Answer:
    level = call.world.store.level(repo, call.actor.who) if call.actor.kind == "user" else None
    return Answer(200, full_repository(call.view, repo, level))


ROUTES = (
    Route("GET", "/repos/<owner>/<repo>", one),
    Route("GET", "/repositories/<repository_id>", by_id),
)
