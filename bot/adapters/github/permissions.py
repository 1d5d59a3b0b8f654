"""Who may: the collaborator endpoint's effective role, compared by id. Anything unclear is nothing."""

from urllib.parse import quote

from bot.adapters.github.answers import Body
from bot.adapters.github.client import Client, repo_path
from bot.core.pulls import Permission, Person, RepoRef
from bot.errors import NotThere, RateLimited, Refused, Transient


def permission(client: Client, repo: RepoRef, person: Person) -> Permission:
    """The person's effective permission. NONE for 404, 403, 5xx, no answer, and when the login belongs to another id by now.

    Only a rate limit is raised: it is a pause, and asking again gives the true answer.
    """
    path = repo_path(repo, "collaborators") + f"/{quote(person.login, safe='')}/permission"
    try:
        found = Body(client.read(repo, path).data)
        user = found.maybe("user")
        if user is None or user.number("id") != person.user_id:
            return Permission.NONE
        return _role(found.text_or("role_name"), found.text_or("permission"))
    except RateLimited:
        raise
    except (NotThere, Refused, Transient):
        return Permission.NONE


def _role(role_name: str, legacy: str) -> Permission:
    """`role_name` is exact (the other field shows maintain as write and triage as read), but may be an organisation's own
    role; then the coarse field tells what it includes."""
    for name in (role_name, legacy):
        if name in set(Permission):
            return Permission(name)
    return Permission.NONE
