r"""Tasks of a native spec: `- [ ] **T-1** title (owns: `src/**`; proves: AC-1, AC-2; after: T-2)`. Pure.

A title that itself holds `(after: …)` writes it `\(after: …)`.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from textwrap import dedent

from bot.core.specs.blocks import Item, Outline
from bot.core.specs.formats.fixes import bold_id, other_key
from bot.core.specs.formats.labels import Label, is_id, read_label
from bot.core.specs.formats.sections import Section, Sections
from bot.core.specs.model import Finding, SpecTask
from bot.core.specs.rules import reading
from bot.core.specs.source import Source
from bot.core.spelling import surely_meant
from bot.ids import CriterionId, TaskId

_KEYS = ("owns", "proves", "after")
_CLASSIC_PREFIX = "T"
_OPENING = re.compile(r"(?<!\\)\(\s*([A-Za-z]{2,12})\s*:")
_ESCAPED_OPENING = re.compile(r"\\(?=\(\s*[A-Za-z]{2,12}\s*:)")
_IN_TITLE = re.compile(r"(\\?)\(\s*([A-Za-z]{2,12})\s*:")
_CLAUSE = re.compile(r"\s*([A-Za-z]{2,12})\s*:(.*)", re.DOTALL)
_TICKS = re.compile("`+")

MAX_PARENTHESES = 50
"""How many opening parentheses with an unknown key are looked at for a typing mistake in one task; a title has one or two."""

MAX_FIXED = 6
"""Misspelt keys of one task for which a fix is looked for, twice the keys there are; each look goes through the task's text."""


