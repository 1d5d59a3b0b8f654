"""Reading a webhook's JSON without ever raising: whatever is missing or of the wrong type is None.

A payload is signed by GitHub, yet its shape changes at any time and its texts are a stranger's.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from bot.core.pulls import Person, RepoRef
from bot.ids import InstallationId, RepoId, Sha, UserId

LARGEST_ID = 2**63 - 1
"""Ids are stored as signed 64-bit integers, on SQLite and PostgreSQL alike; GitHub's are far below that."""

_SHA = re.compile(r"[0-9a-f]{40}")
_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")

Json = object
"""Any JSON value, as far as we know before we look."""


def at(value: Json, *path: str) -> Json:
    """What stands at `path` in nested objects, None when anything on the way is no object or lacks the key."""
    for key in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def text_at(value: Json, *path: str) -> str | None:
    found = at(value, *path)
    return found if isinstance(found, str) else None


def id_at(value: Json, *path: str) -> int | None:
    """A positive number that fits our database; a boolean is none."""
    found = at(value, *path)
    return found if type(found) is int and 0 < found <= LARGEST_ID else None


def sha_at(value: Json, *path: str) -> Sha | None:
    found = text_at(value, *path)
    return Sha(found) if found is not None and _SHA.fullmatch(found) else None


def time_at(value: Json, *path: str) -> datetime | None:
    """An ISO 8601 time with a zone, as UTC."""
    try:
        found = datetime.fromisoformat(text_at(value, *path) or "")
        return found.astimezone(UTC) if found.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def person_at(value: Json, *path: str) -> Person | None:
    """An account; a bot by its type or by the `[bot]` in its login, whichever says so."""
    user_id, login = id_at(value, *path, "id"), text_at(value, *path, "login")
    if user_id is None or not login:
        return None
    is_bot = text_at(value, *path, "type") != "User" or login.endswith("[bot]")
    return Person(UserId(user_id), login, is_bot)


def repo_at(payload: Json) -> RepoRef | None:
    """The repository a payload is about, as its installation sees it; None without an installation we could act as."""
    installation, repo = id_at(payload, "installation", "id"), id_at(payload, "repository", "id")
    owner, name = text_at(payload, "repository", "owner", "login"), text_at(payload, "repository", "name")
    if installation is None or repo is None or not _is_name(owner) or not _is_name(name):
        return None
    return RepoRef(InstallationId(installation), RepoId(repo), str(owner), str(name))


def _is_name(text: str | None) -> bool:
    """Owner and name become parts of URLs, so anything that is no GitHub name is no repository."""
    return text is not None and _NAME.fullmatch(text) is not None and text not in (".", "..")
