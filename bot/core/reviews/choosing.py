"""Which of a reviewer's findings are told at all: each once, none that was told or dismissed before, none that somebody else's check says on the same
lines, the worst first, and no more than the owners want to read. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.core.pulls import Annotation
from bot.core.reviews.fingerprints import fingerprint, lines_of
from bot.core.reviews.model import ReviewFinding, weight
from bot.ids import Digest


@dataclass(frozen=True, slots=True)
class Chosen:
    """The findings to tell, ranked. `known` were told or dismissed before, `elsewhere` are said by another check, `beyond` are more than were wanted."""

    findings: tuple[ReviewFinding, ...]
    known: int = 0
    elsewhere: int = 0
    beyond: int = 0


@dataclass(frozen=True, slots=True)
class Before:
    """What was said before: fingerprints of findings that stand in an earlier review or were dismissed, and by command those of findings that have a row."""

    fingerprints: frozenset[Digest] = frozenset()
    commands: Mapping[str, Digest] = field(default_factory=dict)


def placed(findings: Iterable[ReviewFinding], contents: Mapping[str, bytes]) -> tuple[ReviewFinding, ...]:
    """The findings with their fingerprints. `contents` are the files of the reviewed tree by path; on a file or line that it does not have, the words alone
    tell a finding from another, and nothing can be suggested."""
    return tuple(_known_place(one, contents) for one in findings)


def choose(findings: Iterable[ReviewFinding], before: Before, annotations: Sequence[Annotation], most: int) -> Chosen:
    """What is told of `placed` findings; `annotations` are what other checks say about the same commit."""
    fresh: dict[Digest, ReviewFinding] = {}
    for finding in sorted(findings, key=_rank):
        fresh.setdefault(finding.fingerprint, finding)
    new = [one for one in fresh.values() if not _said(one, before)]
    ours = [one for one in new if not said_elsewhere(one, annotations)]
    return Chosen(tuple(ours[:most]), len(fresh) - len(new), len(new) - len(ours), max(len(ours) - most, 0))


def said_elsewhere(finding: ReviewFinding, annotations: Sequence[Annotation]) -> bool:
    """Whether another check has annotated these very lines. What comes with a command stays: a linter does not run the code."""
    return not finding.reproduce and any(
        one.path == finding.path and one.start_line <= finding.last_line and finding.line <= one.end_line
        for one in annotations
    )


def command_of(finding: ReviewFinding) -> str:
    """The finding's command as two of them are compared."""
    return " ".join(finding.reproduce.split())


def _said(finding: ReviewFinding, before: Before) -> bool:
    """A row keeps its own finding: whether that stands in a review already is another question."""
    of_row = before.commands.get(command_of(finding)) if finding.reproduce else None
    return finding.fingerprint in before.fingerprints or of_row not in (None, finding.fingerprint)


def _rank(finding: ReviewFinding) -> tuple[int, bool]:
    """Of equal weight, what can be shown comes first."""
    return weight(finding), not finding.reproduce


def _known_place(finding: ReviewFinding, contents: Mapping[str, bytes]) -> ReviewFinding:
    """The finding with its fingerprint, and with a suggestion only where it is a change that can be taken as it is."""
    lines = lines_of(contents.get(finding.path, b""))
    if not 1 <= finding.line <= len(lines):
        finding = replace(finding, end_line=0)
    elif finding.last_line > len(lines):
        finding = replace(finding, end_line=len(lines))
    # Without lines the message has to tell one finding from another.
    nowhere = not 1 <= finding.line <= len(lines)
    kind = f"{finding.kind}\n{' '.join(finding.message.split())}" if nowhere else finding.kind
    found = fingerprint(replace(finding, kind=kind), lines)
    return replace(finding, fingerprint=found, suggestion=_suggestion(finding, lines))


def _suggestion(finding: ReviewFinding, lines: Sequence[str]) -> str | None:
    """None when it says what stands there already, or when nothing stands there that it could replace."""
    if finding.suggestion is None or not 1 <= finding.line <= finding.last_line <= len(lines):
        return None
    now = "\n".join(lines[finding.line - 1 : finding.last_line])
    return None if finding.suggestion.removesuffix("\n") == now or "\r" in now else finding.suggestion
