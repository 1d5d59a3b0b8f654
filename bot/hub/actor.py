"""Who is asking, and what they may do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.hub.refusal import bad_credentials, forbidden, not_found
from bot.hub.state.apps import App, Installation
from bot.hub.state.people import Level, User
from bot.hub.state.repositories import Repository
from bot.hub.state.store import Store

Kind = Literal["anonymous", "user", "installation", "app"]


@dataclass(frozen=True, slots=True)
class Actor:
    """The bearer of a request: nobody, a person (with `app`: by a token that the person gave that App), an App itself (by JWT), or an App
    acting on an installation."""

    kind: Kind
    user: User | None = None
    app: App | None = None
    installation: Installation | None = None
    repository_ids: frozenset[int] | None = None
    permissions: Mapping[str, str] | None = None

    @property
    def name(self) -> str:
        """The login for a log line; empty for nobody."""
        return self.user.login if self.user else (self.app.slug if self.app else "")

    @property
    def who(self) -> User:
        """The account that acts. Raises a 401 for nobody."""
        if self.user is None:
            raise bad_credentials("Requires authentication")
        return self.user

    @property
    def via_app_id(self) -> int | None:
        """The App through which the account acts, if any."""
        return self.app.id if self.kind == "installation" and self.app else None

    def sees(self, store: Store, repository: Repository) -> bool:
        """Whether the repository exists for this bearer. Installation tokens see only what they were made for."""
        if self.kind == "installation":
            covered = self.installation is not None and store.installation_covers(self.installation, repository)
            return covered and (self.repository_ids is None or repository.id in self.repository_ids)
        if self.kind == "user":
            return store.may(repository, self.who, "read") and self._app_reaches(store, repository)
        return self.kind == "anonymous" and not repository.private

    def _app_reaches(self, store: Store, repository: Repository) -> bool:
        """A token that a person gave an App reaches what is public, and of the rest what the App is installed on."""
        if self.app is None or not repository.private:
            return True
        app_id = self.app.id
        installed = store.installations.where(lambda one: one.app_id == app_id and one.suspended_at is None)
        return any(store.installation_covers(one, repository) for one in installed)

    def granted(self, areas: tuple[str, ...], access: str) -> bool:
        """Whether an installation token carries one of the permissions at `read` or `write`."""
        held = [(self.permissions or {}).get(area) for area in areas]
        return any(level in (("write", "admin") if access == "write" else ("read", "write", "admin")) for level in held)

    def need(self, store: Store, repository: Repository, areas: tuple[str, ...], access: str, level: Level) -> None:
        """Refuse unless an installation token has one of `areas` at `access`, or the person has `level`.

        404 for what is invisible, 403 for what is visible but not permitted.
        """
        if not self.sees(store, repository):
            raise not_found()
        if self.kind == "installation":
            if not self.granted(areas, access):
                raise forbidden()
        elif self.kind == "user":
            if not store.may(repository, self.who, level):
                raise forbidden(f"Must have {level} rights to Repository.")
            if self.app is not None and access == "write":
                raise forbidden()
        elif access == "write":
            raise bad_credentials("Requires authentication")


def as_user(user: User) -> Actor:
    """A person who acts directly."""
    return Actor("user", user=user)