@dataclass(frozen=True, slots=True)
class TasksReading:
    tasks: tuple[SpecTask, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Fault:
    """What is wrong with a task's parentheses. `key` is the word that is no key, `meant` the key that it plainly stands for."""

    message: str
    hint: str
    key: str = ""
    meant: str = ""


@dataclass(slots=True)
class _Details:
    """The parentheses of a task, taken apart."""

    title: str
    values: dict[str, list[str]] = field(default_factory=dict)
    faults: list[_Fault] = field(default_factory=list)


def read_tasks(source: Source, outline: Outline, sections: Sections) -> TasksReading:
    """The tasks in the order of the file. Items without an id are prose, and said so."""
    tasks: list[SpecTask] = []
    findings: list[Finding] = []
    first: dict[str, int] = {}
    items = [item for item in outline.items if item.depth == 1 and sections.at(item.line) is Section.TASKS]
    labels = [read_label(item.first_text.content) if item.first_text is not None else None for item in items]
    prefixes = {_CLASSIC_PREFIX, *(label.prefix for label in labels if label is not None)}
    for item, label in zip(items, labels, strict=True):
        if label is None:
            position = source.position(item.line, 1, item.end_line)
            message = "This item has no id, so it is not read as a task."
            hint = "Start it with a bold id, for example `**T-1**`."
            findings.append(reading.NO_TASK_ID.finding(position, message, hint, bold_id(source, item, prefixes)))
            continue
        task, details = _task(source, item, label)
        for number, fault in enumerate(details.faults):
            sure = fault.meant and number < MAX_FIXED
            fix = other_key(source, item, fault.key, fault.meant) if sure else None
            findings.append(reading.BAD_TASK_DETAILS.finding(task.position, fault.message, fault.hint, fix))
        known = first.setdefault(label.item_id, item.line)
        if known != item.line:
            message = f"{label.item_id} stands on line {known} already."
            findings.append(reading.DUPLICATE_ID.finding(task.position, message, "Give one of them another number."))
        tasks.append(task)
    return TasksReading(tuple(tasks), tuple(findings))


def _task(source: Source, item: Item, label: Label) -> tuple[SpecTask, _Details]:
    details = _details(" ".join(line.strip() for line in label.rest.split("\n")).strip())
    task = SpecTask(
        task_id=TaskId(label.item_id),
        title=details.title,
        owns=tuple(details.values.get("owns", ())),
        proves=tuple(CriterionId(value.upper()) for value in details.values.get("proves", ())),
        after=tuple(TaskId(value.upper()) for value in details.values.get("after", ())),
        claimed_done=bool(label.ticked),
        position=source.position(item.line, 1, source.last_line(item.line, item.end_line)),
        details=_below(source, item),
    )
    return task, details


def _below(source: Source, item: Item) -> str:
    """What stands in the item under its first paragraph, as it was written but for the indentation that all of it has."""
    first = item.first_text
    end = source.last_line(item.line, item.end_line)
    lines = source.lines[first.end_line : end] if first is not None else ()
    return dedent("\n".join(lines)).strip("\n")


def _details(text: str) -> _Details:
    """The title and the details in the last parentheses that open with a key; other parentheses belong to the title."""
    opening = _details_start(text)
    if opening == -1:
        return _Details(_title(text))
    details = _Details(_title(text[:opening]))
    for clause in _split(text[opening + 1 : -1], ";"):
        _read_clause(clause, details)
    return details


def _title(text: str) -> str:
    return _ESCAPED_OPENING.sub("", " ".join(text.split()))


def escaped_title(title: str) -> str:
    """`title`, one line, as it is written after a task's id: with a backslash where it would be read as details."""

    def written(found: re.Match[str]) -> str:
        return f"\\{found.group()}" if found.group(1) or _nearly_a_key(found.group(2)) else found.group()

    return _IN_TITLE.sub(written, title)


def _nearly_a_key(word: str) -> bool:
    return word.lower() in _KEYS or bool(get_close_matches(word.lower(), _KEYS, n=1, cutoff=0.6))


def _details_start(text: str) -> int:
    """Where the details open: the first `(key:` with a known or nearly known key; -1 when the text does not end in such parentheses."""
    if not text.endswith(")"):
        return -1
    for count, match in enumerate(_OPENING.finditer(text)):
        key = match.group(1)
        if key.lower() in _KEYS or (count < MAX_PARENTHESES and _nearly_a_key(key)):
            return match.start()
    return -1


def _read_clause(clause: str, details: _Details) -> None:
    found = _CLAUSE.match(clause)
    if found is None:
        if clause.strip():
            details.faults.append(_Fault(f"`{_short(clause)}` is no `key: values`.", f"Keys: {', '.join(_KEYS)}."))
        return
    key = found.group(1).lower()
    if key not in _KEYS:
        near = get_close_matches(key, _KEYS, n=1, cutoff=0.6)
        hint = f"Did you mean `{near[0]}`?" if near else f"Keys: {', '.join(_KEYS)}."
        sure = surely_meant(key, _KEYS)
        meant = sure if sure not in details.values else ""
        details.faults.append(_Fault(f"Unknown key `{key}`.", hint, found.group(1), meant))
        return
    if key in details.values:
        details.faults.append(_Fault(f"The key `{key}` stands here twice.", "Join its values with commas."))
        return
    values = [value for value in (_bare(part) for part in _split(found.group(2), ",")) if value]
    if not values:
        details.faults.append(_Fault(f"`{key}:` names nothing.", "Name something or remove the key."))
    if key != "owns":
        wrong = [value for value in values if not is_id(value)]
        details.faults.extend(_Fault(f"`{_short(value)}` is no id.", "Ids look like AC-1 or T-2.") for value in wrong)
        values = [value for value in values if is_id(value)]
    details.values[key] = values


def _split(text: str, separator: str) -> Sequence[str]:
    """Split outside of backticks."""
    parts = [""]
    for piece, quoted in _pieces(text):
        if quoted:
            parts[-1] += piece
        else:
            first, *more = piece.split(separator)
            parts[-1] += first
            parts.extend(more)
    return parts


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The text cut into code spans (True) and what stands between: as many backticks close one as have opened it."""
    runs: dict[int, list[int]] = {}
    for run in _TICKS.finditer(text):
        runs.setdefault(len(run.group()), []).append(run.start())
    at = 0
    for run in _TICKS.finditer(text):
        starts = runs[len(run.group())]
        closing = bisect_right(starts, run.start())
        if run.start() < at or closing == len(starts):
            continue
        yield text[at : run.start()], False
        at = starts[closing] + len(run.group())
        yield text[run.start() : at], True
    yield text[at:], False


def _bare(text: str) -> str:
    """A value without the backticks around it."""
    value = text.strip()
    inside = value.strip("`")
    ticks = len(value) - len(value.lstrip("`"))
    whole = ticks > 0 and (not inside or len(value) - len(inside) == 2 * ticks)
    return inside.strip() if whole else value


def _short(text: str) -> str:
    one_line = text.strip()
    return one_line if len(one_line) <= 40 else f"{one_line[:39]}…"
