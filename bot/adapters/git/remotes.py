"""Where a remote is and by which transport it may be reached. A URL never carries a secret."""

import re
from dataclasses import dataclass
from pathlib import Path

from bot.errors import NotThere, Unsafe

LOGIN = "x-access-token"
"""The user name that GitHub asks of installation tokens (GitHub documentation, "Authenticating as an installation")."""

_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>(?P<name>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::[0-9]{1,5})?)(?P<path>(?:/[A-Za-z0-9._~%+-]+)+)"
)
_LOOPBACK = re.compile(r"localhost|127(?:\.[0-9]{1,3}){3}|\[::1\]")


@dataclass(frozen=True, slots=True)
class Remote:
    """A remote: its URL or absolute path, git's name of the transport, and what a request for its password begins with."""

    url: str
    protocol: str
    password_prompt: str = ""


def remote_at(url: str) -> Remote:
    """The remote at `https://HOST/PATH`, at `http://LOOPBACK/PATH` (the hub) or at an absolute path. Anything else: `Unsafe`.

    Raises `NotThere` for a path that is no directory.
    """
    if url.startswith("/"):
        return _local(url)
    seen = _URL.fullmatch(url)
    if not seen or any(part in (".", "..") for part in seen["path"].split("/")):
        raise Unsafe(
            f"{url[:200]!r} is no address for git", hint="https://HOST/OWNER/NAME.git without user or query is"
        )
    if seen["scheme"] == "http" and not _LOOPBACK.fullmatch(seen["name"]):
        raise Unsafe(f"{url[:200]!r} is not encrypted", hint="use https; plain http is for this machine only")
    return Remote(url, seen["scheme"], f"Password for '{seen['scheme']}://{LOGIN}@{seen['host']}':")


def _local(path: str) -> Remote:
    if "\0" in path or "\n" in path or ".." in Path(path).parts:
        raise Unsafe(f"{path[:200]!r} is no path for a repository", hint="give an absolute path")
    if not Path(path).is_dir():
        raise NotThere(f"there is no repository at {path}", hint="give the path of a clone")
    return Remote(path, "file")
