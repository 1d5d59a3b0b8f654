"""The text of a spec that an agent wrote: put together by code, read and linted at once, and changed in two places only. Pure."""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

from bot.core.orchestration.questions import Answer, Question
from bot.core.plain_yaml import entry, number
from bot.core.policy.model import RepositoryConfig
from bot.core.specs.layouts import SpecPlace
from bot.core.specs.linter import LintContext, lint
from bot.core.specs.model import BudgetWish, Reading, SpecFormat, Status
from bot.core.specs.read import format_of

NO_WISH = BudgetWish()

DECISIONS = "## Decisions"
"""The section that holds what people answered."""

_STATUS = re.compile(r"^status:[ \t]*(?P<value>draft|ready)[ \t]*$", re.MULTILINE)
_FRONT = re.compile(r"\A---[ \t]*\n.*?^---[ \t]*$", re.DOTALL | re.MULTILINE)
_SECTION = re.compile(rf"\n*^{DECISIONS}[ \t]*$.*?(?=^#{{1,2}} |\Z)", re.DOTALL | re.MULTILINE)
_TITLE = re.compile(r"\A\s*#[ \t]+[^\n]*\n")


@dataclass(frozen=True, slots=True)
class SpecDraft:
    """What a spec author hands in: the spec in parts, and what it could not know. `body` is Markdown from its first section on, `keep` holds
    commands, `scope` gitignore patterns."""

    title: str
    body: str
    scope: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    summary: str = ""


def spec_text(draft: SpecDraft, status: Status, budget: BudgetWish = NO_WISH) -> str:
    """The whole file. What is wrong with it, reading it tells."""
    lines = [f"status: {status.value}"]
    for key, texts in (("scope", draft.scope), ("keep", draft.keep)):
        lines += entry(key, texts) if texts else ()
    if budget != NO_WISH:
        wishes = (("usd", budget.usd), ("tokens", budget.tokens), ("minutes", budget.minutes))
        lines.append(f"budget: {{{', '.join(f'{key}: {number(wish)}' for key, wish in wishes if wish is not None)}}}")
    front = "\n".join(["---", *lines, "---"])
    body = _TITLE.sub("", draft.body).strip()
    return f"{front}\n\n# {draft.title}\n\n{body}\n"


def read_spec(path: str, text: str, others: Set[str], config: RepositoryConfig) -> Reading:
    """The native spec that `text` at `path` would be, linted among the tree's `others` (paths)."""
    place = SpecPlace(path, SpecFormat.NATIVE)
    reading = format_of(place).read(place, {path: text.encode("utf-8", "replace")}, config)
    depends: Mapping[str, Sequence[str]] = {path: reading.spec.depends} if reading.spec else {}
    context = LintContext(frozenset({*others, path}), config, {name: tuple(on) for name, on in depends.items()})
    return replace(reading, findings=lint(reading, context))


def is_draft(text: str) -> bool:
    """Whether the front matter says so."""
    found = _status(text)
    return found is not None and found["value"] == Status.DRAFT


def brought_into_force(text: str) -> str:
    """The same spec with `status: ready`; unchanged where its front matter says no `draft`."""
    found = _status(text)
    if found is None or found["value"] != Status.DRAFT:
        return text
    return f"{text[: found.start('value')]}{Status.READY.value}{text[found.end('value') :]}"


def with_decisions(text: str, questions: Sequence[Question], answers: Sequence[Answer]) -> str:
    """The spec with the answers in its last section, in place of an earlier one."""
    plain = _SECTION.sub("\n\n", text).rstrip() + "\n"
    if not answers:
        return plain
    said = "\n".join(f"- {_decision(questions[answer.number - 1], answer)}" for answer in answers)
    return f"{plain}\n{DECISIONS}\n\n{said}\n"


def _decision(question: Question, answer: Answer) -> str:
    who = f"decided by {answer.by}" if answer.by else "as recommended; nobody chose"
    return f"{question.text} **{question.choices[answer.choice]}** ({who})"


def _status(text: str) -> re.Match[str] | None:
    front = _FRONT.match(text)
    return _STATUS.search(text, 0, front.end()) if front else None
