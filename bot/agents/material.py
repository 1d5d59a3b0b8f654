"""Text from outside on its way into a prompt: visible, capped, and between lines that it cannot forge."""

import hashlib
import re
from collections.abc import Iterable

from bot.agents.tools.output import head_and_tail
from bot.core.visible import invisible_count, visible

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


def material(title: str, text: str, limit: int) -> str:
    """The text between a BEGIN and an END line that carry its own digest, which no text can contain: it cannot end itself early.

    At most `limit` characters, head and tail. Escapes and invisible characters are removed, and the removal is said.
    """
    body = head_and_tail(visible(text), limit)
    hidden = invisible_count(text)
    notice = f"\n[{hidden} invisible characters were removed]" if hidden else ""
    tag = hashlib.sha256(body.encode()).hexdigest()[:16]
    label = one_line(title)
    return f"BEGIN {label} {tag}\n{body.rstrip()}{notice}\nEND {label} {tag}"


def without_comments(text: str) -> str:
    """Markdown without its HTML comments: people do not see them, so a model shall not."""
    kept, count = _COMMENT.subn("", text)
    return f"{kept}\n[{count} hidden comments were removed]" if count else text


def one_line(text: str, limit: int = 200) -> str:
    """A name or title of somebody else's as part of one line of ours."""
    return " ".join(visible(text).split())[:limit]


def tree_listing(paths: Iterable[str], limit: int) -> str:
    """The files of a tree, one folder a line, at most `limit` characters: deep folders are folded into counts until it fits."""
    names = sorted(one_line(path, 300) for path in paths)
    deepest = max((name.count("/") for name in names), default=0)
    for depth in range(deepest, -1, -1):
        listing = _folded(names, depth)
        if len(listing) <= limit:
            return listing
    return head_and_tail(_folded(names, 0), limit)


def _folded(names: list[str], depth: int) -> str:
    """Files at most `depth` folders down by name, the others counted in the folder at that depth."""
    folders: dict[str, list[str]] = {}
    deeper: dict[str, int] = {}
    for name in names:
        parts = name.split("/")
        if len(parts) - 1 > depth:
            folder = "/".join(parts[: depth + 1]) + "/"
            deeper[folder] = deeper.get(folder, 0) + 1
        else:
            folders.setdefault("/".join(parts[:-1]) + "/" if len(parts) > 1 else "", []).append(parts[-1])
    lines = {folder: f"{folder or './'}: {'  '.join(files)}" for folder, files in folders.items()}
    lines |= {folder: f"{folder} ({count} files)" for folder, count in deeper.items() if folder not in lines}
    return "\n".join(lines[folder] for folder in sorted(lines))
