"""A reviewer's finding, and what came of its command."""

from dataclasses import dataclass

from bot.core.proofs.model import Executed
from bot.ids import Digest

SEVERITIES = ("high", "medium", "low")
"""The reviewer's own scale, worst first; an unknown word sorts last."""

BLOCKING = frozenset({"high", "medium"})
"""Severities that may stop a merge once they are reproduced. `low` is what will hurt later: that is worth a remark, and no reason to keep from
merging what does today what its spec says."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a finding's command. `reproduced`: it failed twice on the reviewed tree, for a reason that is the code's. `why` says in words what it
    showed there; `base` is what it showed before the change. `passes`: it was green there, so nothing is left of what the finding says."""

    reproduced: bool
    why: str
    candidate: Executed | None = None
    again: Executed | None = None
    base: Executed | None = None
    passed_before: bool = False
    passes: bool = False


@dataclass(frozen=True, slots=True)
class ReviewFinding:
    """One remark of the reviewer on the new side of the diff.

    It is about the lines `line` to `end_line` (0: only `line`). `suggestion` is text for exactly these lines, None when there is none ("" takes them
    out). `reproduce` is a command that fails while the finding holds, "" when there is none. `kind` is one of the reviewer's few classes of
    problems. `fingerprint` tells the same finding at another commit (`bot.core.reviews.fingerprints`), "" before it was looked at.
    """

    path: str
    line: int
    severity: str
    message: str
    end_line: int = 0
    suggestion: str | None = None
    reproduce: str = ""
    kind: str = ""
    fingerprint: Digest = Digest("")
    tried: Tried | None = None

    @property
    def last_line(self) -> int:
        return max(self.line, self.end_line)

    @property
    def reproduced(self) -> bool:
        return self.tried is not None and self.tried.reproduced

    @property
    def blocks(self) -> bool:
        """Whether it is grave enough and shown well enough to stop a merge, where the owners allow that at all."""
        return self.reproduced and self.severity in BLOCKING


def weight(finding: ReviewFinding) -> int:
    """For sorting, the worst first."""
    return SEVERITIES.index(finding.severity) if finding.severity in SEVERITIES else len(SEVERITIES)
