"""What a rule found: where, and in which words. Its weight stands in the table of all rules (`bot.core.proofs.tamper.RULES`)."""

from dataclasses import dataclass

from bot.core.proofs.diff_lines import DiffLine

QUOTED = 120
"""Characters of a line that are quoted in a message."""


@dataclass(frozen=True, slots=True)
class Spot:
    """`line` counts from 1 and is 0 where the whole file is meant; `before`: it is a line of the starting head and not of the candidate.

    `covers` is the content that a person's word about it is for: the line's text, or the file's blob where the whole file is meant.
    """

    rule: str
    path: str
    message: str
    line: int = 0
    before: bool = False
    covers: str = ""


def at_line(rule: str, path: str, line: DiffLine, message: str = "") -> Spot:
    """A finding on one line, with the line quoted. The message holds no number of a line: it shall be the same after a push above it."""
    quoted = f"`{line.text.strip()[:QUOTED]}`"
    return Spot(
        rule=rule,
        path=path,
        message=f"{message}: {quoted}" if message else quoted,
        line=line.old if line.removed else line.new,
        before=line.removed,
        covers=line.text.strip(),
    )
