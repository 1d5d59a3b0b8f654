"""What the repository asks of everybody who works in it, as roles are shown it: the root's `AGENTS.md` first, a task's nested ones with the task."""

from dataclasses import dataclass

from bot.agents.material import material, one_line, without_comments
from bot.core.plans.instructions import AGENTS_MD
from bot.core.visible import visible_bytes

AGENTS_MD_CHARACTERS = 8 * 1024
"""Of the root's file: what people write by hand fits, and measured gains come from short ones."""

NESTED_CHARACTERS = 8 * 1024
"""Of a task's nested files together: as much as of the root's, for the same reason."""

LEAST_CHARACTERS = 200
"""A piece that is shorter than this says nothing."""


@dataclass(frozen=True, slots=True)
class Ways:
    """The base branch's files: `root` (None where there is none), and `nested` as path and content, the most important first.

    `left_out` are paths of further ones that hold and are not shown.
    """

    root: bytes | None = None
    nested: tuple[tuple[str, bytes], ...] = ()
    left_out: tuple[str, ...] = ()


def root_ways(data: bytes | None) -> str:
    """The root's file; "" when there is none or it is empty."""
    if not data or not data.strip():
        return ""
    return material(AGENTS_MD, _text(data), AGENTS_MD_CHARACTERS)


def nested_ways(ways: Ways) -> str:
    """A task's nested files in their order, as many as fit, and the names of those that do not; "" when there are none."""
    pieces: list[str] = []
    left_out = list(ways.left_out)
    left = NESTED_CHARACTERS
    for path, data in ways.nested:
        text = _text(data)
        if not text.strip():
            continue
        if left < LEAST_CHARACTERS:
            left_out.append(path)
            continue
        pieces.append(material(path, text, left))
        left -= len(text)
    if left_out:
        pieces.append(material("not shown for length", "\n".join(one_line(path) for path in left_out), 1_000))
    return "\n\n".join(pieces)


def _text(data: bytes) -> str:
    return without_comments(visible_bytes(data[: 8 * AGENTS_MD_CHARACTERS]))
