r"""Tasks of a native spec: `- [ ] **T-1** title (owns: `src/**`; proves: AC-1, AC-2; after: T-2)`. Pure.

A title that itself holds `(after: …)` writes it `\(after: …)`.
"""

import re
from bisect import bisect_right
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from textwrap import dedent

from bot.core.specs.blocks import Item, Outline
from bot.core.specs.formats.fixes import bold_id, other_key
from bot.core.specs.formats.labels import Label, is_id, misshapen_id, nearly_labelled, read_label
from bot.core.specs.formats.loose_details import loose_details, place_of_words
from bot.core.specs.formats.native_lost import CLASSIC_TASK, lost_tasks
from bot.core.specs.formats.sections import Section, Sections
from bot.core.specs.model import Finding, SpecTask
from bot.core.specs.rules import reading
from bot.core.specs.source import Source
from bot.core.spelling import surely_meant
from bot.ids import CriterionId, TaskId

_KEYS = ("owns", "proves", "after")
_OPENING = re.compile(r"(?<!\\)\(\s*([A-Za-z]{2,12})\s*:")
_ESCAPED_OPENING = re.compile(r"\\(?=\(\s*[A-Za-z]{2,12}\s*:)")
_IN_TITLE = re.compile(r"(\\?)\(\s*([A-Za-z]{2,12})\s*:")
_CLAUSE = re.compile(r"\s*([A-Za-z]{2,12})\s*:(.*)", re.DOTALL)
_TICKS = re.compile("`+")
_ID_INSIDE = re.compile(r"[A-Za-z]{1,12}-[0-9]{1,6}(?![0-9A-Za-z])")
_RANGE = re.compile(r"[0-9]\s*(?:\.{2,3}|…|[-–—]|to|bis|through)\s*[A-Za-z]", re.IGNORECASE)
_NO_HYPHEN = re.compile(r"([A-Za-z]{1,12})[ _]?([0-9]{1,6})")
_QUOTES = "\"'“”„‘’"

MAX_SPELLED = 9
"""Steps of a range that a hint spells out."""

MAX_PARENTHESES = 50
"""How many opening parentheses with an unknown key are looked at for a typing mistake in one task; a title has one or two."""

MAX_PLACED = 20
"""Faults of one task whose own place is looked for; the others stand where the task does."""

MAX_FIXED = 6
"""Misspelt keys of one task for which a fix is looked for, twice the keys there are; each look goes through the task's text."""


