"""Accounts."""

from bot.hub.refusal import bad_credentials, forbidden, not_found
from bot.hub.render.accounts import full_user
from bot.hub.rest.call import Answer, Call, Route


def one(call: Call) -> Answer:
    """An account by its login; an App's bot as `slug[bot]`."""
    found = call.world.store.user_named(call.args["login"])
    if found is None:
        raise not_found()
    return Answer(200, full_user(call.view, found))


def by_id(call: Call) -> Answer:
    """An account by its id."""
    found = call.world.store.users.get(call.number("user_id"))
    if found is None:
        raise not_found()
    return Answer(200, full_user(call.view, found))


def myself(call: Call) -> Answer:
    """The account of a user token."""
    if call.actor.kind == "anonymous":
        raise bad_credentials("Requires authentication")
    if call.actor.kind != "user":
        raise forbidden()
    return Answer(200, full_user(call.view, call.actor.who))


ROUTES = (
    Route("GET", "/user", myself),
    Route("GET", "/user/<user_id>", by_id),
    Route("GET", "/users/<login>", one),
)
