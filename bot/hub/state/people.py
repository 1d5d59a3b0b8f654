"""People, bots and what they may do in a repository."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

UserType = Literal["User", "Bot", "Organization"]
Level = Literal["none", "read", "triage", "write", "maintain", "admin"]

LEVELS: tuple[Level, ...] = ("none", "read", "triage", "write", "maintain", "admin")
"""Repository roles, weakest first; each includes all before it."""


def at_least(level: Level, needed: Level) -> bool:
    """Whether `level` includes `needed`."""
    return LEVELS.index(level) >= LEVELS.index(needed)


def coarse(level: Level) -> str:
    """The old four-valued permission that the collaborator endpoint reports: maintain counts as write, triage as read."""
    return {"maintain": "write", "triage": "read"}.get(level, level)


@dataclass(frozen=True, slots=True)
class User:
    """An account. `login` of an App's bot ends in `[bot]` and its type is `Bot`."""

    id: int
    login: str
    type: UserType
    created_at: datetime

    @property
    def email(self) -> str:
        """The no-reply address under which commits are attributed to the account."""
        return f"{self.id}+{self.login}@users.noreply.github.com"
