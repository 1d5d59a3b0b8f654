"""Who may do what in a repository."""

from typing import cast

from bot.hub.fields import Json
from bot.hub.refusal import not_found
from bot.hub.render.accounts import user
from bot.hub.rest.call import Answer, Call, Route, done
from bot.hub.state.people import LEVELS, Level, User, at_least, coarse

ROLES: dict[str, Level] = {"pull": "read", "push": "write", **{level: level for level in LEVELS if level != "none"}}
"""What the API calls the roles when they are given."""


def _user(call: Call) -> User:
    found = call.world.store.user_named(call.args["login"])
    if found is None:
        raise not_found()
    return found


def is_collaborator(call: Call) -> Answer:
    """204 for a collaborator, 404 for everybody else."""
    repo, who = call.repository("metadata", level="write"), _user(call)
    if who.id != repo.owner_id and (repo.id, who.id) not in call.world.store.levels:
        raise not_found()
    return done()


def put(call: Call) -> Answer:
    """Give a role. GitHub would send an invitation first; here it counts at once."""
    repo, who = call.repository("administration", "write", "admin"), _user(call)
    role = call.fields("Collaborator").one_of("permission", tuple(ROLES), "push")
    call.world.store.levels[repo.id, who.id] = ROLES[role or "push"]
    return done()


def remove(call: Call) -> Answer:
    """Take the role away."""
    repo, who = call.repository("administration", "write", "admin"), _user(call)
    call.world.store.levels.pop((repo.id, who.id), None)
    return done()


def permission(call: Call) -> Answer:
    """A role, also in the old coarse form; strangers read what is public."""
    repo, who = call.repository("metadata", level="read"), _user(call)
    level = call.world.store.level(repo, who)
    body = user(call.view, who) | {"permissions": rights(level), "role_name": level}
    return Answer(200, {"permission": coarse(level), "user": body, "role_name": level})


def rights(level: Level) -> Json:
    """A role as five yes or no."""
    names = {"pull": "read", "triage": "triage", "push": "write", "maintain": "maintain", "admin": "admin"}
    return {name: at_least(level, cast(Level, needed)) for name, needed in names.items()}


def everybody(call: Call) -> Answer:
    """All with a role."""
    repo, store = call.repository("metadata", level="write"), call.world.store
    people = [
        store.users[repo.owner_id],
        *(store.users[u] for r, u in store.levels if r == repo.id and u != repo.owner_id),
    ]

    def shown(who: User) -> Json:
        level = store.level(repo, who)
        return user(call.view, who) | {"permissions": rights(level), "role_name": level}

    return call.listed(people, shown)


ROUTES = (
    Route("GET", "/repos/<owner>/<repo>/collaborators", everybody),
    Route("GET", "/repos/<owner>/<repo>/collaborators/<login>", is_collaborator),
    Route("PUT", "/repos/<owner>/<repo>/collaborators/<login>", put),
    Route("DELETE", "/repos/<owner>/<repo>/collaborators/<login>", remove),
    Route("GET", "/repos/<owner>/<repo>/collaborators/<login>/permission", permission),
)
