"""Paths as models write them, made relative to the checkout's root."""

import posixpath

from bot.agents.desk import BOX_ROOT
from bot.agents.tools.tool import ToolFault


def inside(path: str) -> str:
    """The path below the checkout. `/ws/a.py`, `./a.py` and `a.py` are the same file. Raises `ToolFault` for any other place.

    This is for good error messages; that nothing outside is touched is kept by the sandbox, which follows no link.
    """
    if not path or "\x00" in path:
        raise ToolFault("the path is empty or holds a NUL character")
    absolute = posixpath.normpath(posixpath.join(BOX_ROOT, path))
    if not absolute.startswith(BOX_ROOT + "/"):
        raise ToolFault(f"{path} lies outside of the checkout {BOX_ROOT}; give a path relative to it")
    return absolute.removeprefix(BOX_ROOT + "/")