@dataclass(frozen=True, slots=True)
class TasksReading:
    tasks: tuple[SpecTask, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Fault:
    """What is wrong with a task's parentheses. `at` are the words in question; `key` is the word that is no key, `meant` the key that it plainly
    stands for."""

    message: str
    hint: str
    key: str = ""
    meant: str = ""
    at: str = ""


@dataclass(slots=True)
class _Details:
    """The parentheses of a task, taken apart. `written` is the title as it stands there."""

    written: str
    values: dict[str, list[str]] = field(default_factory=dict)
    faults: list[_Fault] = field(default_factory=list)

    @property
    def title(self) -> str:
        return _title(self.written)


def read_tasks(source: Source, outline: Outline, sections: Sections) -> TasksReading:
    """The tasks in the order of the file. Items without an id are prose, and said so."""
    tasks: list[SpecTask] = []
    findings: list[Finding] = []
    first: dict[str, int] = {}
    items = [item for item in outline.items if item.depth == 1 and sections.at(item.line) is Section.TASKS]
    labels = [read_label(item.first_text.content) if item.first_text is not None else None for item in items]
    prefixes = {CLASSIC_TASK, *(label.prefix for label in labels if label is not None)}
    ids = frozenset(label.item_id for label in labels if label is not None)
    for item, label in zip(items, labels, strict=True):
        if label is None:
            position = source.position(item.line, 1, item.end_line)
            message = "This item has no id, so it is not read as a task."
            hint = _id_hint(item, prefixes)
            findings.append(reading.NO_TASK_ID.finding(position, message, hint, bold_id(source, item, prefixes)))
            continue
        task, details = _task(source, item, label)
        for number, fault in enumerate(details.faults):
            sure = fault.meant and number < MAX_FIXED
            fix = other_key(source, item, fault.key, fault.meant) if sure else None
            words = fault.at or fault.key if number < MAX_PLACED else ""
            place = place_of_words(source, item, words, task.position)
            findings.append(reading.BAD_TASK_DETAILS.finding(place, fault.message, fault.hint, fix))
        findings.extend(loose_details(source, item, details.written, task, ids))
        known = first.setdefault(label.item_id, item.line)
        if known != item.line:
            message = f"{label.item_id} stands on line {known} already."
            findings.append(reading.DUPLICATE_ID.finding(task.position, message, "Give one of them another number."))
        tasks.append(task)
    findings.extend(lost_tasks(source, outline, sections, tasks))
    return TasksReading(tuple(tasks), tuple(findings))


def _id_hint(item: Item, prefixes: Container[str]) -> str:
    text = item.first_text.content if item.first_text is not None else ""
    plain = nearly_labelled(text) or misshapen_id(text, prefixes)
    if plain:
        return f"Write the box as `[ ]` or `[x]`, then the bold id alone: `- [ ] **{plain}** …`."
    return "Start it with a bold id, for example `**T-1**`; what is no task goes into a paragraph."


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
        return _Details(text)
    details = _Details(text[:opening])
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
            message = f"`{_short(clause)}` is no `key: values`."
            details.faults.append(
                _Fault(message, f"Keys: {', '.join(_KEYS)}; values are parted with commas.", at=clause.strip())
            )
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
    parts = _split(found.group(2), ",")
    values: list[str] = []
    for part in parts:
        fault = _odd_value(part, is_path=key == "owns")
        details.faults.extend([fault] if fault is not None else ())
        values.extend([_bare(part)] if fault is None and _bare(part) else ())
    if not values and not details.faults:
        details.faults.append(
            _Fault(f"`{key}:` names nothing.", "Name something or remove the key.", at=found.group(1))
        )
    details.values[key] = values


def _odd_value(part: str, *, is_path: bool) -> _Fault | None:
    """What is wrong with one value, as it stands between the commas; None for nothing."""
    value = part.strip()
    other = _CLAUSE.match(value)
    if not value:
        return None
    if other is not None and other.group(1).lower() in _KEYS:
        return _Fault(f"`{other.group(1)}:` stands behind a comma.", "Part the keys with `;`.", at=value)
    if not is_path:
        return None if is_id(_bare(part)) else _Fault(f"`{_short(_bare(part))}` is no id.", _id_advice(value), at=value)
    pieces = [(piece, quoted) for piece, quoted in _pieces(value) if piece.strip()]
    if (any(quoted for _, quoted in pieces) and len(pieces) > 1) or (value[0] in _QUOTES and value[-1] in _QUOTES):
        hint = "Write each pattern in backticks of its own, with commas between them."
        return _Fault(f"`{_short(value.replace('`', ''))}` is not one pattern.", hint, at=value)
    return None


def _id_advice(value: str) -> str:
    """How a reference is written that is no id."""
    found = _ID_INSIDE.findall(value)
    if len(found) > 1 and _RANGE.search(value):
        return f"Name each of them: {_spelled(*found[:2])}."
    if len(found) > 1:
        return f"Part them with commas: {', '.join(found[:5])}."
    if found:
        return f"Write it plain, and name ids of this spec only: {found[0]}."
    missing = _NO_HYPHEN.fullmatch(value.strip("`*_# "))
    return (
        f"Did you mean {missing[1].upper()}-{missing[2]}?" if missing else "Name each one. Ids look like AC-1 or T-2."
    )


def _spelled(first: str, last: str) -> str:
    """The ids from one to another, as far as they are a few of one prefix."""
    prefix, _, start = first.partition("-")
    other, _, end = last.partition("-")
    if prefix != other or not (start.isdigit() and end.isdigit() and 0 < int(end) - int(start) <= MAX_SPELLED):
        return f"{first}, …, {last}"
    return ", ".join(f"{prefix}-{number:0{len(start)}}" for number in range(int(start), int(end) + 1))


def _split(text: str, separator: str) -> Sequence[str]:
    """Split outside of backticks."""
    if "`" not in text:
        return text.split(separator)
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
