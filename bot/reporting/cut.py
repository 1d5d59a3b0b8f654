"""Long Markdown made to fit, without breaking what it renders to."""

import re
from dataclasses import dataclass

_FENCE = re.compile(r"( {0,3})(`{3,}|~{3,})([^\n]*)")

WASTE = 4
"""Cutting before a code block that does not fit is nicer than inside it, as long as it wastes no more than a 4th of the room."""


def size(text: str) -> int:
    """UTF-8 bytes: never fewer than the characters, counted as code points or as UTF-16 units, whichever of them a limit means."""
    return len(text.encode("utf-8", "surrogatepass"))


def cut(text: str, limit: int, pointer: str) -> str:
    """`text` when it fits in `limit` (as `size` counts), else its beginning, then `pointer`, which says where all of it is.

    Cut between lines; inside a line only in a code block, never inside a character. Open code blocks and `<details>` are closed. A first
    line that does not fit leaves the pointer alone. The result is never larger than `limit`, whatever the arguments.
    """
    if size(text) <= limit:
        return text
    ending = f"\n\n{pointer}"
    best = outside = _Place("", "")
    state = _State()
    done: list[str] = []
    used = 0
    for line in text.split("\n"):
        room = limit - size(ending) - used
        if size(line) + 1 + size(state.after(line).closing) > room:
            if state.fence:
                part = _head(line, room - 1 - size(state.closing))
                best = _Place("\n".join([*done, part]) if part else best.text, state.closing)
            break
        state = state.after(line)
        done.append(line)
        used += size(line) + 1
        best = _Place("\n".join(done), state.closing)
        if not state.fence:
            outside = best
    if state.fence and size(best.text) - size(outside.text) <= limit // WASTE:
        best = outside
    if not best.text:
        return _head(pointer, limit)
    return best.text.rstrip("\n") + best.closing + ending if best.text.strip() else _head(pointer, limit)


def head_and_tail(text: str, limit: int) -> str:
    """A command's output within `limit` bytes: its first third and its end, with a line that says how much is missing between."""
    if size(text) <= limit:
        return text
    note = f"\n[… {size(text):,} bytes in all, the middle is left out …]\n"
    room = max(limit - size(note), 0)
    start = _head(text, room // 3)
    end = _head(text[::-1], room - size(start))[::-1]
    return _head(start + note + end, limit)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the text could end, and what must follow there."""

    text: str
    closing: str


@dataclass(frozen=True, slots=True)
class _State:
    """What is open after a line."""

    fence: str = ""
    folded: int = 0

    def after(self, line: str) -> "_State":
        match = _FENCE.match(line)
        if self.fence:
            ends = match and match[2].startswith(self.fence.strip()) and not match[3].strip()
            return _State("" if ends else self.fence, self.folded)
        if match and not (match[2][0] == "`" and "`" in match[3]):
            return _State(match[1] + match[2], self.folded)
        if not line.startswith("<"):
            return self
        return _State("", max(self.folded + line.count("<details") - line.count("</details>"), 0))

    @property
    def closing(self) -> str:
        return (f"\n{self.fence}" if self.fence else "") + "\n\n</details>" * self.folded


def _head(text: str, limit: int) -> str:
    """The longest beginning of `text` of at most `limit` bytes."""
    return text.encode("utf-8", "surrogatepass")[: max(limit, 0)].decode("utf-8", "ignore")
