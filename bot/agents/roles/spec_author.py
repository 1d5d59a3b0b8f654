"""The spec author: reads an issue and the code, and writes the spec of it. It can change nothing; code writes the file."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.agents.material import material, one_line, tree_listing
from bot.agents.outcome import AgentOutcome
from bot.agents.prompts import render
from bot.agents.roles.repository_ways import root_ways
from bot.agents.roles.role import Opening, Role
from bot.agents.tools.blocked import BLOCKED
from bot.agents.tools.finish_spec import FINISH_SPEC, SPEC_DRAFT
from bot.agents.tools.list import LIST
from bot.agents.tools.read import READ
from bot.agents.tools.search import SEARCH
from bot.core.orchestration.questions import MOST_QUESTIONS
from bot.core.orchestration.spec_text import SpecDraft
from bot.core.specs.conventions import Conventions
from bot.core.specs.hidden import hidden_spans, without
from bot.core.specs.model import Finding

NAME = "spec_author"

ISSUE_CHARACTERS = 20_000
"""Of the issue's own text (about 5,000 tokens): whoever writes more has a spec already."""

TALK_CHARACTERS = 30_000
"""Of the conversation below it, the newest first to be kept: what was agreed last counts."""

TREE_CHARACTERS = 6_000
"""Of the listing (about 1,500 tokens); `list` shows the rest."""

SPEC_CHARACTERS = 40_000
MOST_FINDINGS = 20
"""Told at once: after twenty a spec is better written anew."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody said: their login, and the text as it was typed."""

    by: str
    text: str


@dataclass(frozen=True, slots=True)
class SpecBriefing:
    """What the spec author is told. `current` is the spec as it stands on its branch, "" for none; `answers` are sentences on what people chose, and
    `example` a spec of this repository, both may be empty. `paths` are the files of the target branch."""

    path: str
    title: str
    issue: Remark
    talk: tuple[Remark, ...]
    found: Conventions
    paths: tuple[str, ...]
    current: str = ""
    answers: tuple[str, ...] = ()
    example: str = ""
    agents_md: bytes | None = None


def spec_author() -> Role:
    """The role; the same bytes in every run."""
    return Role(NAME, (LIST, SEARCH, READ, FINISH_SPEC, BLOCKED), render("spec_author", most_questions=MOST_QUESTIONS))


def spec_author_opening(briefing: SpecBriefing) -> Opening:
    """The first user message: the issue with its conversation, and the code from above."""
    test = briefing.found.test
    return Opening(
        render(
            "spec_author_opening",
            agents_md=root_ways(briefing.agents_md),
            title=material("title", one_line(briefing.title, 300), 400),
            issue=material(
                f"issue by {briefing.issue.by}", _shown(briefing.issue.text) or "(no text)", ISSUE_CHARACTERS
            ),
            talk=_talk(briefing.talk),
            tree=material("files", tree_listing(briefing.paths, TREE_CHARACTERS), TREE_CHARACTERS),
            path=one_line(briefing.path),
            test=f"`{test.script}`, because {test.reason}" if test else "",
            scope=", ".join(f"`{pattern}`" for pattern in briefing.found.scope),
            example=material("a spec of this repository", _shown(briefing.example), SPEC_CHARACTERS // 4)
            if briefing.example
            else "",
            current=material("the spec as it stands", _shown(briefing.current), SPEC_CHARACTERS)
            if briefing.current
            else "",
            answers=material("answers", "\n".join(f"- {one}" for one in briefing.answers), 4_000)
            if briefing.answers
            else "",
        )
    )


def again_message(findings: Sequence[Finding]) -> str:
    """What the spec author is told of a spec that the linter refuses, for a `Continuation`."""
    told = [
        f"- line {one.position.line}: {one_line(one.message, 500)} {one_line(one.hint, 300)} ({one.rule})".replace(
            "  ", " "
        )
        for one in findings[:MOST_FINDINGS]
    ]
    return render("spec_author_again", findings=material("findings", "\n".join(told), SPEC_CHARACTERS // 4))


def drafted(outcome: AgentOutcome) -> SpecDraft | None:
    """What was handed in; None when the author ended otherwise."""
    return SPEC_DRAFT.decode(outcome.handed_in) if outcome.handed_in else None


def _talk(remarks: Sequence[Remark]) -> str:
    """The newest that fit, in their order; how many older ones are left out is said."""
    kept: list[str] = []
    left = TALK_CHARACTERS
    for remark in reversed(remarks):
        text = _shown(remark.text)
        if not text.strip():
            continue
        if len(text) > left:
            break
        kept.append(material(f"comment by {remark.by}", text, TALK_CHARACTERS))
        left -= len(text)
    older = len(remarks) - len(kept)
    notice = [f"({older} older or empty comments are not shown)"] if older else []
    return "\n\n".join([*notice, *reversed(kept)])


def _shown(text: str) -> str:
    """The text as GitHub shows it: what Markdown hides is taken out, and that it was is said."""
    plain = text.replace("\r\n", "\n").rstrip("\n") + "\n"  # a last line without an end would not be looked at
    spans = hidden_spans(plain)
    seen = without(plain, spans).strip()
    return f"{seen}\n[{len(spans)} hidden pieces were removed]" if spans else seen
