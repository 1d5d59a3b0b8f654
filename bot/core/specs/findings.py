"""Findings put in order and kept to a number that people can read. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from bot.core.specs.model import Finding, Severity
from bot.core.specs.source import MAX_PER_RULE

MAX_FINDINGS = 200
"""Findings of one spec at most: four batches of annotations. Whoever has more mends the first ones and asks again."""


def in_line_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings as a reader goes through the file, equal ones once. Beyond `MAX_FINDINGS` errors go before warnings, and those before notices."""
    every = sorted(dict.fromkeys(findings), key=_place)
    if len(every) > MAX_FINDINGS:
        by_weight = sorted(every, key=lambda f: list(Severity).index(f.severity), reverse=True)
        every = sorted(by_weight[:MAX_FINDINGS], key=_place)
    return tuple(every)


def few_of_each(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """At most `MAX_PER_RULE` findings of each rule; the first one beyond says how many more there are."""
    given = tuple(findings)
    total = Counter(finding.rule for finding in given)
    seen: Counter[str] = Counter()
    few: list[Finding] = []
    for finding in given:
        seen[finding.rule] += 1
        if seen[finding.rule] <= MAX_PER_RULE:
            few.append(finding)
        elif seen[finding.rule] == MAX_PER_RULE + 1 < total[finding.rule]:
            message = f"{total[finding.rule] - MAX_PER_RULE:,} more of this kind from here on. {finding.message}"
            few.append(replace(finding, message=message))
        elif seen[finding.rule] == MAX_PER_RULE + 1:
            few.append(finding)
    return tuple(few)


def _place(finding: Finding) -> tuple[str, int, int, str, str]:
    return finding.position.path, finding.position.line, finding.position.column, finding.rule, finding.message
