"""The file through which the harness's report leaves the box."""

import os
import secrets
from pathlib import Path
from types import TracebackType
from typing import Self

REPORT_BYTES = 1 << 20
"""How much of a report is read: about ten thousand named tests. The rest is left where it was written, by code we do not trust."""


class ReportFile:
    """One empty file of its own for one run; gone when the context ends.

    It is read through the descriptor that made it, so that no name inside the box can lead the reading elsewhere.
    """

    def __init__(self, folder: Path, owner: int | None) -> None:
        """`owner` is the box's uid when we are root. The folder must be reachable by it; it is made when missing."""
        folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        folder.chmod(0o711)
        self.path = folder / secrets.token_hex(8)
        self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        if owner is not None:
            os.fchown(self._file, owner, owner)

    def size(self) -> int:
        return os.fstat(self._file).st_size

    def read(self) -> bytes:
        """At most the first `REPORT_BYTES`, hostile."""
        return os.pread(self._file, REPORT_BYTES, 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.path.unlink(missing_ok=True)
        os.close(self._file)
