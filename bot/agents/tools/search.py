"""The tool `search`: lines of text files that match an expression. In the box, because an expression from a model can be made to run for hours."""

from dataclasses import replace

from pydantic import Field

from bot.agents.desk import SCRATCH, Desk
from bot.agents.tools.list import SECONDS, folder_inside
from bot.agents.tools.tool import Arguments, Tool, ToolFault
from bot.core.proofs.model import StoppedBy
from bot.core.visible import visible

MOST_LINES = 200
"""Of all matches; whoever gets more searches for the wrong words."""

LINES_OF_A_FILE = 20
"""Of one file: the next step is to read it."""

LINE_CHARACTERS = 240
"""Of one line: enough to know whether it is the right place."""

_BAD_EXPRESSION = 4
_NO_PLACE = 3

_SCRIPT = """
test -e "$2" || exit 3
grep -E -e "$1" /dev/null
test $? -le 1 || exit 4
find "$2" -name .git -prune -o -path "./$4" -prune -o -type f -name "$3" -print0 |
  LC_ALL=C sort -z | xargs -0 -r grep -nHIE -m "$5" -e "$1" -- 2>/dev/null | head -n "$6"
exit 0
"""
"""Files are taken in the order of their names, so that the same search shows the same lines on every machine."""


class SearchArguments(Arguments):
    expression: str = Field(
        min_length=1, max_length=500, description="A POSIX extended regular expression (grep -E), case-sensitive."
    )
    path: str = Field(default=".", description="A folder or file relative to /ws.")
    names: str = Field(default="*", min_length=1, max_length=100, description="Only files with such a name, e.g. *.py")


async def use(arguments: SearchArguments, desk: Desk) -> str:
    if "\x00" in arguments.expression + arguments.names:
        raise ToolFault("the expression or the names hold a NUL character")
    where = f"./{folder_inside(arguments.path)}".rstrip("/")
    result = await desk.sandbox.run(
        desk.checkout,
        [
            "/bin/sh", "-c", _SCRIPT, "search", arguments.expression, where, arguments.names, SCRATCH.split("/")[0],
            str(LINES_OF_A_FILE), str(MOST_LINES + 1),
        ],
        environment=desk.environment,
        limits=replace(desk.limits, seconds=SECONDS),
        writable=False,
    )  # fmt: skip
    if result.exit_code == _NO_PLACE:
        raise ToolFault(f"there is no {arguments.path}")
    output = result.output.decode("utf-8", "replace")
    if result.exit_code == _BAD_EXPRESSION:
        raise ToolFault(f"the expression cannot be read: {visible(output).strip()[:300]}")
    if result.stopped_by is StoppedBy.TIME:
        raise ToolFault(f"the search took longer than {SECONDS} seconds; search for something simpler, or in a folder")
    if result.exit_code != 0:
        raise ToolFault(f"the search failed: {result.broken or visible(output)[:300]}")
    return _shown(output)


def _shown(output: str) -> str:
    lines = [_line(line) for line in visible(output).split("\n") if line]
    more = [f"[more than {MOST_LINES} lines match: search for more]"] if len(lines) > MOST_LINES else []
    return "\n".join([*lines[:MOST_LINES], *more]) or "no line matches"


def _line(line: str) -> str:
    line = line.removeprefix("./")
    return line if len(line) <= LINE_CHARACTERS else f"{line[:LINE_CHARACTERS]}…"


SEARCH = Tool(
    "search",
    f"Show lines of text files that match, at most {LINES_OF_A_FILE} of a file.",
    SearchArguments,
    use,
    writes=False,
)
