"""Somebody else's text made inert: it is shown as it is, and does nothing.

Expects text that went through `Redactor.clean` (no secrets, nothing invisible). What comes out may stand anywhere in a comment, a check or
a review: no mention notifies anybody, no line is a command to a bot, nothing closes an issue, no link, image or markup is alive.
"""

import html
import re

from bot.core.visible import visible
from bot.reporting.limits import LINE_CHARS

BREAK = "&#8203;"
"""A zero-width space as GitHub renders it. It parts `@` from a name and `/` from a line's begin, for GitHub as for bots that read raw text."""

_RAW_BREAK = "\u200b"
"""The same inside code, where entities are not read."""

_CODE_SPAN = re.compile(r"(?<![`\\])`([^`\n]*[^`\s\n][^`\n]*)`(?!`)")

_ACTIVE = re.compile(
    r"(?P<named>[&<>])"
    r"|(?P<escaped>[\\`*_\[\]~$|])"
    r"|(?P<reference>@|#(?=[0-9])|\bGH-(?=[0-9]))"
    r"|(?P<address>(?<=[A-Za-z])(?=://)|(?<=\bwww)(?=\.)|(?<=\bjavascript)(?=:)|(?<=\bvbscript)(?=:)|(?<=\bmailto)(?=:)|(?<=\bxmpp)(?=:)"
    r"|(?<=\bdata)(?=:))",
    re.IGNORECASE,
)

_LINE_MARK = re.compile(r"([-+=:#])|(\d{1,9})([.)])|(?=/[A-Za-z])")
"""What would make a line a list, a heading, a rule, or a command."""

_COMMAND_IN_CODE = re.compile(r"^([ \t]*)(?=/[A-Za-z][\w-]*(?:[ \t]|$))", re.MULTILINE)

_INFO = re.compile(r"[^A-Za-z0-9_+-]")

DEEPEST_INDENT = 12
"""Columns of indentation that are kept in quoted prose; more is only a way to push text out of sight."""


def inline(text: str, limit: int = LINE_CHARS) -> str:
    """As one line of prose, at most `limit` characters of the original. Simple code spans stay code."""
    return _prose_line(one_line(text, limit))


def cell(text: str, limit: int = LINE_CHARS) -> str:
    """`inline` for a table's cell, where a pipe counts inside code too."""
    return re.sub(r"(?<!\\)\|", r"\\|", inline(text, limit))


def quote_untrusted(text: str) -> str:
    """As a block quote of prose: paragraphs, line breaks and simple code spans stay, all other markup is shown as it was typed."""
    lines = visible(text).strip("\n").split("\n")
    return "\n".join(f"> {_prose_line(line.rstrip())}".rstrip() for line in lines)


def code(text: str) -> str:
    """As an inline code span on one line, whatever backticks are in it; "" for nothing. Blanks stay as they are: they may count."""
    content = _unbroken(text)
    if not content:
        return ""
    ticks = "`" * (_longest_run(content) + 1)
    pad = " " if content.startswith("`") or content.endswith("`") else ""
    return f"{ticks}{pad}{content}{pad}{ticks}"


def cell_code(text: str, limit: int = LINE_CHARS) -> str:
    """`code` for a table's cell."""
    return code(command_line(text, limit)).replace("|", r"\|")


def command_line(text: str, limit: int = LINE_CHARS) -> str:
    """A script on one line with its blanks as they are, at most `limit` characters, an ellipsis where it was longer."""
    line = _unbroken(text)
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def fence(text: str, info: str = "") -> str:
    """As a fenced block that nothing inside can close."""
    content = _COMMAND_IN_CODE.sub(rf"\1{_RAW_BREAK}", visible(text).rstrip("\n"))
    ticks = "`" * max(3, _longest_run(content) + 1)
    return f"{ticks}{_INFO.sub('', info)}\n{content}\n{ticks}"


