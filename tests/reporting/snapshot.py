"""Texts compared whole with files that a person has read.

After a wanted change: `SPECBOT_SNAPSHOTS=write python -m pytest tests/reporting`, then read the diff.
"""

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "snapshots"


def assert_snapshot(name: str, text: str) -> None:
    """`text` is what `snapshots/NAME.md` holds."""
    path = FOLDER / f"{name}.md"
    if os.environ.get("SPECBOT_SNAPSHOTS") == "write":
        path.write_text(text, encoding="utf-8")
    assert path.exists(), f"{path} is missing: write it with SPECBOT_SNAPSHOTS=write"
    assert text == path.read_text(encoding="utf-8")
