"""Lines of a `spec.md` that open like a criterion and are none to the reader: in a chapter of another kind, in HTML, in a quote, indented as code.
Each is told at its line. Pure.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from bot.core.specs.formats.foreign import Found, Page
from bot.core.specs.formats.speckit.chapters import Chapter, Stretch
from bot.core.specs.formats.speckit.criterion_ids import USUAL_PREFIXES, full_id, read_label
from bot.core.specs.model import Finding
from bot.core.specs.rules import reading

_OPENING = re.compile(r"[\s>]{0,40}(?:(?:[-*+]|\d{1,6}[.)]|[.)])\s+)?")
_CELL = re.compile(r"[\s>]{0,40}\|(?P<cell>[^|]{1,40})\|")
_WIDE = re.compile(r"[*_]{0,3}(?:FR|NFR|SC)-(?=\d*[^\x00-\x7F])\d{1,6}\b")
"""`FR-００１`: digits of another script name nothing that anybody could type into a command."""

_LOUD = re.compile(r"[*_]{1,3}given\b", re.IGNORECASE)
_WHOLE = re.compile(r"given\b[^\n]{0,2000}\b(?:when|then)\b", re.IGNORECASE)


def unread(
    page: Page, stretches: Sequence[Stretch], found: Sequence[Found], told: Collection[int]
) -> Iterator[Finding]:
    """Of all lines outside of fenced code but those in a criterion, and those that were `told`. An id that a criterion has is a mention of it."""
    taken = {number for one in found for number in range(one.position.line, one.position.end_line + 1)} | set(told)
    known = {one.criterion_id for one in found}
    prefixes = USUAL_PREFIXES | {one.criterion_id.rpartition("-")[0] for one in found}
    for stretch in stretches:
        if stretch.chapter is Chapter.FORM:
            continue
        for number in range(stretch.start, stretch.end + 1):
            line = page.lines[number - 1]
            name = "" if number in taken else _opens_like(line, stretch, prefixes)
            if name and name not in known:
                message = f"{name} stands where no criterion is read."
                hint = "Move it under *Requirements*, or as a scenario of its story under *Acceptance Scenarios*."
                position = page.source.position(number, page.source.indent(number) + 1)
                yield reading.STRAY_CRITERION.finding(position, message, hint)


def _opens_like(line: str, stretch: Stretch, prefixes: Collection[str]) -> str:
    """The id, or `This scenario`, that a line opens with; "" for another line. Elsewhere than among the requirements an id counts only in bold
    letters or alone in the first cell of a row."""
    among = stretch.chapter is Chapter.CRITERIA
    opening = _OPENING.match(line)
    text = line[opening.end() :] if opening is not None else line
    label = read_label(text)
    if label is not None and label.prefix in prefixes and (label.bold or among):
        return label.criterion_id
    cell = _CELL.match(line)
    own = full_id(cell["cell"]) if cell is not None else None
    if own is not None and own.rpartition("-")[0] in prefixes:
        return own
    wide = _WIDE.match(text)
    if wide is not None:
        return wide.group().strip("*_")
    whole = _WHOLE.match(text) is not None and not text.rstrip().endswith("?")
    return "This scenario" if whole or _LOUD.match(text) is not None else ""
