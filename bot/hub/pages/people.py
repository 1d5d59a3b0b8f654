"""Whom a visitor may act as, and what each may do."""

from dataclasses import dataclass

from bot.hub.pages.visit import ACTS_AS, Visit
from bot.hub.refusal import Refused
from bot.hub.state.people import LEVELS, Level, User, at_least
from bot.hub.state.repositories import Repository


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to act as, with their level in the repository."""

    login: str
    level: Level
    chosen: bool

    @property
    def label(self) -> str:
        """How the list shows them: `ada (admin)`."""
        return f"{self.login} ({'no access' if self.level == 'none' else self.level})"


def people(visit: Visit, repo: Repository) -> list[Person]:
    """All persons the hub knows, the mightiest first; chosen is who acted last, else the first."""
    store, last = visit.store, visit.request.cookies.get(ACTS_AS, "")
    users = [user for user in store.users if user.type == "User"]
    levels = {user.login: store.level(repo, user) for user in users}
    order = sorted(levels, key=lambda login: -LEVELS.index(levels[login]))
    chosen = last if last in levels else next(iter(order), "")
    return [Person(login, levels[login], login == chosen) for login in order]


def actor_of(visit: Visit) -> User:
    """The person whom the form names. Bots act through the API only."""
    found = visit.store.user_named(visit.request.form.get("as", ""))
    if found is None or found.type != "User":
        raise Refused(422, "Say as whom: there is no such person here")
    return found


def everybody(visit: Visit) -> list[str]:
    """The logins of all persons the hub knows; who acted last stands first."""
    last = visit.request.cookies.get(ACTS_AS, "")
    logins = [user.login for user in visit.store.users if user.type == "User"]
    return sorted(logins, key=lambda login: login != last)


def need(visit: Visit, repo: Repository, who: User, level: Level, doing: str) -> None:
    """Refuse unless the person has the level there."""
    held = visit.store.level(repo, who)
    if not at_least(held, level):
        raise Refused(403, f"{doing} needs {level} permission; {who.login} has {held}")
