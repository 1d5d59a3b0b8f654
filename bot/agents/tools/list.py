"""The tool `list`: the files below a folder, for roles that look before anybody writes."""

from dataclasses import replace

from pydantic import Field

from bot.agents.desk import SCRATCH, Desk
from bot.agents.material import tree_listing
from bot.agents.tools.output import SHOWN_CHARACTERS
from bot.agents.tools.paths import inside
from bot.agents.tools.tool import Arguments, Tool, ToolFault

SECONDS = 30
"""Listing or searching a checkout of a hundred thousand files takes a few; what takes longer hangs."""

LISTED_BYTES = 4 << 20
"""Of the names: about a hundred thousand files. Of what is beyond, the last are shown and the gap is said."""

_SCRIPT = 'test -d "$1" || exit 3; exec find "$1" -name .git -prune -o -path "./$2" -prune -o -type f -print'


class ListArguments(Arguments):
    path: str = Field(default=".", description="A folder relative to /ws.")


async def use(arguments: ListArguments, desk: Desk) -> str:
    folder = folder_inside(arguments.path)
    result = await desk.sandbox.run(
        desk.checkout,
        ["/bin/sh", "-c", _SCRIPT, "list", f"./{folder}".rstrip("/"), SCRATCH.split("/")[0]],
        environment=desk.environment,
        limits=replace(desk.limits, seconds=SECONDS, output_bytes=LISTED_BYTES),
        writable=False,
    )
    if result.exit_code == 3:
        raise ToolFault(f"there is no folder {folder or '.'}")
    if result.exit_code != 0:
        raise ToolFault(
            f"the folder could not be listed: {result.broken or result.output.decode(errors='replace')[:500]}"
        )
    names = [line.removeprefix("./") for line in result.output.decode("utf-8", "replace").splitlines() if line]
    lost = "\n[not all names are shown: list a folder in it]" if result.output_bytes > len(result.output) else ""
    return (tree_listing(names, SHOWN_CHARACTERS - 200) or f"{folder or '.'} has no files") + lost


def folder_inside(path: str) -> str:
    """The folder below the checkout, "" for its root. Raises `ToolFault` for any other place."""
    return "" if path.strip("/") in ("", ".", "ws") else inside(path)


LIST = Tool("list", "Show the files below a folder; deep folders are counted.", ListArguments, use, writes=False)
