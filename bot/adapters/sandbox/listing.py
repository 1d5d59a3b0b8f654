"""Which files lie below a checkout, seen from the outside after a command: links are never followed."""

import os
from pathlib import Path

from bot.core.patterns import PathPatterns

LOOKED_AT = 300_000
"""Files that are looked at: the largest tree with half of that again as rubbish of builds. What lies beyond is not found."""


def paths_beneath(root: Path, wanted: PathPatterns, most: int) -> tuple[str, ...]:
    """The first `most` regular files that are `wanted`, sorted, relative to `root`; names that are no UTF-8 are left out. Never raises."""
    found: list[str] = []
    left = LOOKED_AT
    for here, folders, names in os.walk(root, followlinks=False):
        if ".git" in folders:
            folders.remove(".git")
        folders.sort()
        for name in names:
            path = os.path.relpath(os.path.join(here, name), root)
            left -= 1
            if path.isprintable() and wanted.matches(path) and not os.path.islink(os.path.join(root, path)):
                found.append(path)
        if left < 0:
            break
    return tuple(sorted(found)[:most])
