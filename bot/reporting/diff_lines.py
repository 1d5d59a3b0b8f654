"""A unified diff's lines with what each of them is, for showing them in colours."""

_HEADS = (
    "diff --git ",
    "index ",
    "--- ",
    "+++ ",
    "similarity ",
    "rename ",
    "new file ",
    "deleted file ",
    "old mode ",
    "new mode ",
    "Binary ",
)


def diff_lines(patch: str, most: int) -> tuple[tuple[str, str], ...]:
    """The first `most` lines, each as `added`, `removed`, `place` (of a hunk), `file` or "". A line of a hunk is told by the hunk's own counts, so
    that content which looks like a head is content."""
    told: list[tuple[str, str]] = []
    old = new = 0
    for line in patch.removesuffix("\n").split("\n")[:most]:
        if old > 0 or new > 0:
            kind = {"+": "added", "-": "removed"}.get(line[:1], "")
            if not line.startswith("\\"):
                old -= kind != "added"
                new -= kind != "removed"
        elif line.startswith("@@ "):
            kind, (old, new) = "place", _counts(line)
        else:
            kind = "file" if line.startswith(_HEADS) else ""
        told.append((kind, line))
    return tuple(told)


def _counts(line: str) -> tuple[int, int]:
    """How many old and new lines a hunk has: `@@ -3,7 +3,9 @@`, one where no number stands behind the comma."""
    words = line.split(" ")[1:3]
    sides = [word[1:].partition(",")[2] or "1" for word in words]
    old, new = [int(side) if side.isascii() and side.isdigit() else 0 for side in sides] if len(sides) == 2 else (0, 0)
    return old, new
