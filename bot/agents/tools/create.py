"""The tool `create`: a new file."""

from pydantic import Field

from bot.agents.desk import Desk
from bot.agents.tools.files import read_text, write_text
from bot.agents.tools.may_write import refuse_outside
from bot.agents.tools.paths import inside
from bot.agents.tools.tool import Arguments, Tool, ToolFault


class CreateArguments(Arguments):
    path: str = Field(description="Relative to /ws; folders are made.")
    content: str = Field(description="The whole text of the file.")
    overwrite: bool = Field(default=False, description="Replace a file that is there already.")


async def use(arguments: CreateArguments, desk: Desk) -> str:
    path = inside(arguments.path)
    refuse_outside(desk, path)
    if not arguments.overwrite and await read_text(desk, path) is not None:
        raise ToolFault(f"{path} is there already; use edit to change it, or overwrite=true to replace all of it")
    await write_text(desk, path, arguments.content)
    return f"wrote {path}, {len(arguments.content.splitlines())} lines"


CREATE = Tool("create", "Write a new text file.", CreateArguments, use, writes=True)
