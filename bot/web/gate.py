"""Who gets to see a run: everybody (the demo on loopback), whoever GitHub lets read the repository, or nobody."""

from collections.abc import Collection
from dataclasses import dataclass

from bot.core.ports import Clock, Visitors
from bot.core.pulls import Secret
from bot.core.visitors import Visitor
from bot.ids import RepoId
from bot.web.login import Login
from bot.web.rights import Rights


@dataclass(frozen=True, slots=True)
class Gate:
    """`open` lets everybody in. Without `login` and not open, nobody gets in."""

    open: bool = False
    login: Login | None = None
    rights: Rights | None = None

    @property
    def visitor(self) -> Visitor | None:
        """Who makes the request at hand, None for nobody."""
        return self.login.visitor() if self.login else None

    def may_read(self, repo: RepoId | None) -> bool:
        """May whoever asks see the runs of this repository? None, no repository, is seen by nobody."""
        if repo is None:
            return False
        visitor = self.visitor
        return self.open or (visitor is not None and self.rights is not None and self.rights.may_read(visitor, repo))

    def readable(self, repos: Collection[RepoId]) -> frozenset[RepoId]:
        """Those of the repositories whose runs whoever asks may see."""
        if self.open:
            return frozenset(repos)
        visitor = self.visitor
        return self.rights.readable(visitor, repos) if visitor and self.rights else frozenset()


def guarded(visitors: Visitors, *, public_url: str, secret: Secret, clock: Clock) -> Gate:
    """The gate of a service: log in with GitHub, and read permission on each repository."""
    login = Login(visitors, public_url=public_url, secret=secret, clock=clock)
    return Gate(login=login, rights=Rights(visitors, clock))
