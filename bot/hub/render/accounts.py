"""Users, organisations and Apps."""

from collections.abc import Mapping

from bot.hub.fields import Json
from bot.hub.render.view import View, maybe_stamp, stamp
from bot.hub.state.apps import App, Installation
from bot.hub.state.people import User
from bot.hub.state.repositories import Repository
from bot.hub.state.store import node_id


def user(view: View, who: User) -> Json:
    """An account in its short form, as it stands inside other bodies."""
    api, slug = f"{view.api}/users/{who.login}", who.login.removesuffix("[bot]")
    page = f"{view.html}/apps/{slug}" if who.type == "Bot" else f"{view.html}/{who.login}"
    return {
        "login": who.login,
        "id": who.id,
        "node_id": node_id("BOT" if who.type == "Bot" else "U", who.id),
        "avatar_url": f"{view.html}/avatars/{who.id}",
        "gravatar_id": "",
        "url": api,
        "html_url": page,
        "followers_url": f"{api}/followers",
        "following_url": f"{api}/following{{/other_user}}",
        "gists_url": f"{api}/gists{{/gist_id}}",
        "starred_url": f"{api}/starred{{/owner}}{{/repo}}",
        "subscriptions_url": f"{api}/subscriptions",
        "organizations_url": f"{api}/orgs",
        "repos_url": f"{api}/repos",
        "events_url": f"{api}/events{{/privacy}}",
        "received_events_url": f"{api}/received_events",
        "type": who.type,
        "user_view_type": "public",
        "site_admin": False,
    }


def maybe_user(view: View, user_id: int | None) -> Json | None:
    """An account by its id, or null."""
    found = view.store.users.get(user_id)
    return None if found is None else user(view, found)


def full_user(view: View, who: User) -> Json:
    """An account's own page."""
    return user(view, who) | {
        "name": who.login,
        "company": None,
        "blog": "",
        "location": None,
        "email": None,
        "hireable": None,
        "bio": None,
        "twitter_username": None,
        "public_repos": len(view.store.repositories.where(lambda r: r.owner_id == who.id and not r.private)),
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "created_at": stamp(who.created_at),
        "updated_at": stamp(who.created_at),
    }


def app(view: View, one: App) -> Json:
    """An App, as its own endpoint and every object made through it show it."""
    return {
        "id": one.id,
        "client_id": one.client_id,
        "slug": one.slug,
        "node_id": node_id("A", one.id),
        "owner": user(view, view.store.users[one.owner_id]),
        "name": one.name,
        "description": "",
        "external_url": f"{view.html}/apps/{one.slug}",
        "html_url": f"{view.html}/apps/{one.slug}",
        "created_at": stamp(one.created_at),
        "updated_at": stamp(one.created_at),
        "permissions": dict(one.permissions),
        "events": list(one.events),
    }


def maybe_app(view: View, app_id: int | None) -> Json | None:
    """An App by its id, or null."""
    found = view.store.apps.get(app_id)
    return None if found is None else app(view, found)


def installation(view: View, one: Installation) -> Json:
    """An installation of an App."""
    owner = view.store.users[one.account_id]
    parent = view.store.apps[one.app_id]
    return {
        "id": one.id,
        "client_id": parent.client_id,
        "account": user(view, owner),
        "repository_selection": "all" if one.repository_ids is None else "selected",
        "access_tokens_url": f"{view.api}/app/installations/{one.id}/access_tokens",
        "repositories_url": f"{view.api}/installation/repositories",
        "html_url": f"{view.html}/settings/installations/{one.id}",
        "app_id": parent.id,
        "app_slug": parent.slug,
        "target_id": owner.id,
        "target_type": owner.type,
        "permissions": dict(one.permissions),
        "events": list(one.events),
        "created_at": stamp(one.created_at),
        "updated_at": stamp(one.updated_at),
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_by": maybe_user(view, one.suspended_by_id),
        "suspended_at": maybe_stamp(one.suspended_at),
    }


def installation_repositories(repositories: list[Repository]) -> list[Json]:
    """Repositories in the short form of installation events."""
    return [
        {
            "id": repository.id,
            "node_id": node_id("R", repository.id),
            "name": repository.name,
            "full_name": repository.full_name,
            "private": repository.private,
        }
        for repository in repositories
    ]


def permissions(held: Mapping[str, str]) -> Json:
    """Permissions as a body shows them."""
    return dict(held)
