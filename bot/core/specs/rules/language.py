"""SB3xx: words that leave open what is meant. Taste, so mostly notices."""

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.core.specs.model import Criterion, ProofKind, Severity, Spec, SpecFormat, Status
from bot.core.specs.rules.rule import LintContext, Remark, Rule

_QUOTED = re.compile(r"`[^`]*`|\"[^\"]*\"|“[^“”]*”")

_VAGUE = re.compile(
    r"\b(?=[acefghimnpqrstuvw])(?:(?<!fail )fast(?! forward| path| track)|faster|quick(?! pick| filter| start| link| fix| open| reply| action)|quickly|slow|user[- ]friendly|easy|easily|intuitive|intuitively|robust|appropriate|appropriately|properly|"
    r"efficient|efficiently|flexible|seamless|seamlessly|reasonable|reasonably|sensible|modern|scalable|as needed|if possible|"
    r"and so on|etc\b\.?|where applicable|state of the art|gracefully|meaningful|suitable|suitably|adequate|adequately|performant|smoothly|"
    r"production[- ]ready|highly available|in a timely manner|as expected|where possible|as [a-z]{1,20} as possible|works? well|performs? well|"
    r"looks? (?:nice|good)|the right thing|acceptable(?= (?:time|performance|quality|speed|level|latency|delay)))(?![\w-])",
    re.IGNORECASE,
)
_OBLIGATION = re.compile(r"\b(?:shall|must|should)\b", re.IGNORECASE)
_ASIDE = re.compile(
    r"\b(?:that|which|who|whom|what|when|where|how|than|as|if|because)\s+(?:[\w-]+\s+){0,2}(?:shall|must|should)\b",
    re.IGNORECASE,
)
"""An obligation that only says more about something else: “the file that must exist”."""

_STEP = re.compile(r"\b(?:GIVEN|WHEN|THEN|AND)\b")
"""In OpenSpec a criterion is a scenario behind its requirement's own sentence; each of its steps may demand something, as the format has it."""

_AGAIN = re.compile(r"\bTHEN\b")
_OPEN = re.compile(
    r"\b(?:TB[CD]|tb[cd]|TO-?DO|FIX-?ME)\b(?!/| (?:comment|placeholder|list|item|entr|marker|file|tag))|\?\?\?|[(\[]\s*(?i:to be) (?:determined|decided|defined|confirmed|clarified)\b|\[NEEDS CLARIFICATION\b[^\]]{0,200}\]?"
)
"""Marks of what is still to be decided; a “TODO list” is a thing that programs have."""


MAX_WORDS = 5_000
"""Characters of a criterion that are weighed word by word; one with more is no criterion that people read."""


def _own_words(criterion: Criterion) -> str:
    """The text without what it quotes."""
    return _unquoted(criterion.text[:MAX_WORDS])


@lru_cache(maxsize=512)
def _unquoted(text: str) -> str:
    return _QUOTED.sub(" ", text)


def _demand(criterion: Criterion) -> str:
    """What the criterion demands, without what triggers it."""
    return criterion.clause.response[:MAX_WORDS] if criterion.clause is not None else criterion.text[:MAX_WORDS]


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


def _demands(words: str) -> int:
    return len(_OBLIGATION.findall(words)) - len(_ASIDE.findall(words))


def _two_in_one(spec: Spec, context: LintContext) -> Iterator[Remark]:
    for criterion in spec.criteria:
        words = _unquoted(_demand(criterion))
        if spec.format is SpecFormat.OPENSPEC:
            demands = max(map(_demands, _STEP.split(words)[1:]), default=0)
        else:
            demands = _demands(words)
        if demands > 1 or (criterion.clause is not None and _AGAIN.search(words) is not None):
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
    criteria = ((c.criterion_id, c.position, _own_words(c)) for c in spec.criteria)
    tasks = ((task.task_id, task.position, task.title[:MAX_WORDS]) for task in spec.tasks if not task.skipped)
    for name, position, words in (*criteria, *tasks):
        found = _OPEN.search(words)
        # spec-kit's own mark is an error of its own, on its own line.
        if found is not None and not (spec.format is SpecFormat.SPECKIT and found.group().startswith("[")):
            yield Remark(
                position,
                f"{name} still holds an open question: `{found.group()[:60]}`.",
                "Answer it, or set `status: draft`.",
            )


OPEN_QUESTION = Rule(
    "SB303",
    "Open question in a criterion or a task",
    Severity.WARNING,
    "A spec that is ready is implemented as it stands. What is still to be decided would be decided by an agent.",
    check=_open_question,
)

_CODE = re.compile(r"`([^`]*)`")
_SYMBOL = re.compile(
    r"[A-Za-z_][\w.]{0,80}\([^()]{0,80}\)|[a-z]{2,40}(?:[A-Z][a-z]{1,40}){1,6}|(?:[A-Z][a-z]{1,40}){2,6}"
)
"""Names as programs give them to their own parts: `notify()`, `execFile`, `RetryPolicy`."""
_OTHER_QUOTED = re.compile(r"\"[^\"]*\"|“[^“”]*”")
_PART = r"(?:class|function|method|module|library|package|framework|decorator|middleware|mixin|helper|regex|regexp)"
_MARK = re.compile("[◇◆]")
_HINT = re.compile(
    r"\b(?:us(?:e|ing)|with|via|through|implement|calls?|calling|built|written|done|refactor|rename|add|create|introduce|extract)",
    re.IGNORECASE,
)
"""A word of each pattern in `_HOW`: most criteria have none, and are done with at once."""

