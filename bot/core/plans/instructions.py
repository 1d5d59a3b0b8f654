"""Which `AGENTS.md` files hold for a task: the one at the root for everybody, and below it the nearest one to what the task owns. Pure.

The file's convention (agents.md): it holds for its folder and all below, and the nearest file wins. Read from the base branch only: a pull
request could write anything there.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from bot.core.patterns import readable_patterns

AGENTS_MD = "AGENTS.md"
"""The file in which repositories tell agents their ways."""

MAX_NESTED = 4
"""Nested files that one task is shown: one that owns files under more of them is no longer one task, and each costs tokens on every turn."""

_WILD = frozenset("*?[\\")


def nested_instructions(paths: Iterable[str], owns: Sequence[str]) -> tuple[str, ...]:
    """The nested `AGENTS.md` files of a tree that are the nearest ones to what `owns` (gitignore patterns, empty for everything) names.

    The one that holds for most of the owned files comes first; more than `MAX_NESTED` are named too, for the caller to say so.
    """
    every = tuple(paths)
    folders = {path.removesuffix(AGENTS_MD): path for path in every if path.endswith(f"/{AGENTS_MD}")}
    if not folders:
        return ()
    patterns = readable_patterns(owns)
    owned = [path for path in every if not owns or patterns.matches(path)]
    planned = [_literal(pattern) for pattern in owns if not pattern.startswith(("!", "#"))]
    nearest = Counter(near for path in (*owned, *planned) if (near := _nearest(path, folders)))
    return tuple(sorted(nearest, key=lambda path: (-nearest[path], path)))


def _nearest(path: str, folders: dict[str, str]) -> str:
    """The file in the folder of `path` or the closest one above it; "" when only the root has one."""
    folder = path
    while "/" in folder:
        folder = folder.rpartition("/")[0]
        if f"{folder}/" in folders:
            return folders[f"{folder}/"]
    return ""


def _literal(pattern: str) -> str:
    """Where a pattern points before its first wildcard: the folder of files that are yet to be made."""
    parts = pattern.removeprefix("/").split("/")
    plain = next((index for index, part in enumerate(parts) if _WILD & set(part)), len(parts))
    return "/".join([*parts[:plain], ""])
