"""What a killed service left in the state directory, thrown away at the next start."""

import shutil
import time
from contextlib import suppress
from pathlib import Path

PLACES = ("scratch/*", "reports/*", "ways/*", "off/*", "environments/.making-*", "bin/tmp*", "pythons/tmp*")
"""Short-lived things of ours, each named at random and used by one call only."""

OLD_SECONDS = 86_400.0
"""No call lives for a day; younger things may belong to another process that runs."""


def sweep(state_dir: Path) -> None:
    """Remove what is older than a day. Never raises: rubbish that stays does no harm."""
    for pattern in PLACES:
        for path in state_dir.glob(pattern):
            with suppress(OSError):
                if time.time() - path.lstat().st_mtime > OLD_SECONDS:
                    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
