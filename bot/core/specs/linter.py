"""The linter: every rule asked about one spec. Pure.

The reader's findings come first; a spec that could not be read has only those. Configuration may change the severity of a rule or silence it,
unless the rule is `fixed`.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from types import MappingProxyType

from bot.core.specs.findings import in_line_order
from bot.core.specs.model import Finding, Reading, Severity
from bot.core.specs.rules import foreign, hygiene, language, paths, proof, reading, running, structure
from bot.core.specs.rules.rule import LintContext, Remark, Rule

__all__ = ["RULES", "RULES_BY_ID", "LintContext", "lint"]

RULES: tuple[Rule, ...] = (
    *reading.RULES,
    *structure.RULES,
    *paths.RULES,
    *sorted((*proof.RULES, *running.RULES), key=lambda rule: rule.rule_id),
    *language.RULES,
    *hygiene.RULES,
    *foreign.RULES,
)
"""Every rule, in the order of the ids."""

_FIXED = frozenset(rule.rule_id for rule in RULES if rule.fixed)

RULES_BY_ID: Mapping[str, Rule] = MappingProxyType({rule.rule_id: rule for rule in RULES})

MAX_PER_RULE = 20
"""Remarks of one rule on one spec, errors aside. A long list written in one habit breaks one rule in every item, and is mended as a whole; what
else there is to say must not drown in it."""


def lint(read: Reading, context: LintContext) -> tuple[Finding, ...]:
    """All findings on one spec, the reader's own included, in line order, with the severities of the configuration and without what it silences."""
    wanted = dict(context.config.severities)
    silenced = frozenset(context.config.silenced) - _FIXED
    findings = [*read.findings, *_checked(read, context, silenced)]
    return in_line_order(_weighed(finding, wanted) for finding in findings if finding.rule not in silenced)


def _checked(read: Reading, context: LintContext, silenced: Set[str]) -> Iterator[Finding]:
    if read.spec is None:
        return
    for rule in RULES:
        if rule.check is not None and rule.rule_id not in silenced:
            for remark in _told(rule, tuple(rule.check(read.spec, context))):
                yield rule.finding(remark.position, remark.message, remark.hint)


def _told(rule: Rule, remarks: Sequence[Remark]) -> Sequence[Remark]:
    """What is told of one rule's remarks: every error, the first ones of the others and how many more there are."""
    rest = () if rule.severity is Severity.ERROR else remarks[MAX_PER_RULE:]
    if not rest:
        return remarks
    more = (
        "One more like those above."
        if len(rest) == 1
        else f"{len(rest):,} more like those above, the first of them here."
    )
    return (*remarks[:MAX_PER_RULE], Remark(rest[0].position, more))


def _weighed(finding: Finding, wanted: Mapping[str, Severity]) -> Finding:
    severity = wanted.get(finding.rule)
    return finding if severity is None or finding.rule in _FIXED else replace(finding, severity=severity)
