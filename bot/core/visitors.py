"""Somebody who looks at the pages, as GitHub vouched for them."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.pulls import Secret
from bot.ids import UserId


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person who logged in through the App. `token` may do what both the person and the App may; it ends at `expires_at`, None when
    GitHub named no end (the App's owner has switched expiry off)."""

    user_id: UserId
    login: str
    token: Secret
    expires_at: datetime | None = None
