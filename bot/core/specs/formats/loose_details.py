"""Words of a task that look like its details and are read as words: `owns src/**`, `(depends on: T-1)`, a list of `- owns: …` under it. Pure."""

import re
from collections.abc import Container, Iterator

from bot.core.specs.blocks import Item
from bot.core.specs.model import Finding, Position, SpecTask
from bot.core.specs.rules import reading
from bot.core.specs.source import Source

_CODE = re.compile(r"`[^`]*`|\\\([^)]*\)?")
"""What is quoted, and what a backslash says to be text."""

_KEYS = r"owns|proves|after|depends(?:[ -]on)?|blocked[ -]by"
_KEYED = re.compile(
    rf"(?:^|(?<=[\s(\[（—–-]))(?P<key>{_KEYS}|(?<=[(\[（])(?:files|paths))\s*[:：]"
    rf"|[(\[（]\s*(?P<bare>owns|proves|after)\s(?=\s*(?:◆|[A-Za-z]{{1,12}}-[0-9]))",
    re.IGNORECASE,
)
_BELOW = re.compile(rf"[ \t>]*(?:[-*+][ \t]+)?[(*_`]{{0,3}}(?P<key>{_KEYS})[*_`]{{0,3}}\s*[:：]", re.IGNORECASE)
_ID = r"(?P<id>[A-Za-z]{1,12}-[0-9]{1,6})"
_ORDER = re.compile(rf"\b(?P<words>after|depends on|blocked by|waits for|needs|requires)\s+{_ID}\b", re.IGNORECASE)
_PROOF = re.compile(rf"\b(?P<words>proves|covers|verifies|satisfies|fulfils|fulfills)\s+{_ID}\b", re.IGNORECASE)

MAX_TEXT = 5_000
"""Characters of a task that are looked at; what comes later is prose."""

HINT = "What counts stands in the parentheses that end the task's first paragraph: `(owns: …; proves: …; after: …)`."


def loose_details(source: Source, item: Item, title: str, task: SpecTask, ids: Container[str]) -> Iterator[Finding]:
    """`title` is the task's first paragraph as it is written, without its id and the parentheses that were read; `ids` are those of all tasks."""
    words = _CODE.sub("◆", title[:MAX_TEXT])
    keys = [found["key"] or found["bare"] for found in _KEYED.finditer(words)]
    if keys:
        named = ", ".join(f"`{key.lower()}`" for key in dict.fromkeys(keys))
        verb = "is read as a word" if len(set(keys)) == 1 else "are read as words"
        yield _finding(source, item, task, keys[0], f"{named} {verb} of the title.")
    for key, pattern, known in (("after", _ORDER, task.after), ("proves", _PROOF, task.proves)):
        for found in pattern.finditer(words) if not keys else ():
            name = found["id"].upper()
            if name not in known and (name in ids or key == "proves") and name != task.task_id:
                message = f"“{found.group()}” is read as words, not as `{key}: {name}`."
                yield _finding(source, item, task, found.group(), message)
    for line in task.details[:MAX_TEXT].split("\n"):
        below = _BELOW.match(line)
        if below is not None:
            message = f"`{below['key'].lower()}:` under a task is read as a remark."
            yield _finding(source, item, task, line.strip(), message)


def _finding(source: Source, item: Item, task: SpecTask, words: str, message: str) -> Finding:
    return reading.LOOSE_DETAILS.finding(place_of_words(source, item, words, task.position), message, HINT)


def place_of_words(source: Source, item: Item, words: str, otherwise: Position) -> Position:
    """Where words first stand in an item's lines."""
    wanted = words.split("\n", maxsplit=1)[0].strip()
    for number in range(item.line, min(item.end_line, len(source.lines)) + 1):
        at = source.lines[number - 1].find(wanted) if wanted else -1
        if at >= 0:
            return source.position(number, at + 1)
    return otherwise
