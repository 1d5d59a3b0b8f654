"""Files that were changed within their lines, as a unified diff. Linear: no line came or went, so none is searched for."""

from collections.abc import Iterator, Sequence

from bot.core.visible import visible

CONTEXT = 3
"""Lines around a change, as diff tools show them."""


def line_diff(path: str, before: bytes, after: bytes) -> bytes:
    """A diff that `git apply` takes; both sides have the same number of lines. Empty when they are equal."""
    old, new = before.split(b"\n"), after.split(b"\n")
    changed = [number for number, pair in enumerate(zip(old, new, strict=True)) if pair[0] != pair[1]]
    if not changed:
        return b""
    head = f"--- a/{path}\n+++ b/{path}\n".encode("utf-8", "surrogateescape")
    last = len(old) - (old[-1] == new[-1] == b"")
    return head + b"".join(_hunk(old, new, *span) for span in _spans(changed, last))


def as_seen(diff: bytes) -> str:
    """The diff for a terminal: what it would obey or not show stands there by its number."""
    text = diff.decode("utf-8", "replace").replace("\r\n", "\n")
    return "".join(char if char in "\n\t" or visible(char) == char else f"<U+{ord(char):04X}>" for char in text)


def _spans(changed: Sequence[int], last: int) -> Iterator[tuple[int, int]]:
    """The lines of each hunk, from the first until before the second."""
    start, end = changed[0], changed[0]
    for number in changed[1:]:
        if number - end > 2 * CONTEXT + 1:
            yield max(0, start - CONTEXT), min(last, end + CONTEXT + 1)
            start = number
        end = number
    yield max(0, start - CONTEXT), min(last, end + CONTEXT + 1)


def _hunk(old: Sequence[bytes], new: Sequence[bytes], start: int, end: int) -> bytes:
    lines = [f"@@ -{start + 1},{end - start} +{start + 1},{end - start} @@\n".encode()]
    taken: list[bytes] = []
    put: list[bytes] = []
    for number in range(start, end):
        if old[number] != new[number]:
            taken.append(_line(b"-", old, number))
            put.append(_line(b"+", new, number))
            continue
        lines += [*taken, *put, _line(b" ", old, number)]
        taken, put = [], []
    return b"".join([*lines, *taken, *put])


def _line(sign: bytes, lines: Sequence[bytes], number: int) -> bytes:
    open_end = number == len(lines) - 1
    return sign + lines[number] + (b"\n\\ No newline at end of file\n" if open_end else b"\n")
