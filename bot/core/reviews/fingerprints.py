"""The same finding at another commit: told by its path, its class and what stands on its lines, never by their numbers. Pure.

A push above it moves a finding without making it a new one; a push that changes its lines makes what is said about them worth saying again.
Two findings of one class on equal lines of one file count as one: a review is better too short than said twice.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from bot.core.reviews.model import ReviewFinding
from bot.ids import Digest


def lines_of(content: bytes) -> tuple[str, ...]:
    """A file's lines; only `\\n` ends one, as in a diff."""
    lines = content.decode("utf-8", "replace").split("\n")
    return tuple(lines[:-1] if lines[-1] == "" else lines)


def normalised(lines: Sequence[str]) -> str:
    """Lines without what re-indenting and re-wrapping of blanks changes."""
    return "\n".join(" ".join(line.split()) for line in lines)


def about(finding: ReviewFinding, lines: Sequence[str]) -> str:
    """What stands on the finding's lines, normalised; "" when the file has no such lines."""
    return normalised(lines[finding.line - 1 : finding.last_line]) if finding.last_line <= len(lines) else ""


def fingerprint(finding: ReviewFinding, lines: Sequence[str]) -> Digest:
    """The finding's fingerprint in a file of these lines."""
    return digest_of(finding.path, finding.kind, about(finding, lines))


def digest_of(path: str, kind: str, content: str) -> Digest:
    """The fingerprint of a class of problem on normalised content of a file."""
    text = "\n".join((path, kind, content))
    return Digest(hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())


def moved(finding: ReviewFinding, lines: Sequence[str]) -> ReviewFinding | None:
    """The finding where its lines stand now, the nearest of several places; None when they stand nowhere any more."""
    height = finding.last_line - finding.line + 1
    single = [normalised([line]) for line in lines]
    starts = [
        start
        for start in range(1, len(lines) - height + 2)
        if digest_of(finding.path, finding.kind, "\n".join(single[start - 1 : start - 1 + height]))
        == finding.fingerprint
    ]
    if not starts:
        return None
    start = min(starts, key=lambda one: abs(one - finding.line))
    return replace(finding, line=start, end_line=start + height - 1 if height > 1 else 0)
