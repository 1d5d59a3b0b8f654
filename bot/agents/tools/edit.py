"""The tool `edit`: replace one exact piece of text. The format that models of every provider use with the fewest mistakes."""

from pydantic import Field

from bot.agents.desk import Desk
from bot.agents.threads import in_thread
from bot.agents.tools.files import numbered, read_text, write_text
from bot.agents.tools.may_write import refuse_outside
from bot.agents.tools.nearest import nearest
from bot.agents.tools.paths import inside
from bot.agents.tools.tool import Arguments, Tool, ToolFault
from bot.core.visible import visible

_AROUND = 2
"""Lines shown before and after an edit: enough to see that it stands in the right place."""

_SHOWN_LINES = 40
"""Of the new text: the model has just written it."""

_SHOWN_MATCHES = 8
"""Line numbers named when a text stands in several places."""


class EditArguments(Arguments):
    path: str = Field(description="Relative to /ws.")
    old: str = Field(
        min_length=1,
        description="The exact text to replace, with its white space. It must stand in the file exactly once.",
    )
    new: str = Field(description="What stands there afterwards.")


async def use(arguments: EditArguments, desk: Desk) -> str:
    path = inside(arguments.path)
    refuse_outside(desk, path)
    text = await read_text(desk, path)
    if text is None:
        raise ToolFault(f"there is no file {path}; use create for a new one")
    if arguments.old == arguments.new:
        raise ToolFault("old and new are the same text; nothing to do")
    old, new = _line_ends(text, arguments.old, arguments.new)
    matches = text.count(old)
    if matches == 0:
        raise ToolFault(await in_thread(_no_match, path, text, arguments.old))
    if matches > 1:
        raise ToolFault(_many_matches(path, text, old, matches))
    before, after = text.split(old)
    await write_text(desk, path, before + new + after)
    return _shown(path, before, new, after)


def _line_ends(text: str, old: str, new: str) -> tuple[str, str]:
    """Old and new with the file's line ends: models write newlines, and `read` shows none other."""
    if old not in text and "\r\n" in text and "\r" not in old:
        return old.replace("\n", "\r\n"), new.replace("\r\n", "\n").replace("\n", "\r\n")
    return old, new


def _no_match(path: str, text: str, old: str) -> str:
    words = [f"old does not stand in {path}; nothing was changed."]
    if visible(old) in visible(text):
        words.append("It would match but for invisible characters in the file; replace the lines with bash.")
    candidates = nearest(text, old)
    if candidates:
        words.append("The nearest places (copy the text without the line numbers):")
    for candidate in candidates:
        difference = " (differs only in white space)" if candidate.only_space else ""
        words.append(f"from line {candidate.line}{difference}:\n{numbered(list(candidate.lines), candidate.line)}")
    if not candidates:
        words.append("Nothing similar stands in it; read the file again.")
    return "\n".join(words)


def _many_matches(path: str, text: str, old: str, matches: int) -> str:
    lines: list[int] = []
    position = text.find(old)
    while position >= 0 and len(lines) < _SHOWN_MATCHES:
        lines.append(text.count("\n", 0, position) + 1)
        position = text.find(old, position + len(old))
    where = ", ".join(map(str, lines)) + (", …" if matches > len(lines) else "")
    return f"old stands {matches} times in {path} (lines {where}); nothing was changed. Take in more of the lines around the one you mean."


def _shown(path: str, before: str, new: str, after: str) -> str:
    """The changed lines with a little around them."""
    lines = (before + new + after).removesuffix("\n").split("\n")
    first = before.count("\n")
    last = first + new.count("\n")
    start = max(first - _AROUND, 0)
    shown = lines[start : last + 1 + _AROUND][:_SHOWN_LINES]
    return f"edited {path}:\n{numbered(shown, start + 1)}"


EDIT = Tool(
    "edit",
    "Replace one exact piece of text in a file. Fails, changing nothing, unless it stands there exactly once.",
    EditArguments,
    use,
    writes=True,
)
