"""Prepared folders under a checkout: laid copy-on-write for the time of one command."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.adapters.sandbox.beneath import folder_beneath
from bot.adapters.sandbox.layout import Laid
from bot.core.ports import Checkout, Layer


@contextmanager
def laid(
    layers: tuple[Layer, ...], checkout: Checkout, state_dir: Path, *, writable: bool
) -> Iterator[tuple[Laid, ...]]:
    """Places for the layers in the checkout, and folders for what a command changes in them, which are thrown away at the end.

    Raises `Unsafe` when the checkout has something other than a folder where a layer belongs. As root, a layer's own files belong to nobody in
    the box, so that a command may add to the top of it and change nothing below; otherwise it may change everything.
    """
    for layer in layers:
        folder_beneath(checkout.path, layer.path, checkout.box_uid)
    if not layers or not writable:
        yield tuple(Laid(layer.host, layer.path) for layer in layers)
        return
    parent = state_dir / "scratch"
    parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    parent.chmod(0o711)
    scratch = Path(tempfile.mkdtemp(dir=parent))
    try:
        scratch.chmod(0o711)
        yield tuple(
            Laid(layer.host, layer.path, _own(scratch / f"c{number}", checkout), _own(scratch / f"w{number}", checkout))
            for number, layer in enumerate(layers)
        )
    finally:
        _thrown_away(scratch)


def _own(folder: Path, checkout: Checkout) -> Path:
    folder.mkdir(mode=0o755)
    # The mask of the service may be stricter, and this folder's mode is what the command sees.
    folder.chmod(0o755)
    if checkout.box_uid is not None:
        os.chown(folder, checkout.box_uid, checkout.box_uid)
    return folder


def _thrown_away(scratch: Path) -> None:
    """The kernel keeps a closed folder of its own (mode 0) in `work`, and a command may have closed others."""
    for folder, names, _ in os.walk(scratch):
        for name in names:
            with suppress(OSError):
                path = os.path.join(folder, name)
                if not os.path.islink(path):
                    os.chmod(path, 0o700)
    shutil.rmtree(scratch, ignore_errors=True)
