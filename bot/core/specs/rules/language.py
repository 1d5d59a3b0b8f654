"""SB3xx: words that leave open what is meant. Taste, so mostly notices."""

import re
from collections.abc import Iterator

from bot.core.specs.model import Criterion, ProofKind, Severity, Spec, Status
from bot.core.specs.rules.rule import LintContext, Remark, Rule

_QUOTED = re.compile(r"`[^`]*`|\"[^\"]*\"|“[^”]*”")

_VAGUE = re.compile(
    r"\b(?:fast|faster|quick|quickly|slow|user[- ]friendly|easy|easily|intuitive|intuitively|robust|appropriate|appropriately|properly|"
    r"efficient|efficiently|flexible|seamless|seamlessly|reasonable|reasonably|sensible|modern|scalable|as needed|if possible|"
    r"and so on|etc\b\.?|where applicable|state of the art)(?![\w-])",
    re.IGNORECASE,
)
_OBLIGATION = re.compile(r"\b(?:shall|must)\b", re.IGNORECASE)
_OPEN = re.compile(r"\b(?:TBD|TO-?DO|FIX-?ME)\b|\?\?\?|\[NEEDS CLARIFICATION\b[^\]]{0,200}\]?")


MAX_WORDS = 5_000
"""Characters of a criterion that are weighed word by word; one with more is no criterion that people read."""


def _own_words(criterion: Criterion) -> str:
    """The text without what it quotes."""
    return _QUOTED.sub(" ", criterion.text[:MAX_WORDS])


def _vague(spec: Spec, context: LintContext) -> Iterator[Remark]:
    for criterion in spec.criteria:
        words = {found.group().lower() for found in _VAGUE.finditer(_own_words(criterion))}
        if words and criterion.kind is not ProofKind.ACCEPT:
            named = ", ".join(f"“{word}”" for word in sorted(words)[:5])
            yield Remark(
                criterion.position,
                f"{criterion.criterion_id} says {named}: two people may read that differently.",
                "Say what can be observed: a number, a message, a result.",
            )


VAGUE = Rule(
    "SB301",
    "Vague word in a criterion",
    Severity.NOTICE,
    "Words such as “fast” or “user-friendly” mean something else to each reader, so neither a command nor a person can say for sure whether "
    "the criterion is met. Criteria marked `(accept)` may use them: there a person decides.",
    check=_vague,
)


def _two_in_one(spec: Spec, context: LintContext) -> Iterator[Remark]:
    for criterion in spec.criteria:
        if len(_OBLIGATION.findall(_own_words(criterion))) > 1:
            yield Remark(
                criterion.position,
                f"{criterion.criterion_id} demands more than one thing.",
                "Split it, so that each demand gets its own verdict.",
            )


TWO_IN_ONE = Rule(
    "SB302",
    "Two requirements in one criterion",
    Severity.NOTICE,
    "A criterion has one verdict. When it demands two things, one that holds and one that does not, the verdict says neither.",
    check=_two_in_one,
)


def _open_question(spec: Spec, context: LintContext) -> Iterator[Remark]:
    if spec.status is Status.DRAFT:
        return
    for criterion in spec.criteria:
        found = _OPEN.search(_own_words(criterion))
        if found is not None:
            yield Remark(
                criterion.position,
                f"{criterion.criterion_id} still holds an open question: `{found.group()[:60]}`.",
                "Answer it, or set `status: draft`.",
            )


OPEN_QUESTION = Rule(
    "SB303",
    "Open question in a criterion",
    Severity.WARNING,
    "A spec that is ready is implemented as it stands. What is still to be decided would be decided by an agent.",
    check=_open_question,
)

RULES = (VAGUE, TWO_IN_ONE, OPEN_QUESTION)
