"""A diff as the pages show it: files, and in them lines with what was said about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.hub.git.diffs import HUNK, FileChange

MOST_FILES = 300
"""Files of one diff that are shown with their lines; a page of more is too heavy for a browser without scripts."""

MOST_LINES = 1_500
"""Lines of one file's diff that are shown."""

MOST_CHARACTERS = 200_000
"""Characters of one file's diff that are shown; a minified file can have them in one line."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a diff. `kind`: hunk, added, removed, same or note; the numbers are those of the old and the new file."""

    kind: str
    left: int | None
    right: int | None
    text: str

    @property
    def sign(self) -> str:
        """The first column of a unified diff."""
        return {"added": "+", "removed": "-"}.get(self.kind, " ")

    def places(self) -> list[tuple[str, int]]:
        """The places in the diff that this line is: side and number."""
        return [(s, n) for s, n in (("LEFT", self.left), ("RIGHT", self.right)) if n is not None]


@dataclass(frozen=True, slots=True)
class FileView:
    """One file of a diff. `below` has what stands under a line, by side and number; `whole` what is about the file."""

    change: FileChange
    rows: tuple[Row, ...]
    anchor: str
    cut: str = ""
    below: Mapping[tuple[str, int], Sequence[object]] = field(default_factory=dict)
    whole: Sequence[object] = ()

    def under(self, row: Row) -> list[object]:
        """What was said about a line, a context line counting on both sides."""
        return [one for place in row.places() for one in self.below.get(place, ())]


def rows(patch: str) -> tuple[Row, ...]:
    """The lines of a file's patch, headers of hunks included."""
    found: list[Row] = []
    left = right = 0
    for text in patch.split("\n"):
        opening = HUNK.match(text)
        if opening:
            left, right = int(opening[1]), int(opening[2])
            found.append(Row("hunk", None, None, text))
        elif text.startswith("+"):
            found.append(Row("added", None, right, text[1:]))
            right += 1
        elif text.startswith("-"):
            found.append(Row("removed", left, None, text[1:]))
            left += 1
        elif text.startswith("\\"):
            found.append(Row("note", None, None, text[1:].strip()))
        else:
            found.append(Row("same", left, right, text[1:]))
            left, right = left + 1, right + 1
    return tuple(found)


def file_views(
    changes: Sequence[FileChange],
    below: Mapping[str, Mapping[tuple[str, int], Sequence[object]]] | None = None,
    whole: Mapping[str, Sequence[object]] | None = None,
) -> list[FileView]:
    """All files of a diff, with what stands `below` lines and about `whole` files, by path."""
    return [
        _file_view(number, change, (below or {}).get(change.path, {}), (whole or {}).get(change.path, ()))
        for number, change in enumerate(changes)
    ]


def _file_view(
    number: int, change: FileChange, below: Mapping[tuple[str, int], Sequence[object]], whole: Sequence[object]
) -> FileView:
    anchor = f"file-{number + 1}"
    if change.patch is None:
        same = change.additions == change.deletions == 0 and change.previous_path is not None
        return FileView(change, (), anchor, "Moved without a change." if same else "No text to compare.", below, whole)
    if number >= MOST_FILES:
        return FileView(
            change, (), anchor, f"Only the first {MOST_FILES} files are shown with their lines.", below, whole
        )
    if len(change.patch) > MOST_CHARACTERS:
        return FileView(change, (), anchor, "Too large to be shown here.", below, whole)
    lines = rows(change.patch)
    cut = f"{len(lines) - MOST_LINES:,} more lines are not shown." if len(lines) > MOST_LINES else ""
    return FileView(change, lines[:MOST_LINES], anchor, cut, below, whole)
