"""Findings put in order and kept to a number that people can read. Pure."""

from collections.abc import Iterable

from bot.core.specs.model import Finding, Severity

MAX_FINDINGS = 200
"""Findings of one spec at most: four batches of annotations. Whoever has more mends the first ones and asks again."""


def in_line_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings as a reader goes through the file, equal ones once. Beyond `MAX_FINDINGS` errors go before warnings, and those before notices."""
    every = sorted(dict.fromkeys(findings), key=_place)
    if len(every) > MAX_FINDINGS:
        by_weight = sorted(every, key=lambda f: list(Severity).index(f.severity), reverse=True)
        every = sorted(by_weight[:MAX_FINDINGS], key=_place)
    return tuple(every)


def _place(finding: Finding) -> tuple[str, int, int, str, str]:
    return finding.position.path, finding.position.line, finding.position.column, finding.rule, finding.message
