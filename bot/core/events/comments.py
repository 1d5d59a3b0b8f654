"""Commands out of a comment: `/specbot <verb> [words]` or `/orchestrate [words]`, alone on a line that every reader of the comment sees.

The comment is parsed as Markdown. A line counts only in a paragraph at the top level, outside of raw HTML that is still open,
and only when its source is exactly what is shown: no escape, entity, emphasis, link, code or invisible character. Quotes, lists,
headings, tables, footnotes, code and HTML never command anything (threats-and-tests, test 13).
"""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.core.events.hidden import OpenHtml
from bot.core.events.model import TYPED, Verb
from bot.core.visible import visible

COMMANDS_IN_COMMENT = 10
"""More commands in one comment are a paste, not a wish; the rest is not read."""

COMMAND_LENGTH = 500
"""Characters of a command line. The longest honest one names a SHA and a reason; it is shown again in the answer."""

COMMENT_LENGTH = 70_000
"""GitHub's own limit is 65,536 characters; a longer body did not come from its comment box."""

_SLASH = "/specbot"
_ORCHESTRATE = "/orchestrate"
_ANSWER = re.compile(r"[1-9] ?[:=]? ?[a-e]|defaults?", re.IGNORECASE)
_ANSWERS = re.compile(rf"(?:{_ANSWER.pattern})(?:(?:, ?| )(?:{_ANSWER.pattern})){{0,8}}", re.IGNORECASE)
_TYPED = tuple(map(Verb, TYPED))
_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]:")


@dataclass(frozen=True, slots=True)
class Typed:
    """A command as somebody wrote it. `line` counts from 1 in the comment. `nearest` is the verb they may have meant when
    `verb` is UNKNOWN, None when nothing is near."""

    line: int
    verb: Verb
    arguments: tuple[str, ...]
    text: str
    nearest: Verb | None = None


def commands_in(body: str, *, short_commands: bool = False) -> tuple[Typed, ...]:
    """The commands of a comment in their order. `short_commands`: `/retry` counts like `/specbot retry`. Never raises."""
    if len(body) > COMMENT_LENGTH or "/" not in body:
        return ()
    found = (_typed(line, text, short_commands) for line, text in _plain_lines(body))
    return tuple(typed for typed in found if typed is not None)[:COMMANDS_IN_COMMENT]


def answers_in(body: str) -> tuple[Typed, ...]:
    """Lines that hold nothing but answers to numbered questions (`1b 2a`, `1: b`, `defaults`), as one ANSWER; () where there is none.

    Anybody may write `1b` and mean something else: whether there are questions, and whose answers count, is for who carries it out. Never raises.
    """
    if len(body) > COMMENT_LENGTH:
        return ()
    lines = [
        (line, text) for line, text in _plain_lines(body) if len(text) <= COMMAND_LENGTH and _ANSWERS.fullmatch(text)
    ]
    if not lines:
        return ()
    words = tuple(found.lower().replace(" ", "") for _, text in lines for found in _ANSWER.findall(text))
    return (Typed(lines[0][0], Verb.ANSWER, words, " ".join(text for _, text in lines)[:COMMAND_LENGTH]),)


def _typed(line: int, text: str, short_commands: bool) -> Typed | None:
    if len(text) > COMMAND_LENGTH or visible(text) != text:
        return None
    head, *words = text.split()
    if head.lower() == _ORCHESTRATE:
        return Typed(line, Verb.ORCHESTRATE, tuple(words), text)
    if head.lower() == _SLASH:
        verb, arguments = (words[0].lower(), words[1:]) if words else (Verb.HELP.value, [])
    elif short_commands and head.startswith("/") and head[1:].lower() in [known.value for known in _TYPED]:
        verb, arguments = head[1:].lower(), words
    else:
        return None
    known = next((candidate for candidate in _TYPED if candidate.value == verb), None)
    if known is not None:
        return Typed(line, known, tuple(arguments), text)
    near = get_close_matches(verb, [candidate.value for candidate in _TYPED], n=1)
    return Typed(line, Verb.UNKNOWN, tuple(arguments), text, Verb(near[0]) if near else None)


def _plain_lines(body: str) -> Iterator[tuple[int, str]]:
    """The lines of top-level paragraphs that are shown exactly as they are written, with their numbers from 1."""
    # Built anew each time: a parser is cheap beside a webhook, and nothing is shared between threads.
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(body)
    html = OpenHtml()
    for index, token in enumerate(tokens):
        if token.type == "html_block":
            html.feed(token.content)
        elif token.type == "inline":
            hidden = html.is_open
            for child in token.children or ():
                if child.type == "html_inline":
                    html.feed(child.content)
                    hidden = True
            opener = tokens[index - 1]
            if opener.type == "paragraph_open" and opener.level == 0 and not hidden:
                yield from _shown_as_written(token)


def _shown_as_written(paragraph: Token) -> Iterator[tuple[int, str]]:
    if "$$" in paragraph.content or _FOOTNOTE.search(paragraph.content):
        return  # GitHub shows these as formulas and footnotes, which the parser does not know
    first = (paragraph.map or [0])[0] + 1
    places: dict[str, deque[int]] = {}
    for place, line in enumerate(paragraph.content.split("\n")):
        places.setdefault(line.strip(), deque()).append(place)
    cursor = -1
    for shown in _pure_lines(paragraph.children or ()):
        left = places.get(shown, deque())
        while left and left[0] <= cursor:
            left.popleft()
        if left:
            cursor = left.popleft()
            if shown:
                yield first + cursor, shown


def _pure_lines(children: Sequence[Token]) -> Iterator[str]:
    """The lines of a paragraph that consist of nothing but text at the paragraph's own level."""
    line, pure = "", True
    for child in children:
        if child.type in ("softbreak", "hardbreak") and child.level == 0:
            if pure:
                yield line.strip()
            line, pure = "", True
        elif child.type == "text" and child.level == 0:
            line += child.content
        else:
            pure = False
    if pure:
        yield line.strip()


def is_short(text: str) -> bool:
    """Whether a command was written in its short form, which counts only where the configuration allows it."""
    return text.startswith("/") and text.split(maxsplit=1)[0].lower() not in (_SLASH, _ORCHESTRATE)


def added(before: str, body: str) -> tuple[Typed, ...]:
    """The commands that an edit brought into a comment."""
    known = {typed.text for typed in commands_in(before)}
    return tuple(typed for typed in commands_in(body) if typed.text not in known)
