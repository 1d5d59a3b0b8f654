"""`/app`, installations and their tokens."""

from bot.hub.actor import as_user
from bot.hub.changes import installations
from bot.hub.fields import Fields
from bot.hub.refusal import forbidden, not_found, unprocessable
from bot.hub.render.accounts import app as app_body
from bot.hub.render.accounts import installation as installation_body
from bot.hub.render.accounts import permissions as permissions_body
from bot.hub.render.repositories import repository as repository_body
from bot.hub.render.view import stamp
from bot.hub.rest.call import Answer, Call, Route, created, done
from bot.hub.state.apps import Installation

SELECTED_LIMIT = 500
"""Repositories that a token can be narrowed to; the REST description says so."""


def own_app(call: Call) -> Answer:
    """The App itself."""
    app = call.app()
    count = len(call.world.store.installations.where(lambda one: one.app_id == app.id))
    return Answer(200, app_body(call.view, app) | {"installations_count": count})


def all_installations(call: Call) -> Answer:
    """Where the App is installed."""
    app = call.app()
    rows = call.world.store.installations.where(lambda one: one.app_id == app.id)
    return call.listed(rows, lambda one: installation_body(call.view, one))


def one_installation(call: Call) -> Answer:
    """One installation by its id."""
    return Answer(200, installation_body(call.view, _own(call)))


def delete(call: Call) -> Answer:
    """Uninstall."""
    installations.delete(call.world, as_user(call.app().bot_user), _own(call))
    return done()


def suspend(call: Call) -> Answer:
    """Suspend."""
    installations.suspend(call.world, as_user(call.app().bot_user), _own(call), True)
    return done()


def unsuspend(call: Call) -> Answer:
    """Take a suspended installation back up."""
    installations.suspend(call.world, as_user(call.app().bot_user), _own(call), False)
    return done()


def _own(call: Call) -> Installation:
    found = call.world.store.installations.get(call.number("installation_id"))
    if found is None or found.app_id != call.app().id:
        raise not_found()
    return found


def repository_installation(call: Call) -> Answer:
    """The App's installation that covers a repository."""
    app, store = call.app(), call.world.store
    repo = store.repository_named(f"{call.args['owner']}/{call.args['repo']}")
    if repo is None:
        raise not_found()
    found = store.installations.first(lambda x: x.app_id == app.id and store.installation_covers(x, repo))
    if found is None:
        raise not_found()
    return Answer(200, installation_body(call.view, found))


def account_installation(call: Call) -> Answer:
    """The App's installation on an account."""
    app, store = call.app(), call.world.store
    owner = store.user_named(call.args["login"])
    if owner is None:
        raise not_found()
    found = store.installations.first(lambda x: x.app_id == app.id and x.account_id == owner.id)
    if found is None:
        raise not_found()
    return Answer(200, installation_body(call.view, found))


def make_token(call: Call) -> Answer:
    """A token for an installation, narrowed as asked."""
    one, fields = _own(call), call.fields("Installation")
    if one.suspended_at is not None:
        raise forbidden("This installation has been suspended")
    wanted = _wanted_repositories(call, one, fields)
    held = fields.part("permissions")
    permissions = {area: held.text(area) for area in held.values} if held else {}
    token = installations.make_token(call.world, one, wanted, permissions)
    narrowed = wanted is not None or one.repository_ids is not None
    body: dict[str, object] = {
        "token": token.token,
        "expires_at": stamp(token.expires_at) if token.expires_at else None,
        "permissions": permissions_body(token.permissions or {}),
        "repository_selection": "selected" if narrowed else "all",
    }
    if wanted is not None:
        chosen = [call.world.store.repositories[i] for i in sorted(wanted)]
        body["repositories"] = [repository_body(call.view, repo) for repo in chosen]
    return created(body)


def _wanted_repositories(call: Call, one: Installation, fields: Fields) -> frozenset[int] | None:
    store, names, ids = call.world.store, fields.texts("repositories"), fields.numbers("repository_ids")
    if not names and not ids:
        return None
    if len(names) + len(ids) > SELECTED_LIMIT:
        raise unprocessable(f"No more than {SELECTED_LIMIT} repositories can be selected.")
    covered = store.repositories.where(lambda repo: store.installation_covers(one, repo))
    chosen = {repo.id for repo in covered if repo.name in names or repo.id in ids}
    if len(chosen) < len(set(names)) + len(set(ids)):
        raise unprocessable("There is at least one repository that does not exist or is not accessible.")
    return frozenset(chosen)


def installation_repositories(call: Call) -> Answer:
    """What an installation token can reach."""
    if call.actor.kind != "installation":
        raise forbidden("You must authenticate with an installation access token in order to list repositories.")
    store = call.world.store
    rows = store.repositories.where(lambda repo: call.actor.sees(store, repo))
    answer = call.listed(rows, lambda repo: repository_body(call.view, repo), wrap="repositories")
    narrowed = call.actor.repository_ids is not None
    selection = (
        "selected" if narrowed or (call.actor.installation and call.actor.installation.repository_ids) else "all"
    )
    body = answer.body if isinstance(answer.body, dict) else {}
    return Answer(200, {**body, "repository_selection": selection}, answer.headers)


def revoke(call: Call) -> Answer:
    """End the token that asks."""
    if call.actor.kind != "installation" or call.actor.installation is None:
        raise forbidden()
    installation_id = call.actor.installation.id
    for token in call.world.store.tokens.where(lambda one: one.installation_id == installation_id):
        if (token.repository_ids, token.permissions) == (call.actor.repository_ids, call.actor.permissions):
            call.world.store.tokens.drop(token.id)
    return done()


ROUTES = (
    Route("GET", "/app", own_app),
    Route("GET", "/app/installations", all_installations),
    Route("GET", "/app/installations/<installation_id>", one_installation),
    Route("DELETE", "/app/installations/<installation_id>", delete),
    Route("PUT", "/app/installations/<installation_id>/suspended", suspend),
    Route("DELETE", "/app/installations/<installation_id>/suspended", unsuspend),
    Route("POST", "/app/installations/<installation_id>/access_tokens", make_token),
    Route("GET", "/repos/<owner>/<repo>/installation", repository_installation),
    Route("GET", "/users/<login>/installation", account_installation),
    Route("GET", "/orgs/<login>/installation", account_installation),
    Route("GET", "/installation/repositories", installation_repositories),
    Route("DELETE", "/installation/token", revoke),
)
