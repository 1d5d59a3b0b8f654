"""A spec written in the native format: Markdown that people like to read, and that reads back as the same spec. Pure.

Said are the front matter's keys, the sections, criteria and tasks. Where the model says a text that Markdown would take for markup, it is
written with a backslash in front or in a code block. What cannot be said at all is refused, never bent.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from textwrap import indent

from bot.core.plain_yaml import entry, number, scalar
from bot.core.specs.blocks import outline
from bot.core.specs.formats.commands import kind_word
from bot.core.specs.formats.native import read_native
from bot.core.specs.formats.native_criteria import escaped_opening
from bot.core.specs.formats.native_escapes import escaped_paragraph
from bot.core.specs.formats.native_tasks import escaped_title
from bot.core.specs.formats.sections import Section, nearly_section, section_of
from bot.core.specs.invisible import remove_invisible
from bot.core.specs.model import BudgetWish, Criterion, Position, ProofKind, Severity, Spec, SpecTask
from bot.errors import SpecFault

_RUN = re.compile("`+")
_MAY_HIDE = re.compile(r"<[!?]|^[ >*+.)0-9-]+\[[^\]]*\]:")
"""What the reader may take out of a paragraph as hidden: comments, and definitions of links after what could be the marks of a list."""

_LANGUAGE = "text"
"""The word after the fence of a code block that holds words of a criterion."""

_INDENT = "  "
"""What stands in a list item is indented like its text."""

_NOWHERE = Position("", 1)
_HINT = "Change that value; what no spec file says is not written."


def to_markdown(spec: Spec) -> str:
    """The spec as the text of a file. `read_native(spec.path, …)` reads the same spec from it, without an error.

    "The same" leaves out positions, `digest`, `text`, `files` and `more`, which belong to the file, and what reading derives from the words:
    each criterion's `clause` and `digest`. Raises `SpecFault`, naming the place, for a spec that no native file says.
    """
    text = "\n\n".join(_parts(spec)) + "\n"
    reading = read_native(spec.path, text.encode("utf-8", "replace"))
    error = next((finding for finding in reading.findings if finding.severity is Severity.ERROR), None)
    place = _first_difference(spec, reading.spec) if reading.spec is not None else ""
    if place or error is not None:
        reason = error.message if error is not None else "it would be read as something else."
        raise SpecFault(f"{place or 'this spec'} cannot be written as Markdown: {reason}", hint=_HINT)
    return text


def _parts(spec: Spec) -> Iterator[str]:
    heading = _is_heading(spec.title)
    yield "\n".join(["---", *_front(spec, with_title=not heading), "---"])
    if heading:
        yield f"# {spec.title}"
    yield from _prose("Intent", spec.intent)
    yield from _prose("Context", spec.context)
    yield from _list("Constraints", [_constraint(constraint) for constraint in spec.constraints])
    yield from _list("Acceptance criteria", [_criterion(criterion) for criterion in spec.criteria])
    yield from _list("Tasks", [_task(task) for task in spec.tasks])
    yield from _prose("Out of scope", spec.out_of_scope)


def _is_heading(title: str) -> bool:
    """True when the first heading says the title; else the front matter does."""
    if not _is_one_line(title) or title.endswith("#") or _MAY_HIDE.search(title) or remove_invisible(title)[1]:
        return False
    return section_of(title) is Section.OTHER and not nearly_section(title)


def _front(spec: Spec, *, with_title: bool) -> Iterator[str]:
    if with_title:
        yield f"title: {scalar(spec.title)}"
    yield f"status: {spec.status.value}"
    for key, texts in (("scope", spec.scope), ("keep", tuple(command.script for command in spec.keep))):
        if texts:
            yield from entry(key, texts)
    if spec.budget != BudgetWish():
        wishes = (("usd", spec.budget.usd), ("tokens", spec.budget.tokens), ("minutes", spec.budget.minutes))
        yield f"budget: {{{', '.join(f'{key}: {number(wish)}' for key, wish in wishes if wish is not None)}}}"
    for key, texts in (("depends", spec.depends), ("removes", spec.removes)):
        if texts:
            yield from entry(key, texts)
    if not spec.implement:
        yield "implement: none"


def _prose(heading: str, text: str) -> Iterator[str]:
    """A section of Markdown as it is. A heading in it would end the section unless the section's own heading stands above it."""
    if text:
        inner = min((found.level for found in outline(text).headings), default=3)
        yield f"{'##' if inner > 2 else '#'} {heading}\n\n{text}"


