"""An empty checkout for trying something out in a box."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.adapters.sandbox.box_uids import BoxUids
from bot.core.ports import Checkout
from bot.ids import RepoId


@contextmanager
def scratch_checkout(state_dir: Path, uids: BoxUids) -> Iterator[Checkout]:
    """A checkout without files and without git, owned as real ones are; thrown away at the end."""
    folder = state_dir / "scratch"
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    folder.chmod(0o711)
    uid = uids.lease()
    path = Path(tempfile.mkdtemp(dir=folder))
    try:
        if uid is not None:
            os.chown(path, uid, uid)
        yield Checkout(RepoId(0), path, path, uid)
    finally:
        shutil.rmtree(path, ignore_errors=True)
        uids.release(uid)
