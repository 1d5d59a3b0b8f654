"""A reviewer's proposed lines as a block that GitHub can apply with one click, or as plain text where it cannot.

What is applied becomes code, so the text has to arrive exactly as it is: where it would have to be masked or made inert, it is only shown. Only a range
whose lines all lie in one hunk of the diff's new side can be replaced (GitHub REST, pull request reviews).
"""

import re

from bot.core.diffs import CommentableLines
from bot.core.reviews.model import ReviewFinding
from bot.core.visible import visible
from bot.reporting.masking import Redactor
from bot.reporting.sanitize import fence

_COMMAND = re.compile(r"^[ \t]*/[A-Za-z][\w-]*(?:[ \t]|$)", re.MULTILINE)
"""A line that other bots may take for a command to them."""

MOST_BYTES = 16_000
"""Of a suggestion. A fix that is longer is no small fix, and must not be cut: half of it would be applied."""


def applies(finding: ReviewFinding, lines: CommentableLines, redactor: Redactor) -> bool:
    """Whether the finding's suggestion can be taken exactly as it is, and its lines are all there to be replaced."""
    text = finding.suggestion
    if text is None or len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        return False
    hunk = lines.hunk(finding.path, finding.line)
    exact = visible(text) == text == redactor.mask(text) and "\r" not in text and not _COMMAND.search(text)
    return exact and hunk is not None and finding.last_line <= hunk.last


def suggestion(text: str) -> str:
    """The block; nothing inside can close it."""
    content = text.removesuffix("\n")
    ticks = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", content)), default=0))
    return f"{ticks}suggestion\n{content}\n{ticks}" if text else f"{ticks}suggestion\n{ticks}"


def proposed(text: str) -> str:
    """The same as text that is only read."""
    return f"Proposed instead:\n\n{fence(text)}" if text.strip() else "Proposed: take it out."