_HOW = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:using|with|via|through)\s+(?:an?\s+|the\s+)?(?:[◇◆]|[A-Z]\w*|\w{{1,60}}_\w{{1,60}})\s+{_PART}\b",
        r"\b(?:using|via|through)\s+(?:an?\s+|the\s+)?[◇◆]\s+(?:table|column|hook|component|query|index)\b",
        r"(?i)\busing\s+(?:an?\s+|the\s+)?(?:[\w-]+\s+){0,2}(?:library|framework|thread|mutex|cache|queue|(?:for|while) loop|recursion)\b",
        r"(?i)\b(?:using|with|via)\s+(?:an?\s+|the\s+)?(?:[\w-]+\s+){0,2}(?:regex|regexp|regular expressions?|(?:helper|base|abstract|sub-?) ?class|"
        r"helper (?:function|method)|singleton|decorator|mixin|hash ?map|linked list|(?:database|lookup|hash|join) table|stored procedure)\b",
        r"(?i)\bimplement(?:s|ed|ing)?\b[^.;]{0,80}?\b(?:using|via|by means of|on top of|in terms of)\b",
        rf"(?i)\bimplement(?:s|ed|ing)?\b[^.;]{{0,80}}?\bwith\s+(?:an?\s+|the\s+)?(?:[◇◆]|[\w-]+\s+{_PART}\b)",
        r"(?i)\bcalls?\s+(?:the\s+)?(?:function|method|helper)\s+[◇◆]",
        r"(?i)\bcalls?\s+(?:the\s+)?[◇◆]\s+(?:function|method|helper)\b",
        r"(?i)\bby\s+calling\s+(?:the\s+)?(?:function\s+|method\s+|helper\s+)?[◇◆]",
        r"(?i)\b(?:shall|must|should)\s+use\s+(?:the\s+)?◆|\b(?:is|are|be)\s+(?:built|written|implemented|done)\s+(?:using|with|by|in|on)\s+(?:the\s+)?◆",
        r"(?i)\brefactor(?:s|ed|ing)?\b",
        r"(?i)\buses?\s+(?:an?\s+|the\s+)?(?:[\w/-]+\s+){0,2}(?:singleton|regex(?:es)?|regexp|regular expressions?|dependency injection|hash ?map|"
        r"linked list|list comprehension|mutex|decorator|(?:strategy|factory|observer|repository) pattern|async/await)\b",
        r"(?i)\A\W{0,9}(?:the code )?uses?\s+◆",
        r"(?i)\A\W{0,9}calls?\s+◆|\A\W{0,9}rename\s+(?:the\s+)?[◇◆]\s+to\s+[◇◆]",
        r"\bwritten in (?:TypeScript|JavaScript|Python|Rust|Java|Kotlin|Ruby)\b|(?i:\bvia the ORM\b)",
        r"(?i)\A\W{0,9}(?:(?:the )?(?:[\w-]+ ){0,3}(?:shall|must) )?(?:add|create|introduce|extract)\s+(?:an?\s+|the\s+)?(?:new\s+)?(?:(?:[\w-]+|[◇◆])\s+){0,2}"
        r"(?:class|method|function|module|migration|(?:database|table) (?:column|field|index)|helper)\b",
        r"(?i)\A\W{0,9}(?:add|create|introduce)\s+(?:an?\s+|the\s+)?(?:new\s+)?(?:(?:[\w-]+|[◇◆])\s+){0,2}(?:column|field|index)\b",
    )
)
"""Talk about the inside. Few patterns, each with a part of a program in it: a criterion may well speak of a table that people see."""


def _says_how(spec: Spec, context: LintContext) -> Iterator[Remark]:
    for criterion in spec.criteria:
        if criterion.kind is ProofKind.ACCEPT:
            continue
        words = _with_marks(_demand(criterion))
        hinted = _HINT.search(words) is not None
        found = next(
            (match for pattern in (_HOW if hinted else ()) if (match := pattern.search(words)) is not None), None
        )
        if found is not None:
            said = " ".join(_MARK.sub("…", found.group()).split())
            yield Remark(
                criterion.position,
                f"{criterion.criterion_id} says how, not what: “{said[:80]}”.",
                "Say what is seen from outside; what must be done this way stands under *Constraints*.",
            )


def _with_marks(text: str) -> str:
    """The text with a mark for each piece of code, which counts only by what is said about it: ◆ for the name of a program's own part."""
    marked = _CODE.sub(lambda code: "◆" if _SYMBOL.fullmatch(code[1].strip()) else "◇", text)
    return _OTHER_QUOTED.sub(" ", marked)


SAYS_HOW = Rule(
    "SB304",
    "Criterion that says how instead of what",
    Severity.NOTICE,
    "A criterion is what somebody can see from outside. One that names classes, functions or tables to be used binds the work without saying "
    "what for, and its proof looks at code instead of behaviour. Criteria marked `(accept)` may do so: there a person decides.",
    check=_says_how,
)

RULES = (VAGUE, TWO_IN_ONE, OPEN_QUESTION, SAYS_HOW)
