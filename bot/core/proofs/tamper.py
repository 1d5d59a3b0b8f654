"""Tamper rules on the difference between the starting head and the candidate.

HARD findings make every verdict worthless. SOFT ones are said and left to a person: most are inert already, because the trusted
files of the starting head are laid over the candidate before anything is executed.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from bot.core.patterns import BadPattern, PathPatterns, path_patterns, readable_patterns
from bot.core.ports.git import ChangedFile, ChangeKind
from bot.core.proofs.added_lines import AddedLine, added_lines
from bot.core.proofs.model import TamperFinding, TamperWeight
from bot.core.proofs.trusted import TrustedPaths
from bot.errors import ConfigFault

RULES = {
    "TP101": (TamperWeight.HARD, "a trusted test file was deleted"),
    "TP102": (TamperWeight.HARD, "a protected path was changed"),
    "TP103": (TamperWeight.HARD, "a spec was changed by the agent"),
    "TP104": (TamperWeight.HARD, "a contract was changed"),
    "TP105": (TamperWeight.HARD, "the change names the harness that judges it"),
    "TP201": (TamperWeight.SOFT, "a trusted test was changed"),
    "TP202": (TamperWeight.SOFT, "the test runner's configuration was changed"),
    "TP203": (TamperWeight.SOFT, "a dependency was added or changed"),
    "TP204": (TamperWeight.SOFT, "a test was marked to be skipped"),
    "TP205": (TamperWeight.SOFT, "the code does something of its own when it is tested"),
}
"""Every rule with its weight and title; ids are stable."""

FINDINGS_PER_RULE = 20
"""Findings listed for one rule; a change that trips more is told by the count."""

QUOTED = 120
"""Characters of an added line that are quoted in a message."""

_SKIPS = re.compile(
    r"pytest\.mark\.(?:skip|skipif|xfail)\b|pytest\.(?:skip|xfail|importorskip)\s*\("
    r"|unittest\.(?:skip|expectedFailure)|@(?:skip|expectedFailure)\b|\.skipTest\s*\("
    r"|\b(?:it|test|describe)\.(?:skip|todo)\b|\bx(?:it|describe|test)\s*\(|\bt\.Skip(?:f|Now)?\s*\("
)
_HARNESS = re.compile(
    r"SPECBOT_(?:REPORT|CANARY|DEPTH|TREE|NESTED|STUBS|NODE_RUNNER|JEST_CANARY)|\bspecbot_(?:pytest|main|unittest|stubs|node|jest|report)\b"
    r"|\bspecbot::|(?i:specbot_?canary)|/(?:opt|run)/specbot\b"
)
"""Names that only the harness has (its FORMAT.md). Code that must know them to work wants to forge what the harness reports."""

_PROSE = (".md", ".rst", ".txt")

_TESTED = re.compile(
    r"PYTEST_CURRENT_TEST|[\"'](?:pytest|unittest)[\"']\s+(?:not\s+)?in\s+sys\.modules|\b_pytest\b|\bpytest\.Function\b|\bos\._exit\s*\("
    r"|/proc/self/environ|\bsys\.(?:excepthook|settrace|setprofile)\s*=|\bdef __eq__\(.*\).*:\s*return True\b"
)
_EQUALS = re.compile(r"\s*def __eq__\(")
_TRUE = re.compile(r"\s*return True\s*(?:#.*)?$")
"""What code does that wants to look right: ask whether a test is running, patch or end the runner, be equal to everything."""

_VERSION = r"[\"'][\^~<>=v*]*\s*[\d*][^\"']*[\"']"
_DEPENDENCIES = (
    ("*requirements*.txt", re.compile(r"\s*[A-Za-z0-9-]")),
    ("*requirements*.in", re.compile(r"\s*[A-Za-z0-9-]")),
    ("pyproject.toml", re.compile(rf"\s*[\"'][A-Za-z0-9][\w.-]*\s*(?:\[[^\]]*\])?\s*(?:[<>=!~;@(].*)?[\"'],?\s*(?:#.*)?$|(?:.*\b)?(?:dependencies|requires)\s*=|\s*(?!(?:target-|min)?version\b)[\w.-]+\s*=\s*{_VERSION}")),
    ("setup.cfg", re.compile(r"\s+[A-Za-z0-9][\w.-]*\s*(?:[<>=!~;\[].*)?$|install_requires")),
    ("setup.py", re.compile(r".*(?:install_requires|extras_require)|\s*[\"'][A-Za-z0-9][\w.-]*\s*[<>=!~;\[]")),
    ("package.json", re.compile(rf"\s*\"[@\w./-]+\"\s*:\s*{_VERSION}")),
    ("Pipfile", re.compile(r"\s*[\w.-]+\s*=")),
    ("Cargo.toml", re.compile(rf"\s*[\w-]+\s*=\s*(?:{_VERSION}|\{{)")),
    ("go.mod", re.compile(r"\s*(?:require\s+)?[\w.-]+\.[\w.-]+/\S+\s+v\d")),
    ("Gemfile", re.compile(r"\s*gem\s")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Guarded:
    """What the rules guard. `protected` and `removes` are gitignore patterns (`removes`: what the specs name as meant to go),
    `specs` and `contracts` exact paths."""

    trusted: TrustedPaths
    protected: Sequence[str] = ()
    specs: Collection[str] = ()
    contracts: Collection[str] = ()
    removes: Sequence[str] = ()


def tampering(changes: Sequence[ChangedFile], diff: str, guarded: Guarded) -> tuple[TamperFinding, ...]:
    """All findings, by rule and path. `changes` and `diff` are both from the starting head's tree to the candidate's.

    Raises `ConfigFault` when a protected pattern cannot be read.
    """
    try:
        protected = path_patterns(guarded.protected)
    except BadPattern as error:
        hint = "mend the pattern under `protected` in .github/specbot.yml"
        raise ConfigFault(f"a protected pattern cannot be read: it {error}", hint=hint) from error
    removes = readable_patterns(guarded.removes)
    found = [finding for change in changes for finding in _of_change(change, guarded, protected, removes)]
    found += _of_lines(added_lines(diff), guarded.trusted, removes)
    return tuple(_capped(sorted(found, key=lambda finding: (finding.rule, finding.path, finding.message))))


def _of_change(
    change: ChangedFile, guarded: Guarded, protected: PathPatterns, removes: PathPatterns
) -> Iterator[TamperFinding]:
    path, deleted = change.path, change.kind is ChangeKind.DELETED
    done = {ChangeKind.ADDED: "added", ChangeKind.DELETED: "deleted", ChangeKind.TYPE: "turned into something else"}
    what = done.get(change.kind, "changed")
    if pattern := protected.deciding(path):
        yield _finding("TP102", path, f"it was {what}, and `{pattern}` is protected")
    if path in guarded.specs:
        yield _finding("TP103", path, f"the spec was {what}: only people say what is wanted")
    if path in guarded.contracts:
        yield _finding("TP104", path, f"the contract was {what}: it is locked")
    elif guarded.trusted.is_test(path):
        if deleted:
            if not removes.matches(path):
                yield _finding("TP101", path, "it was deleted, and no spec names it under `removes:`")
        elif change.kind is not ChangeKind.ADDED:
            yield _finding("TP201", path, f"it was {what}; the proofs ran with the version of the starting head")
    elif guarded.trusted.covers(path):
        yield _finding("TP202", path, f"it was {what}; the proofs ran with the version of the starting head")


def _of_lines(lines: Sequence[AddedLine], trusted: TrustedPaths, removes: PathPatterns) -> Iterator[TamperFinding]:
    """One finding a file and rule, at its first line."""
    seen: set[tuple[str, str]] = set()
    before = ""
    for added in lines:
        for rule in _rules_of_line(added, before, trusted, removes):
            if (rule, added.path) not in seen:
                seen.add((rule, added.path))
                yield _finding(rule, added.path, f"line {added.line}: `{added.text.strip()[:QUOTED]}`")
        before = added.text[: 4 * QUOTED]


def _rules_of_line(added: AddedLine, before: str, trusted: TrustedPaths, removes: PathPatterns) -> Iterator[str]:
    """`before` is the added line before it: a method that is always true takes two."""
    name = added.path.rpartition("/")[2]
    text = added.text[: 4 * QUOTED]
    if any(fnmatchcase(name, pattern) and line.match(text) for pattern, line in _DEPENDENCIES):
        yield "TP203"
    elif _SKIPS.search(text):
        yield "TP204"
    if name.endswith(_PROSE):
        return
    if _HARNESS.search(added.text) and not removes.matches(added.path):
        yield "TP105"
    if not trusted.covers(added.path) and (_TESTED.search(text) or (_TRUE.match(text) and _EQUALS.match(before))):
        yield "TP205"


def _finding(rule: str, path: str, message: str) -> TamperFinding:
    return TamperFinding(rule, RULES[rule][0], path, message)


def _capped(findings: Sequence[TamperFinding]) -> Iterator[TamperFinding]:
    for rule in RULES:
        of_rule = [finding for finding in findings if finding.rule == rule]
        yield from of_rule[:FINDINGS_PER_RULE]
        if len(of_rule) > FINDINGS_PER_RULE:
            left = len(of_rule) - FINDINGS_PER_RULE
            yield _finding(rule, of_rule[FINDINGS_PER_RULE].path, f"and {left} more: {RULES[rule][1]}")