def summary_html(text: str) -> str:
    """As one line inside HTML (a `<summary>`), where Markdown does not count: simple code spans become `<code>`."""
    line = one_line(text)
    pieces: list[str] = []
    done = 0
    for span in _CODE_SPAN.finditer(line):
        pieces += [_inert_html(line[done : span.start()]), f"<code>{_inert_html(span[1])}</code>"]
        done = span.end()
    return "".join([*pieces, _inert_html(line[done:])])


def details(summary: str, body: str, *, opened: bool = False) -> str:
    """A folded block. `summary` is HTML (`summary_html`), `body` is Markdown."""
    return f"<details{' open' if opened else ''}>\n<summary>{summary}</summary>\n\n{body}\n\n</details>"


def plain(text: str) -> str:
    """For places that are no Markdown but are read by GitHub (titles, commit messages): mentions and references fall apart."""
    apart = re.sub(
        r"@(?=[A-Za-z0-9_-])|#(?=[0-9])|\bGH-(?=[0-9])", lambda m: m[0] + " ", visible(text), flags=re.IGNORECASE
    )
    return re.sub(r"(?<=[A-Za-z])://", " ://", apart)


def without_code_marks(text: str) -> str:
    """For places that show text as it is (annotations): simple code spans without their backticks."""
    return _CODE_SPAN.sub(r"\1", text)


def one_line(text: str, limit: int = LINE_CHARS) -> str:
    """White space collapsed, at most `limit` characters, an ellipsis where it was longer: cut at a blank, never inside a code span."""
    line = " ".join(visible(text).split())
    return line if len(line) <= limit else _beginning(line, limit)


def _beginning(line: str, limit: int) -> str:
    """A word or a span that begins the line and is longer than the room is cut all the same; the span stays one."""
    blank = line.rfind(" ", 0, limit)
    end = blank if blank > limit // 2 else limit - 1
    span = next((span for span in _CODE_SPAN.finditer(line) if span.start() < end < span.end()), None)
    if span is None:
        beginning = line[:end]
        # Half a run of backticks could close what the whole run does not.
        return (beginning.rstrip("`") if line[end] == "`" else beginning).rstrip() + "…"
    if span.start():
        return line[: span.start()].rstrip() + "…"
    return line[: span.end()] + "…" if span.end() < limit else line[: limit - 2].rstrip() + "…`"


def _unbroken(text: str) -> str:
    return re.sub(r"[\t\n]", " ", visible(text)).strip()


def _prose_line(line: str) -> str:
    words = line.lstrip(" \t")
    indent = len(line[: len(line) - len(words)].expandtabs(4))
    return "&nbsp;" * min(indent, DEEPEST_INDENT) + _without_mark(words)


def _without_mark(line: str) -> str:
    mark = _LINE_MARK.match(line)
    if mark is None:
        return _inert(line)
    if mark[1]:
        return f"\\{mark[1]}{_inert(line[1:])}"
    if mark[2]:
        return f"{mark[2]}\\{mark[3]}{_inert(line[mark.end() :])}"
    return BREAK + _inert(line)


def _inert(line: str) -> str:
    pieces: list[str] = []
    done = 0
    for span in _CODE_SPAN.finditer(line):
        pieces += [_ACTIVE.sub(_disarm, line[done : span.start()]), f"`{span[1]}`"]
        done = span.end()
    return "".join([*pieces, _ACTIVE.sub(_disarm, line[done:])])


def _inert_html(text: str) -> str:
    escaped = html.escape(text, quote=True)
    escaped = re.sub(r"@|(?<!&)#(?=[0-9])|(?<=[A-Za-z])(?=://)|(?<=\bwww)(?=\.)", lambda m: m[0] + BREAK, escaped)
    return escaped.replace("$", "&#36;")


def _disarm(match: re.Match[str]) -> str:
    if match["named"]:
        return html.escape(match["named"])
    if match["escaped"]:
        return f"\\{match['escaped']}"
    return (match["reference"] or "") + BREAK


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall(r"`+", text)), default=0)
