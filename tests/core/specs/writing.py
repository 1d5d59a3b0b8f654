"""Short ways to write specs in tests, and to find what was said about them."""

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.formats.native import read_native
from bot.core.specs.linter import LintContext, lint
from bot.core.specs.model import Finding, Reading, Severity, Spec

PATH = "specs/0001-cut.md"

GOOD = """\
---
title: Cut long text at a word boundary
status: ready                            # draft: linted only
scope: [src/text/**, tests/text/**]      # what agents may write
keep: [python -m pytest -q tests]
budget: {usd: 2.50, minutes: 30}
depends: [specs/0007-unicode.md]
---

# Cut long text at a word boundary

## Intent

People read cut words badly.

## Context

Today `cut` cuts anywhere.

### History

It was written in a hurry.

## Constraints
- No new dependency.
- Python 3.11.

## Acceptance criteria
- **AC-1** Text no longer than the limit comes back unchanged.
  ```sh verify
  python -c "from text import cut; assert cut('abc', 3) == 'abc'"
  ```
- **AC-2** WHEN the text is longer THEN it is cut at the last space
  that fits.
  ```sh verify
  python -m pytest -q tests/text
  ```
- **AC-3** (accept) The result looks natural.

## Tasks
- [ ] **T-1** Add `cut()` (owns: `src/text/**`; proves: AC-1, AC-2)
- [x] **T-2** Show it (fast) (owns: `tests/text/**`; proves: AC-3; after: T-1)

## Out of scope

Hyphenation.
"""


def read(text: str | bytes) -> Reading:
    return read_native(PATH, text.encode() if isinstance(text, str) else text)


def spec(text: str) -> Spec:
    found = read(text).spec
    assert found is not None
    return found


def with_criteria(body: str) -> str:
    return f"# A spec\n\n## Acceptance criteria\n\n{body}\n"


def findings(
    text: str | bytes, *, tree: frozenset[str] | None = None, config: RepositoryConfig | None = None
) -> tuple[Finding, ...]:
    return lint(read(text), LintContext(tree, config or RepositoryConfig()))


def told(
    text: str | bytes, *, tree: frozenset[str] | None = None, config: RepositoryConfig | None = None
) -> list[tuple[str, int]]:
    """(rule, line) of every finding."""
    return [(f.rule, f.position.line) for f in findings(text, tree=tree, config=config)]


def only(text: str, rule: str, **more: frozenset[str] | None) -> Finding:
    """The one finding of that rule."""
    found = [f for f in findings(text, **more) if f.rule == rule]
    assert len(found) == 1, found
    return found[0]


def errors(text: str | bytes) -> list[tuple[str, int]]:
    return [(f.rule, f.position.line) for f in findings(text) if f.severity is Severity.ERROR]
