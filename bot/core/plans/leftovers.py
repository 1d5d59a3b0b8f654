"""Is a conflict resolved? Told from the files alone: from the marks that git's merge left in them and from names it made up. Pure.

Whether the result is right, the proofs say. This only tells what cannot be right.
"""

import re
from collections.abc import Collection, Mapping

_MARKER = re.compile(rb"^(?:<{7,}|\|{7,}|>{7,}) [0-9a-f]{40}(?::[^\r\n]*)?\r?$", re.MULTILINE)
"""Of our merges: followed by a whole commit id that occurs nowhere else. A text about git, with `<<<<<<< HEAD` in it, has none."""

_OPENING = b"<"
_MIDDLE = re.compile(rb"^={7,}\r?$", re.MULTILINE)
"""Between the two sides stands a line without an id, as under a heading; so these are counted."""

_MADE_UP = re.compile(r"~[0-9a-f]{40}(?:_[0-9]+)?\Z")
"""What git appends to the name of a file that has to make way for another one (git's merge-ort, `unique_path`)."""


def leftovers(
    conflicts: Collection[str], merged: Mapping[str, bytes], resolved: Mapping[str, bytes]
) -> tuple[tuple[str, str], ...]:
    """The paths at which a conflict is not resolved, sorted, each with a sentence; empty when nothing is left.

    `conflicts` are the merge's paths. `merged` are their contents in the tree that git made, as far as they are files there, `resolved` the
    contents afterwards of these and of every other file that was changed since: markers may have been carried elsewhere.
    """
    faults: dict[str, str] = {}
    ours = {line for text in merged.values() for line in _markers(text)}
    for path, text in resolved.items():
        if any(line in ours for line in _markers(text)):
            faults[path] = "Lines that mark the conflict are still in it."
        elif _middles(text) > _allowed_middles(merged.get(path, b""), text):
            faults[path] = "A line `=======` that separates the two sides is still in it."
        elif path in conflicts and _MADE_UP.search(path):
            faults[path] = "The name was made up by the merge; the file is to be put in its place or removed."
    return tuple(sorted(faults.items()))


def _markers(text: bytes) -> list[bytes]:
    return [line.rstrip(b"\r") for line in _MARKER.findall(text)]


def _middles(text: bytes) -> int:
    return len(_MIDDLE.findall(text))


def _allowed_middles(merged: bytes, resolved: bytes) -> int:
    """Both sides may hold such lines of their own. Where nothing was marked, any number may stand."""
    conflicts = sum(1 for line in _markers(merged) if line.startswith(_OPENING))
    return _middles(merged) - conflicts if conflicts else _middles(resolved)
