"""What changed between two commits, and which lines a comment can stand on."""

import re
from dataclasses import dataclass, replace

from bot.hub.git.bare import Bare
from bot.hub.git.history import merge_base

HUNK = re.compile(r"@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")
STATUS = {"A": "added", "D": "removed", "M": "modified", "T": "changed", "R": "renamed", "C": "copied"}
FLAGS = ("--no-color", "--no-ext-diff", "--no-textconv", "--find-renames")

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""The id of git's empty tree, which every repository knows: the base of a diff without a base."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file's change. `patch` starts at the first hunk; None for binary files and pure renames."""

    path: str
    previous_path: str | None
    status: str
    additions: int
    deletions: int
    blob: str | None
    patch: str | None


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of a patch: its number on each side where it exists, its hunk, its position in the patch."""

    left: int | None
    right: int | None
    hunk: int
    position: int

    def number(self, side: str) -> int | None:
        """The line's number on that side."""
        return self.left if side == "LEFT" else self.right


def pull_base(bare: Bare, base: str, head: str) -> str:
    """What a pull request's diff starts from: the merge base, or the empty tree for unrelated histories."""
    return merge_base(bare, base, head) or EMPTY_TREE


def diff_text(bare: Bare, old: str, new: str) -> str:
    """The unified diff between two trees."""
    return bare.remember(("diff", old, new), lambda: bare.text("diff", *FLAGS, "--full-index", old, new, "--") + "\n")


def changes(bare: Bare, old: str, new: str) -> tuple[FileChange, ...]:
    """Every changed file between two trees, in git's order."""

    def ask() -> tuple[FileChange, ...]:
        found = outline(bare, old, new)
        patches = _patches(diff_text(bare, old, new)) if found else []
        return tuple(replace(one, patch=patch) for one, patch in zip(found, patches, strict=True))

    return bare.remember(("changes", old, new), ask)


def outline(bare: Bare, old: str, new: str) -> tuple[FileChange, ...]:
    """As `changes`, but without the patches: quicker, for counts and names."""
    return bare.remember(("outline", old, new), lambda: _outline(bare, old, new))


def _outline(bare: Bare, old: str, new: str) -> tuple[FileChange, ...]:
    out = bare.text("diff", *FLAGS, "--raw", "--numstat", "-z", "--abbrev=40", old, new, "--")
    fields = out.split("\0")
    heads: list[tuple[str, str, str | None, str]] = []  # path, status letter, previous path, blob
    at = 0
    while at < len(fields) and fields[at].startswith(":"):
        _, _, old_blob, new_blob, status = fields[at].split(" ")
        letter, paired = status[0], status[0] in "RC"
        previous = fields[at + 1] if paired else None
        blob = old_blob if letter == "D" else new_blob
        heads.append((fields[at + 2] if paired else fields[at + 1], letter, previous, blob))
        at += 3 if paired else 2
    counts: list[tuple[int, int]] = []
    while at < len(fields) and "\t" in fields[at]:
        plus, minus, path = fields[at].split("\t", 2)
        counts.append((int(plus) if plus != "-" else 0, int(minus) if minus != "-" else 0))
        at += 1 if path else 3
    return tuple(
        FileChange(path, previous, STATUS[letter], plus, minus, blob, None)
        for (path, letter, previous, blob), (plus, minus) in zip(heads, counts, strict=True)
    )


def _patches(diff: str) -> list[str | None]:
    patches: list[str | None] = []
    for section in re.split(r"^diff --git ", diff, flags=re.MULTILINE)[1:]:
        start = re.search(r"^@@ ", section, flags=re.MULTILINE)
        patches.append(section[start.start() :].rstrip("\n") if start else None)
    return patches


def lines(patch: str) -> list[DiffLine]:
    """The lines of a file's patch that a comment can stand on."""
    found: list[DiffLine] = []
    left = right = 0
    hunk = -1
    for position, text in enumerate(patch.split("\n")):
        opening = HUNK.match(text)
        if opening:
            left, right, hunk = int(opening[1]), int(opening[2]), hunk + 1
        elif text.startswith("+"):
            found.append(DiffLine(None, right, hunk, position))
            right += 1
        elif text.startswith("-"):
            found.append(DiffLine(left, None, hunk, position))
            left += 1
        elif not text.startswith("\\"):
            found.append(DiffLine(left, right, hunk, position))
            left, right = left + 1, right + 1
    return found


def hunk_until(patch: str, line: DiffLine) -> str:
    """The hunk from its header down to this line: what a review comment quotes."""
    texts = patch.split("\n")[: line.position + 1]
    start = max(i for i, text in enumerate(texts) if HUNK.match(text))
    return "\n".join(texts[start:])


def moved_line(bare: Bare, old: str, new: str, path: str, line: int) -> int | None:
    """Where a line of a file stands in a later commit; None if it was changed or is gone."""

    def ask() -> int | None:
        status, out = bare.run("diff", *FLAGS, "-U0", old, new, "--", path, allow=(0, 128))
        if status:
            return None
        shift = 0
        for found in re.finditer(
            r"^@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@", out.decode(errors="replace"), re.MULTILINE
        ):
            start, before, after = int(found[1]), int(found[2] or 1), int(found[3] or 1)
            if before and start <= line < start + before:
                return None
            if start < line:
                shift += after - before
        return line + shift

    return bare.remember(("moved", old, new, path, line), ask)
