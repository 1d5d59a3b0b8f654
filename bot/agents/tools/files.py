"""Text files of the checkout, read and written through the sandbox's guards."""

from bot.agents.desk import Desk
from bot.agents.threads import in_thread
from bot.agents.tools.tool import ToolFault
from bot.errors import NotThere, Refused, SandboxUnavailable, Unsafe

LARGEST_FILE = 2 << 20
"""Bytes. A source file that is larger is generated; to edit only the part that was read would cut it off."""


async def read_text(desk: Desk, path: str) -> str | None:
    """The file's text exactly as it is, None when there is no file. Raises `ToolFault` for what is no text file we can edit."""
    try:
        data = await in_thread(desk.sandbox.read, desk.checkout, path, limit=LARGEST_FILE + 1)
    except NotThere:
        return None
    except SandboxUnavailable:
        raise
    except (Unsafe, Refused) as error:
        raise ToolFault(f"{path} cannot be read: {error.message}") from error
    if len(data) > LARGEST_FILE:
        raise ToolFault(f"{path} is larger than {LARGEST_FILE >> 20} MiB; use bash to look at parts of it")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise ToolFault(f"{path} is not UTF-8 text; use bash") from None
    if "\x00" in text:
        raise ToolFault(f"{path} is a binary file; use bash")
    return text


async def write_text(desk: Desk, path: str, text: str) -> None:
    """The file holds exactly this text. Raises `ToolFault`; the file is then as it was."""
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError:
        raise ToolFault("the text holds half of a surrogate pair, which no UTF-8 file can") from None
    if len(data) > LARGEST_FILE:
        raise ToolFault(f"the text is larger than {LARGEST_FILE >> 20} MiB")
    try:
        await in_thread(desk.sandbox.write, desk.checkout, path, data)
    except SandboxUnavailable:
        raise
    except (Unsafe, Refused, NotThere) as error:
        raise ToolFault(f"{path} cannot be written: {error.message}") from error


def numbered(lines: list[str], first: int) -> str:
    """Lines with their numbers, as both `read` and `edit` show them."""
    return "\n".join(f"{number:>6}\t{line.rstrip(chr(13))}" for number, line in enumerate(lines, start=first))
