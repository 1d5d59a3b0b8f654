"""Apps, where they are installed, and the tokens that people and Apps hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.hub.state.people import User


@dataclass(frozen=True, slots=True)
class App:
    """A registered App, as its owner knows it: with the private key and the webhook secret. `callback_urls`: where people may be sent
    back after a log-in."""

    id: int
    client_id: str
    client_secret: str
    slug: str
    name: str
    owner_id: int
    permissions: Mapping[str, str]
    events: tuple[str, ...]
    bot_user: User
    private_key_pem: str
    public_key_pem: str
    hook_id: int
    webhook_secret: str
    webhook_url: str | None
    created_at: datetime
    content_type: str = "json"
    callback_urls: tuple[str, ...] = ()

    @property
    def app_id(self) -> int:
        """The numeric id, under the name that settings files use for it."""
        return self.id


@dataclass(frozen=True, slots=True)
class Installation:
    """An App on an account. `repository_ids` None: on all its repositories."""

    id: int
    app_id: int
    account_id: int
    repository_ids: frozenset[int] | None
    permissions: Mapping[str, str]
    events: tuple[str, ...]
    created_at: datetime
    updated_at: datetime
    suspended_at: datetime | None = None
    suspended_by_id: int | None = None


@dataclass(frozen=True, slots=True)
class AccessToken:
    """What a bearer may do. An installation token is narrowed by repositories and permissions; a person's own token by nothing, and one
    that a person gave an App (`app_id`) to what both may."""

    id: int
    token: str
    kind: Literal["installation", "user"]
    user_id: int
    installation_id: int | None = None
    repository_ids: frozenset[int] | None = None
    permissions: Mapping[str, str] | None = None
    expires_at: datetime | None = None
    app_id: int | None = None


@dataclass(frozen=True, slots=True)
class LoginCode:
    """What a browser carries back to an App after its person said yes: worth one token, once, for a short time."""

    id: int
    code: str
    app_id: int
    user_id: int
    redirect_uri: str
    challenge: str
    expires_at: datetime
