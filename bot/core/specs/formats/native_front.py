"""Front matter of a native spec that stands where none is read. Pure."""

import re
from collections.abc import Iterator
from itertools import islice

from bot.core.specs.blocks import BlockKind, Outline
from bot.core.specs.front_matter import FrontMatter, is_never_closed
from bot.core.specs.model import Finding
from bot.core.specs.rules import reading
from bot.core.specs.source import Source

_RULE = re.compile(r"[ \t]*(?:-{3,}|\+{3,})[ \t]*")
_KEY = re.compile(rf"[ \t]*(?P<key>{'|'.join(FrontMatter.model_fields)})[ \t]*[:=](?:[ \t]|$)")
_LANGUAGES = frozenset({"", "yaml", "yml", "toml"})

MAX_MISPLACED = 20
"""Places that are told; an author has one."""


def misplaced_front(source: Source, outline: Outline) -> Iterator[Finding]:
    """Keys of the front matter behind a rule across the page (`---`, `+++`) elsewhere in the file, in a block of YAML that opens it, or bare in
    front of everything. Nothing is said where real front matter is read."""
    if source.front:
        return
    keys = ((number, _KEY.match(source.lines[number - 1])) for number in _candidates(source, outline))
    for number, found in islice(((n, f) for n, f in keys if f is not None), MAX_MISPLACED):
        message = f"`{found['key']}` stands here as text: front matter is read only from the first line of the file on."
        hint = "Open the file with a line `---`, then the keys, then a line `---`."
        yield reading.MISPLACED_FRONT_MATTER.finding(source.position(number, found.start("key") + 1), message, hint)


def _candidates(source: Source, outline: Outline) -> Iterator[int]:
    """Lines at which keys would open, outside of code but for a block of YAML before everything else."""
    fences = [block for block in outline.blocks if block.kind in (BlockKind.FENCE, BlockKind.CODE)]
    code = {number for block in fences for number in range(block.line, block.end_line + 1)}
    behind_rule = True
    for number, line in enumerate(source.lines, 1):
        if number in code:
            opens = behind_rule and any(block.line == number and block.info in _LANGUAGES for block in fences[:1])
            if opens and number < len(source.lines):
                yield number + 1
            behind_rule = False
        elif line.strip():
            if behind_rule:
                yield number
            told_already = number == 1 and is_never_closed(source)
            behind_rule = _RULE.fullmatch(line) is not None and not told_already
