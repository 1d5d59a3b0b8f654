"""The tool `read`: some lines of a file, numbered."""

from pydantic import Field

from bot.agents.desk import Desk
from bot.agents.tools.files import numbered, read_text
from bot.agents.tools.output import SHOWN_CHARACTERS
from bot.agents.tools.paths import inside
from bot.agents.tools.tool import Arguments, Tool, ToolFault
from bot.core.visible import visible

DEFAULT_LINES = 200
"""Lines shown unless told: most source files whole, none that floods the conversation."""

LINE_CHARACTERS = 1_000
"""A longer line is data (minified, generated); the rest of it is left out."""


class ReadArguments(Arguments):
    path: str = Field(description="Relative to /ws.")
    start: int = Field(default=1, ge=1, description="First line.")
    count: int = Field(default=DEFAULT_LINES, ge=1, description="How many lines.")


async def use(arguments: ReadArguments, desk: Desk) -> str:
    path = inside(arguments.path)
    text = await read_text(desk, path)
    if text is None:
        raise ToolFault(f"there is no file {path}")
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    if not lines:
        return f"{path} is empty"
    if arguments.start > len(lines):
        raise ToolFault(f"{path} has only {len(lines)} lines")
    return _page(path, lines, arguments.start, arguments.count)


def _page(path: str, lines: list[str], start: int, count: int) -> str:
    """As many of the lines as may be shown, and where to go on."""
    shown: list[str] = []
    room = SHOWN_CHARACTERS - 200
    for line in lines[start - 1 : start - 1 + count]:
        clean = _clean(line)
        room -= len(clean) + 8
        if room < 0 and shown:
            break
        shown.append(clean)
    end = start + len(shown) - 1
    rest = f"\n[{path} has {len(lines)} lines; go on with start={end + 1}]" if end < len(lines) else ""
    return numbered(shown, start) + rest


def _clean(line: str) -> str:
    """One line that stays one line, so that the numbers are right."""
    clean = visible(line.rstrip("\r")).replace("\n", " ")
    if len(clean) <= LINE_CHARACTERS:
        return clean
    return f"{clean[:LINE_CHARACTERS]} [… {len(clean) - LINE_CHARACTERS:,} more characters]"


READ = Tool("read", "Show lines of a text file with their numbers.", ReadArguments, use, writes=False)