def _list(heading: str, items: Sequence[str]) -> Iterator[str]:
    if items:
        between = "\n\n" if any("\n\n" in item for item in items) else "\n"
        yield f"## {heading}\n\n{between.join(items)}"


def _constraint(text: str) -> str:
    if _is_paragraph(text):
        return f"- {escaped_paragraph(text)}"
    return "- " + "\n".join(_fence(_LANGUAGE, text)).lstrip()


def _criterion(criterion: Criterion) -> str:
    mark = " (accept)" if criterion.kind is ProofKind.ACCEPT else ""
    lines = [f"- **{criterion.criterion_id}**{mark}"]
    for index, (is_code, words) in enumerate(_pieces(criterion.text)):
        if is_code:
            lines += ["", *_fence(_LANGUAGE, words)]
        elif index == 0:
            lines[0] += f" {escaped_opening(words)}"
        else:
            lines += ["", f"  {escaped_paragraph(words)}"]
    lines += [""] if len(lines) > 1 and criterion.commands else []
    for command in criterion.commands:
        lines += _fence(f"sh {kind_word(criterion.kind)}", command.script)
    return "\n".join(lines)


def _pieces(text: str) -> Iterator[tuple[bool, str]]:
    """A text as paragraphs of one line, and as code (True) where only code keeps its blanks, blank lines and characters."""
    lines = text.split("\n")
    code = ["" in lines[max(at - 1, 0) : at + 2] or not _is_paragraph(line) for at, line in enumerate(lines)]
    for is_code, run in groupby(zip(code, lines, strict=True), key=lambda piece: piece[0]):
        words = [line for _, line in run]
        yield from [(True, "\n".join(words))] if is_code else [(False, line) for line in words]


def _is_paragraph(text: str) -> bool:
    return _is_one_line(text) and _MAY_HIDE.search(text) is None


def _is_one_line(text: str) -> bool:
    """True for words with single blanks between them."""
    return bool(text) and " ".join(text.split()) == text


def _fence(info: str, script: str) -> list[str]:
    """A code block inside a list item."""
    ticks = _more_ticks(script, at_least=3)
    return [f"  {ticks}{info}", *(f"  {line}" if line else "" for line in script.split("\n")), f"  {ticks}"]


def _more_ticks(text: str, at_least: int) -> str:
    """More backticks than stand side by side in `text`."""
    longest = max((len(run) for run in _RUN.findall(text)), default=0)
    return "`" * max(longest + 1, at_least)


def _task(task: SpecTask) -> str:
    named = (
        ("owns", [_code_span(pattern) for pattern in task.owns]),
        ("proves", list(task.proves)),
        ("after", list(task.after)),
    )
    details = "; ".join(f"{key}: {', '.join(values)}" for key, values in named if values)
    words = [f"- [{'x' if task.claimed_done else ' '}] **{task.task_id}**", escaped_title(task.title)]
    line = " ".join(filter(None, [*words, f"({details})" if details else ""]))
    return f"{line}\n\n{indent(task.details, _INDENT)}" if task.details else line


def _code_span(text: str) -> str:
    ticks = _more_ticks(text, at_least=1)
    gap = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{gap}{text}{gap}{ticks}"


def _first_difference(wanted: Spec, read: Spec) -> str:
    """The first place where two specs say different things, "" for none."""
    both = zip(_said(wanted), _said(read), strict=False)
    return next((place for (place, mine), (_, theirs) in both if mine != theirs), "")


def _said(spec: Spec) -> Iterator[tuple[str, object]]:
    """What a spec says, by place. The numbers of criteria and tasks come before them, so that no two lists of one kind differ in length."""
    yield "its format", spec.format
    yield "the title", spec.title
    yield "`status`", spec.status
    yield "`scope`", spec.scope
    yield "`keep`", tuple(command.script for command in spec.keep)
    yield "`budget`", spec.budget
    yield "`depends`", spec.depends
    yield "`removes`", spec.removes
    yield "`implement`", spec.implement
    yield "*Intent*", spec.intent
    yield "*Context*", spec.context
    yield "*Constraints*", spec.constraints
    yield "*Out of scope*", spec.out_of_scope
    yield "*Acceptance criteria*", len(spec.criteria)
    yield "*Tasks*", len(spec.tasks)
    for criterion in spec.criteria:
        scripts = tuple(command.script for command in criterion.commands)
        yield criterion.criterion_id, (criterion.name, criterion.text, criterion.kind, scripts)
    for task in spec.tasks:
        yield task.task_id, replace(task, position=_NOWHERE)
