"""Installing Apps, narrowing them, and making their tokens."""

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from bot.hub.actor import Actor
from bot.hub.events import installation
from bot.hub.refusal import unprocessable
from bot.hub.state.apps import AccessToken, App, Installation
from bot.hub.state.people import User
from bot.hub.state.repositories import Repository
from bot.hub.world import World

TOKEN_LIFE = timedelta(hours=1)
"""How long an installation token lives; GitHub's documentation says so."""

RANK = {"read": 1, "write": 2, "admin": 3}


def install(world: World, actor: Actor, app: App, account: User, repos: list[Repository] | None) -> Installation:
    """Install an App on an account: on the given repositories, or on all."""
    now, store = world.now(), world.store
    made = store.installations.put(
        Installation(
            store.new_account_id(),
            app.id,
            account.id,
            None if repos is None else frozenset(repo.id for repo in repos),
            dict(app.permissions),
            app.events,
            now,
            now,
        )
    )
    installation.announce(world, actor, "created", made)
    return made


def suspend(world: World, actor: Actor, one: Installation, suspended: bool) -> Installation:
    """Suspend, or take back up. Tokens of a suspended installation do not work."""
    now = world.now()
    changed = replace(
        one,
        suspended_at=now if suspended else None,
        suspended_by_id=actor.who.id if suspended else None,
        updated_at=now,
    )
    world.store.installations.put(changed)
    installation.announce(world, actor, "suspend" if suspended else "unsuspend", changed)
    return changed


def delete(world: World, actor: Actor, one: Installation) -> None:
    """Uninstall; all its tokens end."""
    installation.announce(world, actor, "deleted", one)
    world.store.installations.drop(one.id)
    for token in world.store.tokens.where(lambda token: token.installation_id == one.id):
        world.store.tokens.drop(token.id)


def select(world: World, actor: Actor, one: Installation, repos: list[Repository]) -> Installation:
    """Set the repositories that an installation covers."""
    before = {repo.id for repo in world.store.repositories if world.store.installation_covers(one, repo)}
    after = frozenset(repo.id for repo in repos)
    changed = world.store.installations.put(replace(one, repository_ids=after, updated_at=world.now()))
    for action, ids in (("added", after - before), ("removed", before - after)):
        if ids:
            chosen = [world.store.repositories[i] for i in sorted(ids)]
            installation.repositories_changed(world, actor, action, changed, chosen)
    return changed


def make_token(
    world: World, one: Installation, repos: frozenset[int] | None, permissions: Mapping[str, str] | None
) -> AccessToken:
    """A token for an installation, narrowed to repositories and permissions. `{}` or None: everything granted."""
    app = world.store.apps[one.app_id]
    for area, access in (permissions or {}).items():
        if area not in one.permissions or RANK.get(access, 9) > RANK[one.permissions[area]]:
            raise unprocessable("The permissions requested are not granted to this installation.")
    expires = world.now() + TOKEN_LIFE
    token = AccessToken(
        world.store.new_id(),
        _stateless_text(app, one, int(expires.timestamp())),
        "installation",
        app.bot_user.id,
        one.id,
        repos,
        {"metadata": "read", **(permissions or one.permissions)},
        expires,
    )
    return world.store.tokens.put(token)


def _stateless_text(app: App, one: Installation, expires: int) -> str:
    """A token in the long form of 2026: App id and something like a JWT, about 520 characters with two dots."""
    claims = {"iss": "hub", "sub": f"installation:{one.id}", "exp": expires, "jti": secrets.token_hex(16)}
    parts = (json.dumps({"alg": "RS256", "typ": "JWT"}).encode(), json.dumps(claims).encode(), secrets.token_bytes(235))
    return f"ghs_{app.id}_" + ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def make_user_token(world: World, who: User) -> AccessToken:
    """A personal token: whatever the person may do."""
    text = f"ghp_{secrets.token_hex(18)}"
    return world.store.tokens.put(AccessToken(world.store.new_id(), text, "user", who.id))
