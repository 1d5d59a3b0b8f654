"""GitHub as it vouches for the people who look at our pages."""

from typing import Protocol

from bot.core.pulls import Secret
from bot.core.visitors import Visitor
from bot.ids import RepoId


class Visitors(Protocol):
    """The App's own OAuth log-in, and what a person who used it may read. Every call blocks for some seconds at most."""

    def authorize_url(self, *, state: str, challenge: str, redirect_uri: str) -> str:
        """Where a browser is sent to log in. `challenge` is the SHA-256 of a secret verifier, base64url without padding (PKCE)."""
        ...

    def log_in(self, *, code: str, verifier: str, redirect_uri: str) -> Visitor:
        """The person behind a code that GitHub sent the browser back with; a code works once. Raises `Refused` for a code that is wrong,
        used or too old, and `Transient` when GitHub does not answer."""
        ...

    def may_read(self, token: Secret, repo: RepoId) -> bool:
        """Whether the person behind the token may read this repository, now. A token that is no longer good may read nothing.
        Raises `Transient` or `RateLimited` when GitHub gives no clear answer."""
        ...
