"""From the bytes of a spec file to the text that people see, line by line. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.core.specs.hidden import HiddenSpan, hidden_spans, without
from bot.core.specs.invisible import Kind, Removed, remove_invisible
from bot.core.specs.model import Finding, Fix, Position
from bot.core.specs.rules import hygiene, reading
from bot.core.specs.rules.rule import Rule

MAX_BYTES = 1_048_576
"""One mebibyte, ten times the longest public spec we have seen; the Git port reads no more either."""

MAX_LINES = 10_000
"""Bounds the reading time: Markdown blocks cost time by the line, not by the byte. Less than a second on one core in the worst
case we know (a list of one-line items); the longest public spec that we have seen has a fifth of them."""

MAX_PER_RULE = 20
"""Findings of one hygiene rule in one file; then a count. A file of ten thousand zero-width spaces needs one look, not that many."""

KIND_RULES: Mapping[Kind, Rule] = {
    Kind.BIDI: hygiene.BIDI,
    Kind.INVISIBLE: hygiene.INVISIBLE,
    Kind.CONTROL: hygiene.CONTROL,
}
"""What says that characters of a kind were removed."""

_NOUNS = {
    Kind.BIDI: "bidirectional control character",
    Kind.INVISIBLE: "invisible character",
    Kind.CONTROL: "control character",
}

_LONE_RETURN = re.compile(r"\r(?=[^\r\n])")
"""A carriage return inside of a line. To leave it out would join what is shown on two lines; one before a line end is only left out."""

Files = Mapping[str, bytes]
"""Raw files by path."""


@dataclass(frozen=True, slots=True)
class Source:
    """The visible text of a file. `text` is empty or ends with a line end; `lines` are without theirs and match the file's lines.

    `front` is the number of lines that the front matter takes.
    """

    path: str
    text: str
    lines: tuple[str, ...]
    front: int = 0

    def position(self, line: int, column: int = 1, end_line: int = 0) -> Position:
        """A place in this file, kept inside it."""
        last = max(1, len(self.lines))
        inside = min(max(1, line), last)
        return Position(self.path, inside, max(1, column), min(max(end_line, inside), last))

    def indent(self, line: int) -> int:
        """How many characters of white space open a line."""
        text = self.lines[line - 1]
        return len(text) - len(text.lstrip())

    def last_line(self, line: int, end_line: int) -> int:
        """The last line that is not blank between two, `line` itself when all others are."""
        last = min(end_line, len(self.lines))
        while last > line and not self.lines[last - 1].strip():
            last -= 1
        return last


def open_source(path: str, data: bytes) -> tuple[Source | None, tuple[Finding, ...]]:
    """The visible text, with a finding for all that was removed; None when the file cannot be read at all."""
    if len(data) > MAX_BYTES:
        return None, (
            _whole(path, reading.TOO_LARGE, f"This file has {len(data):,} bytes; a spec has at most {MAX_BYTES:,}."),
        )
    lines = data.count(b"\n") + 1
    if lines > MAX_LINES:
        return None, (
            _whole(path, reading.TOO_LARGE, f"This file has {lines:,} lines; a spec has at most {MAX_LINES:,}."),
        )
    if b"\0" in data:
        position = Position(path, data[: data.index(b"\0")].count(b"\n") + 1)
        return None, (
            reading.NOT_TEXT.finding(position, "A NUL byte: this is no text file.", "Save the file as UTF-8 text."),
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        on_line = before[before.rfind(b"\n") + 1 :].decode("utf-8")
        position = Position(path, before.count(b"\n") + 1, len(on_line) + 1)
        return None, (reading.NOT_TEXT.finding(position, "This byte is not UTF-8 text.", "Save the file as UTF-8."),)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    lone = _LONE_RETURN.search(text)
    if lone is not None:
        position = Position(
            path, text.count("\n", 0, lone.start()) + 1, lone.start() - text.rfind("\n", 0, lone.start())
        )
        message = "A carriage return without a line feed: people see two lines here, where a program reads one."
        return None, (reading.NOT_TEXT.finding(position, message, "Save the file with LF or CRLF line ends."),)
    text, removed = remove_invisible(text)
    if text and not text.endswith("\n"):
        text += "\n"
    front = front_lines(text)
    spans = hidden_spans(text, front)
    text = without(text, spans)
    findings = (*_character_findings(path, removed), *_hidden_findings(path, spans))
    return Source(path, text, tuple(text.split("\n")[:-1]), front), findings


def _whole(path: str, rule: Rule, message: str) -> Finding:
    return rule.finding(Position(path, 1), message, "Split it into several specs.")


def _character_findings(path: str, removed: Iterable[Removed]) -> Iterator[Finding]:
    per_kind: dict[Kind, list[Removed]] = {}
    for one in removed:
        per_kind.setdefault(one.kind, []).append(one)
    for kind, ones in per_kind.items():
        noun = _NOUNS[kind]
        total = sum(one.count for one in ones)
        for one in ones[:MAX_PER_RULE]:
            plural = noun if one.count == 1 else f"{noun}s"
            yield KIND_RULES[kind].finding(
                Position(path, one.line, one.column),
                f"{one.count:,} {plural} on this line ({one.first}), {total:,} in the file; removed before reading.",
                "Delete them in your editor, or let `specbot lint --fix` do it.",
                Fix(characters=True),
            )


def _hidden_findings(path: str, spans: Iterable[HiddenSpan]) -> Iterator[Finding]:
    seen: Counter[str] = Counter()
    for span in spans:
        seen[span.rule.rule_id] += 1
        if seen[span.rule.rule_id] <= MAX_PER_RULE:
            hint = "Write it where people see it, or delete it."
            yield span.rule.finding(Position(path, span.line), span.message, hint)
    more = sum(count - MAX_PER_RULE for count in seen.values() if count > MAX_PER_RULE)
    if more:
        yield hygiene.HIDDEN.finding(Position(path, 1), f"{more:,} more hidden pieces in this file were removed.")


def front_lines(text: str) -> int:
    """How many lines the front matter takes, its two `---` included; 0 without any."""
    if not text.startswith("---"):
        return 0
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return 0
    return next((number for number, line in enumerate(lines[1:], 2) if line.rstrip() in ("---", "...")), 0)
