"""What a rule is: a stable id, a severity, a reason to exist; lint rules also have a check."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.model import Finding, Fix, Position, Severity, Spec


@dataclass(frozen=True, slots=True)
class LintContext:
    """What a rule may know besides the spec. `tree_paths` are the files of the head's tree, None when there is no tree. `depends` has what the
    specs that are read together name under `depends`, by their paths."""

    tree_paths: frozenset[str] | None
    config: RepositoryConfig
    depends: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Remark:
    """What a check found, before it has a rule's id and severity."""

    position: Position
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule. `fixed` rules keep their severity whatever the configuration says: without them nothing could be trusted.

    `fixable` rules have findings that `specbot lint --fix` mends. `check` is None for what the reader itself finds; `explanation` is a paragraph
    for people, which opens the rule's page (`bot/reporting/rules`).
    """

    rule_id: str
    title: str
    severity: Severity
    explanation: str
    fixed: bool = False
    check: Callable[[Spec, LintContext], Iterable[Remark]] | None = None
    fixable: bool = False

    def finding(self, position: Position, message: str, hint: str = "", fix: Fix | None = None) -> Finding:
        return Finding(self.rule_id, self.severity, message, hint, position, fix)
