"""Markdown that the rendered page does not show: HTML comments, declarations, scripts, unused link definitions. Pure.

The block structure comes from the CommonMark parser, so that a `<!--` inside a code block stays what it is: visible text.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.core.specs.blocks import parse_blocks
from bot.core.specs.rules import hygiene
from bot.core.specs.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class HiddenSpan:
    """A hidden piece: offsets into the text, the line it starts on, and what to say about it."""

    start: int
    end: int
    line: int
    rule: Rule
    message: str


_MAY_HIDE = re.compile(r"<[!?sS]|\]:")
"""Cheap test before the careful one: a text without any of these hides nothing."""

_RAW_OPENING = re.compile(r"<!--|<!\[CDATA\[|<!(?=[A-Za-z])|<\?")
_OPENING = re.compile(r"\\.|`+|" + _RAW_OPENING.pattern, re.DOTALL)
_CLOSING = {"<!--": "-->", "<![CDATA[": "]]>", "<!": ">", "<?": "?>"}
_SILENT_ELEMENT = re.compile(r"\s*<(script|style)\b", re.IGNORECASE)
_DEFINITION = re.compile(
    r"[ \t>*+.)0-9-]{0,60}(?P<start>\[)(?P<label>[^\[\]\n]{1,999})\]:[ \t]*\n?[ \t>]*(?P<target><[^<>\n]*>|[^\s<]\S*)[ \t]*"
)
_USED_LABEL = re.compile(r"^[ \t>*+.)0-9-]{0,60}\[[^\[\]]{1,999}\]:|\[([^\[\]]{1,999})\]", re.MULTILINE)
_TITLE_CLOSERS = {'"': '"', "'": "'", "(": ")"}


def hidden_spans(text: str, skip_lines: int = 0) -> tuple[HiddenSpan, ...]:
    """Every hidden piece of a Markdown text, in order, none inside another. The first `skip_lines` lines are no Markdown."""
    if _MAY_HIDE.search(text) is None:
        return ()
    starts = [0]
    starts.extend(match.end() for match in re.finditer("\n", text))
    used = {_label(found) for found in _USED_LABEL.findall(text)}
    spans: list[HiddenSpan] = []
    for token in parse_blocks("\n" * skip_lines + text[starts[skip_lines] :]):
        if token.map is None or token.type not in ("inline", "html_block"):
            continue
        begin = starts[token.map[0]]
        end = starts[min(token.map[1], len(starts) - 1)]
        if token.type == "html_block":
            found = _in_html_block(text, begin, end)
        else:
            found = _in_paragraph(text, begin, end, used)
        for start, stop, rule, message in found:
            spans.append(HiddenSpan(start, stop, bisect_right(starts, start), rule, message))
    return tuple(spans)


def without(text: str, spans: Sequence[HiddenSpan]) -> str:
    """The text without the spans. Line ends and indentation inside them stay, so that every line keeps its number and its container."""
    parts: list[str] = []
    done = 0
    for span in spans:
        parts.append(text[done : span.start])
        parts.extend(_LINE_START.findall(text, span.start, span.end))
        done = span.end
    parts.append(text[done:])
    return "".join(parts)


_Piece = tuple[int, int, Rule, str]


def _in_html_block(text: str, begin: int, end: int) -> Iterator[_Piece]:
    if _SILENT_ELEMENT.match(text, begin, end):
        yield begin, end - 1, hygiene.HIDDEN, "A script or style element does not show; it was removed."
        return
    at = begin
    while (opening := _RAW_OPENING.search(text, at, end)) is not None:
        closing = _CLOSING[opening.group()]
        at = opening.end()
        close = text.find(closing, at, end)
        if close == -1:
            message = "This comment is opened and never closed: it hides all that follows."
            yield opening.start(), end - 1, hygiene.UNCLOSED_COMMENT, message
            return
        at = close + len(closing)
        yield opening.start(), at, hygiene.HIDDEN, _comment_message(at - opening.start())


def _comment_message(length: int) -> str:
    return f"A hidden comment of {length:,} characters was removed."


def _in_paragraph(text: str, begin: int, end: int, used: set[str]) -> Iterator[_Piece]:
    at = begin
    for start, stop, piece in _definitions(text, begin, end, used):
        at = stop
        if piece is not None:
            yield start, stop, hygiene.HIDDEN, piece
    yield from _inline_comments(text, at, end)


def _inline_comments(text: str, begin: int, end: int) -> Iterator[_Piece]:
    """Comments among a paragraph's words, none inside a code span. One pass: what has no end once has none later."""
    ticks = _last_runs(text, begin, end)
    unclosed: set[str] = set()
    at = begin
    while (opening := _OPENING.search(text, at, end)) is not None:
        mark = opening.group()
        at = opening.end()
        if mark.startswith("`"):
            at = _after_code_span(text, opening.start(), at, end, ticks)
            continue
        closing = _CLOSING.get(mark)
        if closing is None or closing in unclosed:
            continue
        close = text.find(closing, at, end)
        if close == -1:
            unclosed.add(closing)
            continue
        at = close + len(closing)
        yield opening.start(), at, hygiene.HIDDEN, _comment_message(at - opening.start())


_LINE_START = re.compile(r"\n[ \t>]*")
_RUN = re.compile("`+")


def _last_runs(text: str, begin: int, end: int) -> dict[int, list[int]]:
    """Where the backtick runs of each length start, in order."""
    runs: dict[int, list[int]] = {}
    for run in _RUN.finditer(text, begin, end):
        runs.setdefault(run.end() - run.start(), []).append(run.start())
    return runs


def _after_code_span(text: str, start: int, after: int, end: int, runs: dict[int, list[int]]) -> int:
    """The end of the code span that opens at `start`; the end of the run when nothing closes it."""
    length = after - start
    starts = runs.get(length, [])
    index = bisect_right(starts, start)
    return starts[index] + length if index < len(starts) else after


def _definitions(text: str, begin: int, end: int, used: set[str]) -> Iterator[tuple[int, int, str | None]]:
    """The link and footnote definitions that open a paragraph: (start, end, message), the message None when a link uses it."""
    unclosed: set[str] = set()
    at = begin
    while (match := _DEFINITION.match(text, at, end)) is not None:
        label = _label(match["label"])
        start = match.start("start")
        if label.startswith("^"):
            if label not in used:
                yield start, end - 1, "A footnote that nothing refers to does not show; it was removed."
            return
        stop = _definition_end(text, match.end(), end, unclosed)
        if stop == -1:
            return
        hidden = f"The link definition `[{label[:40]}]` is used by no link and does not show; it was removed."
        yield start, stop, None if label in used else hidden
        at = min(stop + 1, end)


def _definition_end(text: str, after: int, end: int, unclosed: set[str]) -> int:
    """The offset of the line end that closes a definition with or without a title; -1 when this is no definition."""
    at_line_end = after >= end or text[after] == "\n"
    title = after
    while title < end and text[title] in " \t\n>":
        title += 1
    closer = _TITLE_CLOSERS.get(text[title : title + 1]) if title < end else None
    if closer is not None and closer not in unclosed:
        close = text.find(closer, title + 1, end)
        if close == -1:
            unclosed.add(closer)
        else:
            line_end = text.find("\n", close, end)
            line_end = end if line_end == -1 else line_end
            if not text[close + 1 : line_end].strip():
                return line_end
    return min(after, end) if at_line_end else -1


def _label(text: str) -> str:
    return " ".join(text.split()).casefold()
